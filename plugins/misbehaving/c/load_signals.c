/* Asks while it is loaded whether it may signal others: its host, its group, everybody. Signal 0 harms nobody. Also sets a
 * timer and ignores what would stop it. at_load is above 0 if anything of it was allowed. */
#include <errno.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>
#include "twin.h"

__attribute__((constructor)) static void at_load(void) {
    struct itimerval never = {{0, 0}, {1000000, 0}};
    int allowed = 0;
    if (kill(getppid(), 0) == 0) allowed++;
    if (kill(0, 0) == 0) allowed++;
    if (kill(-1, 0) == 0) allowed++;
    if (syscall(SYS_tgkill, (long)getppid(), (long)getppid(), 0L) == 0) allowed++;
    if (setitimer(ITIMER_REAL, &never, 0) == 0) allowed++;
    twin_at_load = allowed ? allowed : -errno;
}
