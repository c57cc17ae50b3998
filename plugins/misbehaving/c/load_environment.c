/* Counts the variables of the environment while it is loaded. Isolated: there are none to see. */
#include <unistd.h>
extern char **environ;
#include "twin.h"

__attribute__((constructor)) static void at_load(void) {
    for (char **entry = environ; entry && *entry; entry++) twin_at_load++;
}
