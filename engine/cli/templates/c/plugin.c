/* Evenhand plugin: {{title}}. One pure function and one derived fact; it keeps no state, so every instance is the same. */
#include "evenhand_plugin.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* plugin.json as numbers, made by the Makefile, which also writes what stands here beside the library. */
static const uint8_t MANIFEST[] = {
#include "manifest.inc"
};

struct eh_instance {
    char none;
};

/* Sends an answer or a message; a refusal by the host matters only for an answer. */
static eh_status say(const eh_sink *out, eh_status status, const char *text) {
    int32_t refused = out->write(out->ctx, (const uint8_t *)text, strlen(text));
    return status == EH_OK && refused ? EH_LIMIT : status;
}

static eh_status create(const eh_host *host, eh_slice settings, eh_instance **out, const eh_sink *err) {
    static eh_instance the_one;
    (void)host, (void)settings, (void)err;
    *out = &the_one;
    return EH_OK;
}

static void destroy(eh_instance *self) { (void)self; }

static double months(double years) { return 12 * years; }

/* Function 0 of the manifest: {{symbol}}_months(years: f64) -> f64. Number and type of the arguments are checked first. */
static eh_status call(eh_instance *self, uint32_t function, const eh_value *args, size_t count, eh_value *answer,
                      const eh_sink *out) {
    double result;
    (void)self;
    if (function != 0) return say(out, EH_UNKNOWN, "there is one function, `{{symbol}}_months`");
    if (count != 1 || args[0].tag != EH_F64) return say(out, EH_BAD_ARGS, "it takes one argument, of type f64");
    result = months(args[0].u.f);
    if (!(result - result == 0)) return say(out, EH_FAILED, "so many years cannot be counted"); /* not finite */
    memset(answer, 0, sizeof *answer);
    answer->tag = EH_F64;
    answer->u.f = result;
    return EH_OK;
}

/* The number after `"duration_years":`, or -1. Enough for one number in a document that holds nothing else: the host hands in
 * only what the manifest names under `reads`. Whoever reads more takes a JSON library. */
static double years_in(eh_slice input) {
    static const char KEY[] = "\"duration_years\":";
    const size_t key = sizeof KEY - 1;
    size_t at;
    for (at = 0; at + key < input.len; at++) {
        char digits[32] = {0}, *end;
        size_t left = input.len - at - key;
        double years;
        if (memcmp(input.ptr + at, KEY, key) != 0) continue;
        memcpy(digits, input.ptr + at + key, left < sizeof digits ? left : sizeof digits - 1);
        years = strtod(digits, &end);
        return end > digits && years >= 0 && years < 1000 ? years : -1;
    }
    return -1;
}

/* A document comes in as JSON text and goes out as JSON text. What cannot be computed is named, with what prevented it. */
static eh_status run(eh_instance *self, uint32_t operation, eh_slice input, const eh_sink *out) {
    char answer[160];
    double years = years_in(input);
    (void)self;
    if (operation != EH_DERIVE) return say(out, EH_UNKNOWN, "this plugin only derives");
    if (years < 0)
        return say(out, EH_OK, "{\"facts\":{},\"missing\":{\"/months\":[\"/program/duration_years\"]}}");
    snprintf(answer, sizeof answer, "{\"facts\":{\"months\":%.17g},\"inputs\":{\"/months\":[\"/program/duration_years\"]}}",
             months(years));
    return say(out, EH_OK, answer);
}

static const eh_plugin TABLE = {
    .magic = EH_MAGIC,
    .abi_major = EH_ABI_MAJOR,
    .abi_minor = EH_ABI_MINOR,
    .struct_size = sizeof(eh_plugin),
    .manifest = {MANIFEST, sizeof MANIFEST},
    .create = create,
    .destroy = destroy,
    .call = call,
    .run = run,
};

EH_EXPORT const eh_plugin *evenhand_{{symbol}}_v1(void);
EH_EXPORT const eh_plugin *evenhand_{{symbol}}_v1(void) { return &TABLE; }
