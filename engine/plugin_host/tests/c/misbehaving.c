/* Does wrong whatever it is told to: by the word in a call of its one function, or by the same word in a document. */
#define _GNU_SOURCE
#include <errno.h>
#include <evenhand_plugin.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

struct eh_instance {
    int unused;
};

static struct eh_instance only;
static volatile int sink_hole;

static eh_status create(const eh_host *host, eh_slice settings, eh_instance **out, const eh_sink *err) {
    (void)host, (void)settings, (void)err;
#ifdef LOOP_IN_CREATE
    for (;;) sink_hole++;
#endif
    *out = &only;
    return EH_OK;
}

static void destroy(eh_instance *self) { (void)self; }

static int say(const eh_sink *out, const char *text) {
    return out->write(out->ctx, (const uint8_t *)text, strlen(text));
}

__attribute__((noinline)) static int deeper(volatile char *above) {
    volatile char room[4096];
    room[0] = above[0];
    return deeper(room) + room[0];
}

static void *idle(void *unused) { return unused; }

/* 1 if the system let it, the negative error number if not. */
static double allowed(long result) { return result < 0 ? -errno : 1; }

static double system_call(const char *how) {
    if (!strcmp(how, "read-file")) return allowed(open("/etc/passwd", O_RDONLY));
    if (!strcmp(how, "write-file")) return allowed(open("/tmp/evenhand-misbehaving", O_WRONLY | O_CREAT, 0600));
    if (!strcmp(how, "unlink")) return allowed(unlink("/tmp/evenhand-no-such-file"));
    if (!strcmp(how, "socket")) return allowed(socket(AF_INET, SOCK_STREAM, 0));
    if (!strcmp(how, "fork")) {
        pid_t child = fork();
        if (child == 0) _exit(0);
        return allowed(child);
    }
    if (!strcmp(how, "exec")) return allowed(execl("/bin/true", "true", (char *)0));
    if (!strcmp(how, "kill-host")) return allowed(kill(getppid(), 0));
    if (!strcmp(how, "ptrace")) return allowed(ptrace(PTRACE_TRACEME, 0, 0, 0));
    if (!strcmp(how, "outlive")) return allowed(prctl(PR_SET_PDEATHSIG, 0));
    if (!strcmp(how, "more-memory")) {
        struct rlimit limit = { RLIM_INFINITY, RLIM_INFINITY };
        return allowed(setrlimit(RLIMIT_AS, &limit));
    }
    if (!strcmp(how, "thread")) {
        pthread_t thread;
        int error = pthread_create(&thread, 0, idle, 0);
        if (error) return -error;
        pthread_join(thread, 0);
        return 1;
    }
    if (!strcmp(how, "new-code"))
        return mmap(0, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? -errno : 1;
    if (!strcmp(how, "environment")) return getenv("HOME") || getenv("PATH") ? 1 : -ENOENT;
    return 0;
}

/* Writes to every descriptor but the standard ones: one of them leads to the host. */
static void everywhere(const void *bytes, size_t length) {
    signal(SIGXFSZ, SIG_IGN); /* one of the others is a file */
    for (int fd = 3; fd < 32; fd++)
        if (write(fd, bytes, length) < 0) continue;
}

static eh_status misbehave(const char *how, eh_value *answer, const eh_sink *out) {
    if (!strcmp(how, "segfault")) *(volatile int *)8 = 1;
    if (!strcmp(how, "abort")) abort();
    if (!strcmp(how, "exit")) exit(0);
    if (!strcmp(how, "loop"))
        for (;;) sink_hole++;
    if (!strcmp(how, "sleep")) pause(), sleep(1000);
    if (!strcmp(how, "stack")) sink_hole = deeper((volatile char *)how);
    if (!strcmp(how, "heap")) {
        char *block = malloc(24);
        memset(block, 0x41, 4096);
        free(block);
        free(block);
        for (int i = 0; i < 100; i++) free(malloc(i * 64));
    }
    if (!strcmp(how, "hog")) {
        size_t total = 0;
        char *block;
        while ((block = malloc(1 << 20))) memset(block, 1, 1 << 20), total += 1 << 20;
        answer->tag = EH_F64, answer->u.f = (double)(total >> 20);
        return EH_OK;
    }
    if (!strcmp(how, "huge")) {
        static char piece[1 << 20];
        memset(piece, ' ', sizeof piece);
        for (long long sent = 0; sent < 100ll << 30; sent += sizeof piece)
            if (out->write(out->ctx, (const uint8_t *)piece, sizeof piece)) return EH_LIMIT;
    }
    if (!strcmp(how, "stubborn")) { /* goes on although the sink refuses, and claims success */
        static char piece[1 << 20];
        for (int i = 0; i < 64; i++) out->write(out->ctx, (const uint8_t *)piece, sizeof piece);
        return answer->tag = EH_F64, EH_OK;
    }
    if (!strcmp(how, "dangling")) {
        uint8_t *gone = mmap(0, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        munmap(gone, 4096);
        out->write(out->ctx, gone, 64);
    }
    if (!strcmp(how, "null")) return out->write(out->ctx, 0, 64), EH_OK;
    if (!strcmp(how, "utf8")) return answer->tag = EH_F64, say(out, "{\"facts\":\"\xff\"}"), EH_OK;
    if (!strcmp(how, "tag")) return answer->tag = 99, EH_OK;
    if (!strcmp(how, "status")) return 42;
    if (!strcmp(how, "nan")) return answer->tag = EH_F64, answer->u.f = 0.0 / 0.0, EH_OK;
    if (!strcmp(how, "text")) return answer->tag = EH_F64, say(out, "not json at all"), EH_OK;
    if (!strcmp(how, "panic")) return say(out, "as the SDK reports it"), EH_PANIC;
    if (!strcmp(how, "escape")) return say(out, "\x1b[2Jgone"), EH_FAILED;
#ifdef __SSE__
    if (!strcmp(how, "float")) {
        __builtin_ia32_ldmxcsr(__builtin_ia32_stmxcsr() | 0x8040);
        return answer->tag = EH_F64, answer->u.f = 1, EH_OK;
    }
#endif
    if (!strcmp(how, "print")) {
        printf("to standard output\n"), fflush(stdout);
        fprintf(stderr, "last words\n");
        return answer->tag = EH_F64, answer->u.f = 1, say(out, "{}"), EH_OK;
    }
    if (!strcmp(how, "last-words")) {
        for (int i = 0; i < 1000; i++) fprintf(stderr, "line %d of many\n", i);
        abort();
    }
    if (!strcmp(how, "close")) {
        for (int fd = 0; fd < 32; fd++) close(fd);
        for (;;) sink_hole++;
    }
    if (!strcmp(how, "forge") || !strcmp(how, "forge-well")) { /* a reply of its own, before the worker's */
        unsigned char reply[5 + 29] = { 29, 0, 0, 0, 67 };
        reply[5] = how[5] ? 1 : 77; /* the number of the request */
        reply[5 + 8 + 5] = EH_F64;
        everywhere(reply, sizeof reply);
        return answer->tag = EH_F64, answer->u.f = 1, EH_OK;
    }
    if (!strcmp(how, "long-frame")) everywhere("\xff\xff\xff\xff\x43", 5);
    if (!strcmp(how, "lying-frame")) everywhere("\x05\0\0\0\x43\xff\xff\xff\xff\xff", 10);
    if (!strcmp(how, "short-frame")) everywhere("\x20\0\0\0\x43", 5), exit(0);
    if (!strcmp(how, "odd-frame")) everywhere("\0\0\0\0\x41", 5);
    answer->tag = EH_F64;
    answer->u.f = system_call(how);
    return answer->u.f != 0 ? EH_OK : EH_UNKNOWN;
}

static eh_status call(eh_instance *self, uint32_t function, const eh_value *args, size_t count, eh_value *answer,
                      const eh_sink *out) {
    char how[64] = "";
    (void)self;
    if (function != 0) return EH_UNKNOWN;
    if (count != 1 || args[0].tag != EH_STR || args[0].u.s.len >= sizeof how) return EH_BAD_ARGS;
    memcpy(how, args[0].u.s.ptr, args[0].u.s.len);
    return misbehave(how, answer, out);
}

/* The word is all of the document's first string: {"how":…}. */
static eh_status run(eh_instance *self, uint32_t operation, eh_slice input, const eh_sink *out) {
    char text[256] = "", how[64] = "";
    eh_value ignored = { 0 };
    (void)self, (void)operation;
    memcpy(text, input.ptr, input.len < 255 ? input.len : 255);
    if (sscanf(text, "{\"how\":\"%63[^\"]", how) != 1 || !strcmp(how, "well")) return say(out, "{\"facts\":{}}"), EH_OK;
    return misbehave(how, &ignored, out);
}

static const eh_plugin table = { EH_MAGIC, EH_ABI_MAJOR, EH_ABI_MINOR, sizeof(eh_plugin), EH_TEXT(MANIFEST),
                                 create, destroy, call, run };

#ifdef AT_LOAD
/* Code that runs when the library is loaded, before anything can be asked. */
static void try_everything(void) {
    static const char *const tries[] = { "read-file", "write-file", "socket", "fork", "environment", 0 };
    for (int i = 0; tries[i]; i++)
        if (system_call(tries[i]) == 1) fprintf(stderr, "allowed at load: %s\n", tries[i]);
    fprintf(stderr, "constructor was here\n");
}

__attribute__((constructor)) static void at_load(void) { AT_LOAD; }
#endif

EH_EXPORT const eh_plugin *evenhand_plugin_v1(void) { return &table; }
