/* Linked against a library beyond libc, libm and libgcc_s, which no digest of this file covers. Refused before loading. */
#include "twin.h"
