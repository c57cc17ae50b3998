/* Waits for ever while it is loaded, without computing. */
#include <unistd.h>
#include "twin.h"

__attribute__((constructor)) static void at_load(void) {
    for (;;) sleep(1000);
}
