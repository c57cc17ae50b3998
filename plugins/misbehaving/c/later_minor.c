/* Behaves well, and was built for a later minor version: a longer table. The host uses what it knows of it. */
#define TWIN_OWN_TABLE
#define TWIN_TABLE &LATER
#include "evenhand_plugin.h"
struct later {
    eh_plugin table;
    void (*more[3])(void);
};
static const struct later LATER;
#include "twin.h"
static const struct later LATER = {
    {EH_MAGIC, EH_ABI_MAJOR, EH_ABI_MINOR + 7, sizeof(struct later), TWIN_MANIFEST, twin_create, twin_destroy, twin_call, twin_run},
    {0, 0, 0}};
