/*
 * recorder/real.c - where the calls go on to: the functions that the program
 * would have called without us, be they libc's or another preloaded
 * allocator's.
 *
 * dlsym may itself allocate.  What it asks for while we are asking it comes
 * from a small array; those blocks are never freed and never recorded.
 */
#include <config.h>

#include "recorder/module.h"

#include <dlfcn.h>
#include <string.h>

#define EARLY_ALIGN_BYTES ((size_t)16)

_Alignas(16) uint8_t recorder_early[RECORDER_EARLY_BYTES];
static size_t real_early_bytes;

/* volatile: to the compiler dlsym is a leaf, which never calls us back. */
static volatile bool real_is_resolving;

static void *real_early_alloc(size_t size_bytes)
{
    size_t room = RECORDER_EARLY_BYTES - real_early_bytes;
    void *block = recorder_early + real_early_bytes;
    if (size_bytes >= room)
        return NULL;
    size_bytes = (size_bytes + EARLY_ALIGN_BYTES) & ~(EARLY_ALIGN_BYTES - 1);
    real_early_bytes += size_bytes; /* room is a multiple, too */
    return block;
}

static void *real_first_malloc(size_t size_bytes)
{
    if (real_is_resolving)
        return real_early_alloc(size_bytes);
    recorder_resolve();
    return recorder_real.malloc(size_bytes);
}

/* The array is all zeros, and its blocks are used once. */
static void *real_first_calloc(size_t count, size_t size_bytes)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size_bytes, &bytes))
        return NULL;
    if (real_is_resolving)
        return real_early_alloc(bytes);
    recorder_resolve();
    return recorder_real.calloc(count, size_bytes);
}

static void *real_first_realloc(void *old, size_t size_bytes)
{
    if (real_is_resolving)
        return real_early_alloc(size_bytes); /* old is NULL */
    recorder_resolve();
    return recorder_real.realloc(old, size_bytes);
}

static void real_first_free(void *block)
{
    if (real_is_resolving)
        return;
    recorder_resolve();
    recorder_real.free(block);
}

struct recorder_real recorder_real = {
    .malloc = real_first_malloc,
    .free = real_first_free,
    .calloc = real_first_calloc,
    .realloc = real_first_realloc,
};

static const struct {
    const char *name;
    size_t offset;
} real_names[] = {
    {"malloc", offsetof(struct recorder_real, malloc)},
    {"free", offsetof(struct recorder_real, free)},
    {"calloc", offsetof(struct recorder_real, calloc)},
    {"realloc", offsetof(struct recorder_real, realloc)},
    {"reallocarray", offsetof(struct recorder_real, reallocarray)},
    {"memalign", offsetof(struct recorder_real, memalign)},
    {"posix_memalign", offsetof(struct recorder_real, posix_memalign)},
    {"aligned_alloc", offsetof(struct recorder_real, aligned_alloc)},
    {"valloc", offsetof(struct recorder_real, valloc)},
    {"pvalloc", offsetof(struct recorder_real, pvalloc)},
};

void recorder_resolve(void)
{
    struct recorder_real found;
    if (real_is_resolving || recorder_real.memalign != NULL)
        return;
    real_is_resolving = true;
    for (size_t i = 0; i < sizeof real_names / sizeof real_names[0]; i++) {
        void *function = dlsym(RTLD_NEXT, real_names[i].name);
        memcpy((char *)&found + real_names[i].offset, &function,
               sizeof function);
    }
    recorder_real = found;
    real_is_resolving = false;
}

/* Whoever resizes an early block gets a real one; early sizes are unknown. */
void *recorder_rescue(void *old, size_t size_bytes)
{
    size_t behind =
        (size_t)(recorder_early + RECORDER_EARLY_BYTES - (uint8_t *)old);
    void *block = recorder_real.malloc(size_bytes);
    if (block != NULL)
        memcpy(block, old, size_bytes < behind ? size_bytes : behind);
    return block;
}
