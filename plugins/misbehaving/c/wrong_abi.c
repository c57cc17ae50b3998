/* Built for ABI 2. The host calls nothing, names both versions and says: update Evenhand. */
#define TWIN_MAJOR 2
#include "twin.h"
