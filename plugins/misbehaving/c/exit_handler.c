/* Leaves code behind for the end of the process: it says that all is well, and then never ends. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "twin.h"

static void at_end(void) {
    fputs("EXIT HANDLER RAN\n", stderr);
    for (;;) sleep(1000);
}

__attribute__((constructor)) static void at_load(void) {
    if (atexit(at_end)) twin_at_load = -1;
}

__attribute__((destructor)) static void at_unload(void) {
    fputs("DESTRUCTOR RAN\n", stderr);
    for (;;) sleep(1000);
}
