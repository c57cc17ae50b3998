/* No table. Refused. */
#define TWIN_TABLE ((const void *)0)
#include "twin.h"
