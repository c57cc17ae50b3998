/* A plugin that keeps the contract. What it says of itself can be bent with -D, to be refused before anything is called:
 * MAGIC, MAJOR, MINOR, SIZE, ENTRY, and NO_CREATE, NO_CALL, NO_RUN, NO_TABLE. MANIFEST comes from the test. */
#include <evenhand_plugin.h>
#include <stdlib.h>
#include <string.h>

#ifndef MAGIC
#define MAGIC EH_MAGIC
#endif
#ifndef MAJOR
#define MAJOR EH_ABI_MAJOR
#endif
#ifndef MINOR
#define MINOR EH_ABI_MINOR
#endif
#ifndef SIZE
#define SIZE sizeof(eh_plugin)
#endif
#ifndef ENTRY
#define ENTRY evenhand_sample_v1
#endif

struct eh_instance {
    int calls;
};

static eh_status say(const eh_sink *out, const char *text, size_t length) {
    return out->write(out->ctx, (const uint8_t *)text, length) ? EH_LIMIT : EH_OK;
}

static int holds(eh_slice text, const char *word) {
    size_t length = strlen(word);
    for (size_t i = 0; i + length <= text.len; i++)
        if (memcmp(text.ptr + i, word, length) == 0) return 1;
    return 0;
}

static eh_status create(const eh_host *host, eh_slice settings, eh_instance **out, const eh_sink *err) {
    static const char started[] = "sample started";
    if (EH_HAS(host, eh_host, log) && host->log) {
        eh_slice message = { (const uint8_t *)started, sizeof started - 1 };
        host->log(host->ctx, EH_LOG_INFO, message);
    }
    if (holds(settings, "\"refuse\":true")) {
        static const char no[] = "asked not to start";
        say(err, no, sizeof no - 1);
        return EH_FAILED;
    }
    *out = calloc(1, sizeof(eh_instance));
    return *out ? EH_OK : EH_INTERNAL;
}

static void destroy(eh_instance *self) { free(self); }

/* Whether the document has the outline of JSON: brackets that match, nothing before or after. */
static int whole(eh_slice text) {
    long depth = 0;
    int quoted = 0;
    if (text.len < 2 || text.ptr[0] != '{') return 0;
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.ptr[i];
        if (c >= 0x80) { /* enough of UTF-8 for this purpose: no byte that never occurs */
            if (c == 0xc0 || c == 0xc1 || c >= 0xf5) return 0;
        }
        if (quoted) {
            if (c == '\\') i++;
            else if (c == '"') quoted = 0;
        } else if (c == '"') quoted = 1;
        else if (c == '{' || c == '[') depth++;
        else if (c == '}' || c == ']') depth--;
        if (depth > 128 || depth < 0 || (depth == 0 && i + 1 < text.len)) return 0;
    }
    return depth == 0 && !quoted;
}

/* The sum of the whole numbers of kilograms in the flows, written "kg":7. */
static eh_status derive(eh_slice input, const eh_sink *out) {
    static const char key[] = "\"kg\":";
    long sum = 0, count = 0;
    char answer[160];
    size_t length = sizeof key - 1;
    for (size_t i = 0; i + length <= input.len; i++) {
        if (memcmp(input.ptr + i, key, length) != 0) continue;
        long value = 0;
        for (size_t j = i + length; j < input.len && input.ptr[j] >= '0' && input.ptr[j] <= '9' && value < 1000000; j++)
            value = value * 10 + (input.ptr[j] - '0');
        sum += value;
        count++;
    }
    if (count == 0) {
        static const char nothing[] = "{\"facts\":{},\"missing\":{\"/total_kg\":[\"/flows\"]}}";
        return say(out, nothing, sizeof nothing - 1);
    }
    strcpy(answer, "{\"facts\":{\"total_kg\":");
    char digits[24], *end = digits + sizeof digits;
    *--end = 0;
    do *--end = (char)('0' + sum % 10);
    while (sum /= 10);
    strcat(answer, end);
    strcat(answer, "},\"inputs\":{\"/total_kg\":[\"/flows\"]}}");
    return say(out, answer, strlen(answer));
}

static eh_status run(eh_instance *self, uint32_t operation, eh_slice input, const eh_sink *out) {
    self->calls++;
    if (operation != EH_DERIVE && operation != EH_ASSESS) return EH_UNKNOWN;
    if (!whole(input)) {
        static const char bad[] = "the document is not a JSON object";
        say(out, bad, sizeof bad - 1);
        return EH_BAD_ARGS;
    }
    if (operation == EH_DERIVE) return derive(input, out);
    static const char finding[] =
        "{\"findings\":[{\"rule\":\"ethics/sample\",\"outcome\":\"unknown\",\"message\":\"not told\",\"missing\":[\"/flows\"]}]}";
    return say(out, finding, sizeof finding - 1);
}

static int types(const eh_value *args, size_t count, size_t expected, uint32_t tag) {
    if (count != expected) return 0;
    for (size_t i = 0; i < count; i++)
        if (args[i].tag != tag) return 0;
    return 1;
}

static eh_status call(eh_instance *self, uint32_t function, const eh_value *args, size_t count, eh_value *answer,
                      const eh_sink *out) {
    self->calls++;
    switch (function) {
    case 0:
        if (!types(args, count, 2, EH_F64)) return EH_BAD_ARGS;
        answer->tag = EH_F64;
        answer->u.f = args[0].u.f + args[1].u.f;
        if (answer->u.f - answer->u.f == 0) return EH_OK;
        say(out, "too large", 9);
        return EH_FAILED;
    case 1:
        if (!types(args, count, 1, EH_STR)) return EH_BAD_ARGS;
        answer->tag = EH_STR;
        if (say(out, "hello ", 6)) return EH_LIMIT;
        return args[0].u.s.len ? say(out, (const char *)args[0].u.s.ptr, args[0].u.s.len) : EH_OK;
    case 2:
        if (!types(args, count, 1, EH_JSON)) return EH_BAD_ARGS;
        answer->tag = EH_JSON;
        return say(out, (const char *)args[0].u.s.ptr, args[0].u.s.len);
    case 3:
        if (!types(args, count, 1, EH_I64)) return EH_BAD_ARGS;
        answer->tag = EH_I64;
        answer->u.i = (int64_t)(0u - (uint64_t)args[0].u.i);
        return EH_OK;
    case 4:
        if (!types(args, count, 1, EH_BOOL)) return EH_BAD_ARGS;
        answer->tag = EH_BOOL;
        answer->u.b = !args[0].u.b;
        return EH_OK;
    case 5:
        if (count) return EH_BAD_ARGS;
        answer->tag = EH_UNIT;
        return EH_OK;
    default:
        return EH_UNKNOWN;
    }
}

static const eh_plugin table = {
    MAGIC, MAJOR, MINOR, SIZE, EH_TEXT(MANIFEST),
#ifdef NO_CREATE
    0,
#else
    create,
#endif
    destroy,
#ifdef NO_CALL
    0,
#else
    call,
#endif
#ifdef NO_RUN
    0,
#else
    run,
#endif
};

EH_EXPORT const eh_plugin *ENTRY(void) {
#ifdef NO_TABLE
    return 0;
#else
    return &table;
#endif
}
