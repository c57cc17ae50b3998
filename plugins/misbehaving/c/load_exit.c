/* Ends the process with success while it is loaded. Isolated: an error, never a success. */
#include "twin.h"

__attribute__((constructor)) static void at_load(void) {
    exit(0);
}
