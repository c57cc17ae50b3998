/* A table without `create`. Refused. */
#define TWIN_CREATE 0
#include "twin.h"
