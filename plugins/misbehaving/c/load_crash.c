/* Writes to an address where nothing is while it is loaded. Isolated: the worker dies, the host says so. */
#include "twin.h"

__attribute__((constructor)) static void at_load(void) {
    *(volatile char *)(size_t)8 = 1;
}
