/* The manifest provides facts, the table has no `run`. Refused, or deriving is an error; never a crash. */
#define TWIN_RUN 0
#include "twin.h"
