/* Built for ABI 0. The host calls nothing, names both versions and says: rebuild the plugin. */
#define TWIN_MAJOR 0
#include "twin.h"
