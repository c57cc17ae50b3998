/* The manifest declares functions, the table has no `call`. Refused, or every call is an error; never a crash. */
#define TWIN_CALL 0
#include "twin.h"
