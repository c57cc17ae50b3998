/* Behaves well. The host loads it, and everything works. */
#include "twin.h"
