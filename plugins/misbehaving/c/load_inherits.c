/* Looks for what it could have inherited: descriptors of files, connections and terminals, pipes beyond the worker's two, a
 * terminal, signals that are ignored or held back. at_load is minus nothing: 0 if there is nothing, else how much, and it
 * writes into whatever it found. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>
#include "twin.h"

__attribute__((constructor)) static void at_load(void) {
    int found = 0, pipes = 0, unlinked = 0;
    for (int fd = 3; fd < 1024; fd++) {
        struct stat about;
        if (fstat(fd, &about)) continue;
        if (S_ISFIFO(about.st_mode)) {
            pipes++;
            continue;
        }
        if (S_ISREG(about.st_mode) && about.st_nlink == 0) {
            unlinked++; /* one is the library itself */
            continue;
        }
        found++;
        if (write(fd, "leak", 4) < 0) continue;
    }
    if (pipes > 2) found += pipes - 2;
    if (unlinked > 1) found += unlinked - 1;
    for (int signal = 1; signal < 32; signal++) {
        struct sigaction action;
        if (signal == SIGPIPE || sigaction(signal, 0, &action)) continue;
        if (action.sa_handler == SIG_IGN) found++;
    }
    sigset_t held;
    if (sigprocmask(SIG_BLOCK, 0, &held) == 0)
        for (int signal = 1; signal < 32; signal++) found += sigismember(&held, signal) == 1;
    if (open("/dev/tty", O_RDWR) >= 0) found++;
    twin_at_load = found;
}
