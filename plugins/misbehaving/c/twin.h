/* A small well-behaved plugin in C. Each twin defines what it wants otherwise, and then includes this. */
#ifndef TWIN_H
#define TWIN_H

#include "evenhand_plugin.h"
#include <stdlib.h>
#include <string.h>

/* Byte for byte plugin.json; a test compares them. */
#define TWIN_PLUGIN_JSON \
    "{\"manifest_version\": 1, \"id\": \"twin\", \"title\": \"Twin\", \"version\": \"0.1.0\", \"abi\": \"1.0\"," \
    " \"engine\": \">=0.1, <0.2\", \"licence\": \"MIT OR Apache-2.0\", \"about\": \"A test fixture in C." \
    "\", \"reads\": [\"/weeks\"], \"provides\": {\"type\": \"object\", \"additionalProperties\": false, \"p" \
    "roperties\": {\"seen\": {\"type\": \"boolean\"}}}, \"functions\": [{\"name\": \"twice\", \"about\": \"Tw" \
    "ice a number.\", \"pure\": true, \"params\": [{\"name\": \"n\", \"type\": \"i64\"}], \"returns\": \"i64\"" \
    "}, {\"name\": \"half\", \"about\": \"Half a number.\", \"pure\": true, \"params\": [{\"name\": \"x\", \"t" \
    "ype\": \"f64\"}], \"returns\": \"f64\"}, {\"name\": \"echo\", \"about\": \"The text.\", \"pure\": true, \"" \
    "params\": [{\"name\": \"text\", \"type\": \"str\"}], \"returns\": \"str\"}, {\"name\": \"at_load\", \"abou" \
    "t\": \"What start-up code got: 0 none, negative refused.\", \"pure\": true, \"params\": [], \"re" \
    "turns\": \"i64\"}], \"rules\": [], \"settings\": {\"type\": \"object\", \"additionalProperties\": fal" \
    "se, \"properties\": {}}}\n"

#ifndef TWIN_MANIFEST
#define TWIN_MANIFEST EH_TEXT(TWIN_PLUGIN_JSON)
#endif
#ifndef TWIN_MAGIC
#define TWIN_MAGIC EH_MAGIC
#endif
#ifndef TWIN_MAJOR
#define TWIN_MAJOR EH_ABI_MAJOR
#endif
#ifndef TWIN_SIZE
#define TWIN_SIZE sizeof(eh_plugin)
#endif
#ifndef TWIN_CREATE
#define TWIN_CREATE twin_create
#endif
#ifndef TWIN_CALL
#define TWIN_CALL twin_call
#endif
#ifndef TWIN_RUN
#define TWIN_RUN twin_run
#endif
#ifndef TWIN_ENTRY
#define TWIN_ENTRY evenhand_twin_v1
#endif
#ifndef TWIN_TABLE
#define TWIN_TABLE &TWIN
#endif

struct eh_instance {
    const eh_host *host;
};

/* What start-up code got: a descriptor or process number, or minus the error; 0 where there is none. */
static int64_t twin_at_load;

static inline eh_status twin_say(const eh_sink *out, eh_status status, const char *text) {
    int32_t refused = out && out->write ? out->write(out->ctx, (const uint8_t *)text, strlen(text)) : 1;
    return status == EH_OK && refused ? EH_LIMIT : status;
}

static inline eh_status twin_create(const eh_host *host, eh_slice settings, eh_instance **out, const eh_sink *err) {
    (void)settings;
    *out = malloc(sizeof **out);
    if (!*out) return twin_say(err, EH_FAILED, "no memory");
    (*out)->host = host;
    return EH_OK;
}

static inline void twin_destroy(eh_instance *self) { free(self); }

static inline eh_status twin_call(eh_instance *self, uint32_t function, const eh_value *args, size_t count,
                                  eh_value *answer, const eh_sink *out) {
    static const uint32_t TYPES[] = {EH_I64, EH_F64, EH_STR, EH_UNIT};
    (void)self;
    if (function > 3) return twin_say(out, EH_UNKNOWN, "no such function");
    if (count != (function == 3 ? 0 : 1)) return twin_say(out, EH_BAD_ARGS, "wrong number of arguments");
    if (count == 1 && args[0].tag != TYPES[function]) return twin_say(out, EH_BAD_ARGS, "wrong type of argument");
    memset(answer, 0, sizeof *answer);
    answer->tag = function == 3 ? EH_I64 : TYPES[function];
    switch (function) {
    case 0: answer->u.i = (int64_t)((uint64_t)args[0].u.i * 2); return EH_OK;
    case 1: answer->u.f = args[0].u.f / 2; return EH_OK;
    case 2: return out->write(out->ctx, args[0].u.s.ptr, args[0].u.s.len) ? EH_LIMIT : EH_OK;
    default: answer->u.i = twin_at_load; return EH_OK;
    }
}

static inline eh_status twin_run(eh_instance *self, uint32_t operation, eh_slice input, const eh_sink *out) {
    (void)self;
    (void)input;
    if (operation != EH_DERIVE) return twin_say(out, EH_UNKNOWN, "derives only");
    return twin_say(out, EH_OK, "{\"facts\": {\"seen\": true}}");
}

#ifndef TWIN_OWN_TABLE
static const eh_plugin TWIN __attribute__((unused)) = {
    TWIN_MAGIC, TWIN_MAJOR, EH_ABI_MINOR, TWIN_SIZE, TWIN_MANIFEST, TWIN_CREATE, twin_destroy, TWIN_CALL, TWIN_RUN};
#endif

#ifndef TWIN_NO_ENTRY
EH_EXPORT const void *TWIN_ENTRY(void);
EH_EXPORT const void *TWIN_ENTRY(void) { return TWIN_TABLE; }
#endif

#endif
