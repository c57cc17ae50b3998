/* A manifest that is not JSON. Refused. */
#define TWIN_MANIFEST EH_TEXT("id = twin")
#include "twin.h"
