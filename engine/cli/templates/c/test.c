/* Asks the plugin as a host would. `make test` builds and runs it. */
#include "evenhand_plugin.h"
#include <stdio.h>
#include <string.h>

const eh_plugin *evenhand_{{symbol}}_v1(void);

/* What the plugin said last. */
static char said[512];

static int32_t keep(void *ctx, const uint8_t *text, size_t length) {
    size_t used = strlen(said);
    (void)ctx;
    if (length >= sizeof said - used) return 1;
    memcpy(said + used, text, length);
    said[used + length] = 0;
    return 0;
}

static int failures;

static void expect(int right, const char *what) {
    if (!right) {
        failures++;
        fprintf(stderr, "FAILED: %s (the plugin said: %s)\n", what, said);
    }
    said[0] = 0;
}

int main(void) {
    const eh_plugin *plugin = evenhand_{{symbol}}_v1();
    const eh_sink sink = {NULL, keep};
    const eh_slice settings = EH_TEXT("{}");
    const eh_slice known = EH_TEXT("{\"program\":{\"duration_years\":2.5}}");
    const eh_slice unknown = EH_TEXT("{}");
    eh_host host;
    eh_instance *instance = NULL;
    eh_value years, answer;
    eh_status status;

    memset(&host, 0, sizeof host);
    host.struct_size = sizeof host;
    host.abi_major = EH_ABI_MAJOR;
    expect(plugin->create(&host, settings, &instance, &sink) == EH_OK && instance, "it starts");

    memset(&years, 0, sizeof years);
    years.tag = EH_F64;
    years.u.f = 2.5;
    status = plugin->call(instance, 0, &years, 1, &answer, &sink);
    expect(status == EH_OK && answer.tag == EH_F64 && answer.u.f == 30, "two and a half years are 30 months");
    expect(plugin->call(instance, 0, &years, 0, &answer, &sink) == EH_BAD_ARGS, "an argument is needed");
    expect(plugin->call(instance, 1, &years, 1, &answer, &sink) == EH_UNKNOWN, "there is one function");

    status = plugin->run(instance, EH_DERIVE, known, &sink);
    expect(status == EH_OK && strstr(said, "\"months\":30"), "the fact is derived");
    status = plugin->run(instance, EH_DERIVE, unknown, &sink);
    expect(status == EH_OK && strstr(said, "\"missing\":{\"/months\""), "what is not known is named");
    plugin->destroy(instance);

    if (!failures) puts("all is as expected");
    return failures != 0;
}
