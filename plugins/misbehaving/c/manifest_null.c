/* The manifest's length without its address. Refused. */
#define TWIN_MANIFEST {0, 512}
#include "twin.h"
