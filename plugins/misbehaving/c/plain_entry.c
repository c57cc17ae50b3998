/* Behaves well, under the entry symbol without an id. The host finds it as its second choice. */
#define TWIN_ENTRY evenhand_plugin_v1
#include "twin.h"
