/* Answers with files: whatever a test wants a host to be told. */
#include "evenhand_plugin.h"

#define FILE_AS(name, file)                                                                                            \
    __asm__(".section .rodata\n.hidden " #name "\n.hidden " #name "_end\n.global " #name "\n.global " #name "_end\n"   \
            #name ":\n.incbin \"" FOLDER "/" file "\"\n" #name "_end:\n.previous\n");                                  \
    extern const uint8_t name[], name##_end[];

FILE_AS(manifest, "plugin.json")
FILE_AS(derived, "derive.json")
FILE_AS(assessed, "assess.json")

struct eh_instance {
    char none;
};

static eh_status create(const eh_host *host, eh_slice settings, eh_instance **out, const eh_sink *err) {
    static eh_instance the_one;
    (void)host, (void)settings, (void)err;
    *out = &the_one;
    return EH_OK;
}

static void destroy(eh_instance *self) { (void)self; }

static eh_status say(const eh_sink *out, const uint8_t *from, const uint8_t *to) {
    return out->write(out->ctx, from, (size_t)(to - from)) ? EH_LIMIT : EH_OK;
}

static eh_status run(eh_instance *self, uint32_t operation, eh_slice input, const eh_sink *out) {
    (void)self, (void)input;
    return operation == EH_DERIVE ? say(out, derived, derived_end) : say(out, assessed, assessed_end);
}

static eh_plugin table = {EH_MAGIC, EH_ABI_MAJOR, EH_ABI_MINOR, sizeof(eh_plugin), {0, 0}, create, destroy, 0, run};

EH_EXPORT const eh_plugin *evenhand_flood_v1(void);
EH_EXPORT const eh_plugin *evenhand_flood_v1(void) {
    table.manifest.ptr = manifest;
    table.manifest.len = (size_t)(manifest_end - manifest);
    return &table;
}
