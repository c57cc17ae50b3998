/* A plugin of ABI 1.0: it is compiled from the frozen header and must work with every later SDK and host of ABI 1. */
#include "evenhand_plugin_1_0.h"
#include <stdlib.h>
#include <string.h>

static const char MANIFEST[] =
    "{\"manifest_version\": 1, \"id\": \"first\", \"abi\": \"1.0\", \"reads\": [\"/weeks\"],"
    " \"functions\": [{\"name\": \"twice\", \"pure\": true, \"params\": [{\"name\": \"n\", \"type\": \"i64\"}],"
    " \"returns\": \"i64\"}, {\"name\": \"echo\", \"params\": [{\"name\": \"text\", \"type\": \"str\"}],"
    " \"returns\": \"str\"}]}";

struct eh_instance {
    const eh_host *host;
};

static eh_status say(const eh_sink *out, eh_status status, const char *text) {
    int32_t refused = out->write(out->ctx, (const uint8_t *)text, strlen(text));
    return status == EH_OK && refused ? EH_LIMIT : status;
}

static eh_status create(const eh_host *host, eh_slice settings, eh_instance **out, const eh_sink *err) {
    (void)settings;
    if (host && host->abi_major != EH_ABI_MAJOR) return say(err, EH_FAILED, "another ABI");
    *out = malloc(sizeof **out);
    if (!*out) return say(err, EH_FAILED, "no memory");
    (*out)->host = host;
    return EH_OK;
}

static void destroy(eh_instance *self) { free(self); }

static eh_status call(eh_instance *self, uint32_t function, const eh_value *args, size_t count, eh_value *answer,
                      const eh_sink *out) {
    (void)self;
    if (function > 1) return say(out, EH_UNKNOWN, "no such function");
    if (count != 1 || args[0].tag != (function == 0 ? EH_I64 : EH_STR)) return say(out, EH_BAD_ARGS, "one argument");
    memset(answer, 0, sizeof *answer);
    answer->tag = args[0].tag;
    if (function == 0) {
        answer->u.i = 2 * args[0].u.i;
        return EH_OK;
    }
    return out->write(out->ctx, args[0].u.s.ptr, args[0].u.s.len) ? EH_LIMIT : EH_OK;
}

static eh_status run(eh_instance *self, uint32_t operation, eh_slice input, const eh_sink *out) {
    static const eh_slice note = EH_TEXT("deriving");
    const eh_host *host = self->host;
    (void)input;
    if (operation != EH_DERIVE) return say(out, EH_UNKNOWN, "derives only");
    if (host && EH_HAS(host, eh_host, log) && host->log) host->log(host->ctx, EH_LOG_INFO, note);
    return say(out, EH_OK, "{\"facts\": {\"seen\": true}}");
}

static const eh_plugin TABLE = {EH_MAGIC, EH_ABI_MAJOR, EH_ABI_MINOR, sizeof(eh_plugin), EH_TEXT(MANIFEST),
                                create, destroy, call, run};

EH_EXPORT const eh_plugin *evenhand_first_v1(void);
EH_EXPORT const eh_plugin *evenhand_first_v1(void) { return &TABLE; }
