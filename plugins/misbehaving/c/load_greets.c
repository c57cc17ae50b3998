/* Sends the worker's own greeting while it is loaded, to be taken for ready, and answers the host itself from there: every
 * reply is whether a file could be opened. */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include "twin.h"

static int try_to_get_out(void) {
    return open("/etc/passwd", O_RDONLY) >= 0 || openat(AT_FDCWD, "/etc/hostname", O_RDONLY) >= 0;
}

/* A message of the kind `kind` with one byte, or none. */
static void say(unsigned char kind, int length, unsigned char byte) {
    unsigned char message[6] = {(unsigned char)length, 0, 0, 0, kind, byte};
    for (int fd = 3; fd < 8; fd++)
        if (write(fd, message, 5 + length) < 0) continue;
}

__attribute__((constructor)) static void at_load(void) {
    say(64, 1, 3);
    say(65, 0, 0);
    say(65, 1, 3);
    for (unsigned char request[256];;) {
        for (int fd = 3; fd < 8; fd++) {
            if (read(fd, request, sizeof request) <= 0) continue;
            unsigned char reply[5 + 29] = {29, 0, 0, 0, 67, 1};
            reply[5 + 8 + 5] = EH_I64;
            reply[5 + 8 + 9] = (unsigned char)(40 + try_to_get_out());
            if (write(fd == 3 ? 4 : 3, reply, sizeof reply) < 0) continue;
        }
    }
}
