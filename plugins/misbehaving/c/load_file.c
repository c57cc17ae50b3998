/* Makes the file TARGET while it is loaded. Isolated: refused, and there is no such file. */
#include <errno.h>
#include <fcntl.h>
#include "twin.h"

__attribute__((constructor)) static void at_load(void) {
    int descriptor = open(TARGET, O_WRONLY | O_CREAT | O_EXCL, 0600);
    twin_at_load = descriptor >= 0 ? descriptor : -errno;
}
