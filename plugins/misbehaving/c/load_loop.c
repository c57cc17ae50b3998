/* Never finishes loading. Isolated: the worker is killed at the time limit. */
#include "twin.h"

__attribute__((constructor)) static void at_load(void) {
    for (volatile int turn = 0;; turn = !turn) continue;
}
