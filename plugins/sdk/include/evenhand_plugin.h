/* SPDX-License-Identifier: MIT OR Apache-2.0
 *
 * The contract between Evenhand and its plugins, version 1.0, in C99. The manifest and the JSON documents are described in
 * plugins/README.md.
 *
 * A library exports one function, `evenhand_<id>_v1` (`-` in the id as `_`) or `evenhand_plugin_v1`. It does no work and
 * returns the address of a table that stays as it is for the life of the process. Libraries are never unloaded.
 *
 * Nothing is freed across the border: what goes in is lent for the call; what comes out is copied by the host at once.
 * One instance is never entered twice at once, but may move between threads; several instances may run side by side.
 * The same input must give the same answer: no clock, environment, file, network, randomness or global state.
 */
#ifndef EVENHAND_PLUGIN_H
#define EVENHAND_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define EH_MAGIC 0x31485645u /* "EVH1": a wrong byte order fails here */
#define EH_ABI_MAJOR 1       /* must be equal on both sides */
#define EH_ABI_MINOR 0       /* only adds to the end of eh_plugin and eh_host */

#if defined(_WIN32)
#define EH_EXPORT __declspec(dllexport)
#else
#define EH_EXPORT __attribute__((visibility("default")))
#endif

/* Lent bytes: UTF-8, not ended by a NUL. An empty slice may have a null pointer. */
typedef struct eh_slice {
    const uint8_t *ptr;
    size_t len;
} eh_slice;

/* An eh_slice of a string literal, in an initialiser. */
#define EH_TEXT(literal) { (const uint8_t *)(literal), sizeof(literal) - 1 }

/* How a call ended. */
typedef int32_t eh_status;
enum {
    EH_OK = 0,       /* the answer is in the sink or in the returned value */
    EH_FAILED = 1,   /* no answer is possible; the sink holds a sentence on why */
    EH_BAD_ARGS = 2, /* wrong number or type of arguments, or a document that cannot be read */
    EH_UNKNOWN = 3,  /* no such function or operation */
    EH_LIMIT = 4,    /* the sink refused, or a limit of the plugin's own was reached */
    EH_PANIC = 5,    /* the plugin's code panicked; this instance answers nothing any more */
    EH_INTERNAL = 6  /* the contract was broken */
};

/* Where answers and messages go. The host copies at once. Anything but 0 means: stop, and return EH_LIMIT. */
typedef struct eh_sink {
    void *ctx;
    int32_t (*write)(void *ctx, const uint8_t *ptr, size_t len);
} eh_sink;

/* The type of an eh_value. */
enum {
    EH_UNIT = 0, /* nothing */
    EH_BOOL = 1, /* u.b: 0 or 1 */
    EH_I64 = 2,  /* u.i */
    EH_F64 = 3,  /* u.f: finite */
    EH_STR = 4,  /* an argument: u.s. An answer: only the tag is set, the text goes to the sink */
    EH_JSON = 5  /* as EH_STR, JSON text */
};

typedef struct eh_value {
    uint32_t tag;
    uint32_t reserved; /* 0 */
    union {
        uint8_t b;
        int64_t i;
        double f;
        eh_slice s;
    } u;
} eh_value;

/* Levels of eh_host.log. */
enum { EH_LOG_ERROR = 1, EH_LOG_WARN = 2, EH_LOG_INFO = 3, EH_LOG_DEBUG = 4 };

/* What the host offers; it outlives every instance made with it. A field beyond `struct_size` is not there:
 * ask EH_HAS(host, eh_host, log) first. A field that is there may be null. */
typedef struct eh_host {
    uint64_t struct_size; /* sizeof(eh_host) as the host was compiled */
    uint16_t abi_major, abi_minor;
    uint32_t reserved; /* 0 */
    void *ctx;         /* to be handed back to the functions below */
    void (*log)(void *ctx, uint32_t level, eh_slice message);
    int32_t (*cancelled)(void *ctx); /* not 0: the answer is no longer wanted */
} eh_host;

/* Whether a struct that begins with, or holds, `struct_size` reaches as far as `field`. */
#define EH_HAS(pointer, type, field) \
    ((pointer)->struct_size >= offsetof(type, field) + sizeof((pointer)->field))

/* A running plugin; the plugin defines what is in it. */
typedef struct eh_instance eh_instance;

/* Operations of eh_plugin.run. */
enum { EH_DERIVE = 1, EH_ASSESS = 2 };

typedef struct eh_plugin {
    uint32_t magic; /* EH_MAGIC */
    uint16_t abi_major, abi_minor;
    uint64_t struct_size; /* sizeof(eh_plugin) as the plugin was compiled */
    eh_slice manifest;    /* static; byte for byte the plugin.json beside the library */

    /* Makes an instance: the settings are a JSON object, where a missing key means the manifest's default. */
    eh_status (*create)(const eh_host *host, eh_slice settings, eh_instance **out, const eh_sink *err);
    /* Ends an instance; null is allowed. */
    void (*destroy)(eh_instance *self);
    /* Calls the function at index `function` of the manifest's list. Number and type of the arguments are to be checked. */
    eh_status (*call)(eh_instance *self, uint32_t function, const eh_value *args, size_t count, eh_value *answer,
                      const eh_sink *out);
    /* Runs an operation on the proposal: JSON in, JSON out. */
    eh_status (*run)(eh_instance *self, uint32_t operation, eh_slice input, const eh_sink *out);
    /* Later minor versions add fields here. */
} eh_plugin;

#ifdef __cplusplus
}
#endif

#endif
