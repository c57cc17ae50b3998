/* A table that begins with something else. The host calls nothing and says that it is no plugin. */
#define TWIN_MAGIC 0x45564831u
#include "twin.h"
