/* Exports nothing. The host says which symbols it looked for. */
#define TWIN_NO_ENTRY
#include "twin.h"
EH_EXPORT int something_else(void);
EH_EXPORT int something_else(void) { return TWIN.struct_size > 0; }
