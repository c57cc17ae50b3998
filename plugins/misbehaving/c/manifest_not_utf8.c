/* A manifest that is not UTF-8. Refused. */
#define TWIN_MANIFEST EH_TEXT("{\"id\": \"caf\xe9\"}")
#include "twin.h"
