/* Linked with an RPATH: the loader would look for libraries where somebody else may write. Refused before loading. */
#include "twin.h"
