/* Opens files in every way there is while it is loaded, its own library by other names too. at_load is how many could be
 * opened, or looked at. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "twin.h"

__attribute__((constructor)) static void at_load(void) {
    struct stat about;
    int found = 0;
    found += open("/etc/passwd", O_RDONLY) >= 0;
    found += open("/proc/self/environ", O_RDONLY) >= 0;
    found += open("/proc/self/mem", O_RDWR) >= 0;
    found += open("/proc/self/fd/2", O_WRONLY) >= 0;
    found += open(".", O_RDONLY | O_DIRECTORY) >= 0;
    found += open("/dev/tty", O_RDWR) >= 0;
    found += open(TARGET, O_CREAT | O_WRONLY, 0600) >= 0;
    found += openat(AT_FDCWD, "/etc/passwd", O_RDONLY) >= 0;
    found += stat("/etc/passwd", &about) == 0;
    found += lstat("/", &about) == 0;
    found += access("/etc/passwd", R_OK) == 0;
#ifdef SYS_open
    found += syscall(SYS_open, "/etc/passwd", O_RDONLY) >= 0;
#endif
#ifdef SYS_openat2
    found += syscall(SYS_openat2, AT_FDCWD, "/etc/passwd", 0, 0) >= 0;
#endif
#ifdef SYS_execve
    found += syscall(SYS_execve, "/bin/true", 0, 0) >= 0;
#endif
    FILE *file = fopen("/etc/passwd", "r");
    found += file != 0;
    twin_at_load = found;
}
