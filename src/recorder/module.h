/*
 * recorder/module.h - the parts of the module that is preloaded into the
 * program to be recorded.
 *
 *     family.c   the functions that the module puts before libc's
 *     real.c     where the calls go on to: the next library's functions
 *     log.c      each thread's unit of the log: acquire, empty, stop, fork
 *     file.c     the file under the log
 *     order.c    what the launcher wants, from the environment
 *
 * Nothing here may allocate, write to a descriptor of the program, change
 * errno, or end the program: whatever goes wrong, recording stops and the
 * program goes on.
 */
#ifndef RECORDER_MODULE_H
#define RECORDER_MODULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#include "trace/wire.h"

#define RECORDER_HIDDEN    __attribute__((visibility("hidden")))
#define RECORDER_COLD      __attribute__((noinline, cold))
#define RECORDER_LIKELY(x) __builtin_expect(!!(x), 1)

/*
 * A thread's place in the log.  It lies in memory that a fork wipes: a child
 * finds zeros, and so goes through recorder_refill before it writes into the
 * log of its parent.  The hot path asks for nothing but cursor < limit.
 */
struct recorder_thread {
    _Alignas(64) uint8_t *cursor; /* where the next record goes */
    uint8_t *limit;   /* lowered to NULL by others who want a word */
    uint64_t base;    /* turn << WIRE_STATE_TURN, less the payload's address */
    uint64_t granule; /* address of the last record */
    uint64_t ticks;   /* time of the last record, if stamped */
    struct wire_unit *unit;
    struct recorder_thread *next;
    bool stamped;
    pid_t tid;
    uint32_t number;
};

struct recorder_local {
    struct recorder_thread *thread;
    unsigned depth; /* of calls of the family: only the outermost counts */
};

extern RECORDER_HIDDEN __thread struct recorder_local recorder_local
    __attribute__((tls_model("initial-exec")));

/* Make room for a record; NULL when there is nothing to be recorded. */
RECORDER_HIDDEN struct recorder_thread *recorder_refill(void);

/* The calls' destinations.  They resolve themselves when first used. */
struct recorder_real {
    void *(*malloc)(size_t);
    void (*free)(void *);
    void *(*calloc)(size_t, size_t);
    void *(*realloc)(void *, size_t);
    void *(*reallocarray)(void *, size_t, size_t);
    void *(*memalign)(size_t, size_t);
    int (*posix_memalign)(void **, size_t, size_t);
    void *(*aligned_alloc)(size_t, size_t);
    void *(*valloc)(size_t);
    void *(*pvalloc)(size_t);
};
extern RECORDER_HIDDEN struct recorder_real recorder_real;
RECORDER_HIDDEN void recorder_resolve(void);

/* What dlsym asked for before there was a real malloc: never given back. */
#define RECORDER_EARLY_BYTES ((size_t)65536)
extern RECORDER_HIDDEN uint8_t recorder_early[];
RECORDER_HIDDEN void *recorder_rescue(void *old, size_t size_bytes);

static inline bool recorder_is_early(const void *block)
{
    return (uintptr_t)block - (uintptr_t)recorder_early < RECORDER_EARLY_BYTES;
}

/* What is wanted of this process. */
struct recorder_order {
    bool wanted;
    bool all;        /* children and what replaces this program, too */
    char path[4096]; /* of the file, or what its name begins with */
};
RECORDER_HIDDEN void recorder_order_read(struct recorder_order *order);

/* The file.  Each answers false or NULL with errno set. */
struct recorder_file {
    int fd;
    dev_t device;
    ino_t inode;
    char path[4096 + 32];
};
RECORDER_HIDDEN bool recorder_file_open(struct recorder_file *file,
                                        const char *path, bool create);
RECORDER_HIDDEN bool recorder_file_write(struct recorder_file *file,
                                         const void *bytes, size_t count,
                                         uint64_t offset_bytes);
RECORDER_HIDDEN void *recorder_file_map(struct recorder_file *file,
                                        size_t count, uint64_t offset_bytes);

/* A clock that all processors share, as cheap as can be had. */
static inline uint64_t recorder_ticks(void)
{
#if defined __x86_64__ || defined __i386__
    return __builtin_ia32_rdtsc() >> 4;
#elif defined __aarch64__
    uint64_t ticks;
    __asm__ volatile("mrs %0, cntvct_el0" : "=r"(ticks));
    return ticks;
#else
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return ((uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec) >> 2;
#endif
}

#endif
