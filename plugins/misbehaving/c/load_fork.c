/* Forks while it is loaded. Isolated: refused. */
#include <errno.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>
#include "twin.h"

__attribute__((constructor)) static void at_load(void) {
    pid_t process = fork();
    if (process == 0) _exit(0);
    if (process > 0) waitpid(process, 0, 0);
    twin_at_load = process > 0 ? process : -errno;
}
