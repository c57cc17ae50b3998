/* Opens a socket while it is loaded, before anything can be checked. Isolated: refused. */
#include <errno.h>
#include <sys/socket.h>
#include "twin.h"

__attribute__((constructor)) static void at_load(void) {
    int descriptor = socket(AF_INET, SOCK_STREAM, 0);
    twin_at_load = descriptor >= 0 ? descriptor : -errno;
}
