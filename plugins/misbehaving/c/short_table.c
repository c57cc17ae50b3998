/* A table that ends before its functions. The host reads no further than it is long, and refuses. */
#define TWIN_OWN_TABLE
#define TWIN_TABLE &SHORT
#include "evenhand_plugin.h"
static const struct {
    uint32_t magic;
    uint16_t abi_major, abi_minor;
    uint64_t struct_size;
} SHORT = {EH_MAGIC, EH_ABI_MAJOR, EH_ABI_MINOR, sizeof SHORT};
#include "twin.h"
