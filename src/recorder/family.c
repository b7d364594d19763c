/*
 * recorder/family.c - the functions that the module puts before libc's.
 *
 * A free is recorded before it happens and an allocation after, so that of
 * two threads that pass an address on, the giver comes first in the log.  A
 * realloc does both, and is recorded at both ends.
 *
 * Whether a call is the outermost is counted per thread: what an allocator
 * calls of the family to do its own work is its own affair.
 */
#include <config.h>

#include "recorder/module.h"

#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <unistd.h>

/* C23's, and what only programs older than glibc 2.26 call. */
void free_sized(void *block, size_t size_bytes);
void free_aligned_sized(void *block, size_t align_bytes, size_t size_bytes);
void cfree(void *block);

#define FAMILY_ALWAYS static inline __attribute__((always_inline))
#define FAMILY_EXPORT __attribute__((visibility("default")))

FAMILY_ALWAYS bool family_enter(void)
{
    return recorder_local.depth++ == 0;
}

FAMILY_ALWAYS void family_leave(void)
{
    recorder_local.depth--;
}

FAMILY_ALWAYS struct recorder_thread *family_thread(void)
{
    struct recorder_thread *thread = recorder_local.thread;
    uint8_t *limit = __atomic_load_n(&thread->limit, __ATOMIC_RELAXED);
    if (RECORDER_LIKELY(thread->cursor < limit))
        return thread;
    return recorder_refill();
}

/* All that was written up to here is now part of the log. */
FAMILY_ALWAYS void family_publish(struct recorder_thread *thread, uint8_t *at)
{
    thread->cursor = at;
    __atomic_store_n(&thread->unit->state, thread->base + (uintptr_t)at,
                     __ATOMIC_RELEASE);
}

/* The time since the last record, which is set to now. */
static uint8_t *family_stamp(struct recorder_thread *thread, uint8_t *at,
                             uint64_t *elapsed)
{
    uint64_t now = recorder_ticks();
    *elapsed = now - thread->ticks;
    thread->ticks = now;
    if (RECORDER_LIKELY(*elapsed <= WIRE_STAMP_MAX))
        return at;
    *elapsed = 0;
    return wire_put_control(at, WIRE_CLOCK, now);
}

FAMILY_ALWAYS void family_note(enum wire_op op, size_t size_bytes,
                               unsigned align_bits, const void *block)
{
    struct recorder_thread *thread = family_thread();
    if (thread == NULL)
        return;
    uint8_t *at = thread->cursor;
    uint64_t elapsed = 0, address = (uintptr_t)block;
    bool stamped = thread->stamped;
    if (stamped)
        at = family_stamp(thread, at, &elapsed);
    uint64_t low = address & ((1u << WIRE_GRANULE_BITS) - 1);
    if (low != 0)
        at = wire_put_control(at, WIRE_LOW, low);
    address >>= WIRE_GRANULE_BITS;
    uint64_t value = wire_zigzag(address - thread->granule);
    thread->granule = address;
    unsigned length = wire_length(value);
    unsigned code = 0;
    uint8_t *head = at++;
    if (WIRE_SIZED >> op & 1) {
        code = wire_code(size_bytes);
        at = wire_put(at, size_bytes, 1u << code);
    }
    if (op == WIRE_ALIGNED)
        *at++ = (uint8_t)align_bits;
    *head = (uint8_t)((unsigned)op | code << 3 | length << 5);
    at = wire_put(at, value, length);
    if (stamped) {
        unsigned is_long = elapsed > 0x7f;
        at = wire_put(at, elapsed << 1 | is_long, 1 + is_long);
    }
    family_publish(thread, at);
}

static void family_note_unmoved(bool freed)
{
    struct recorder_thread *thread = family_thread();
    if (thread != NULL)
        family_publish(thread,
                       wire_put_control(thread->cursor, WIRE_UNMOVED, freed));
}

FAMILY_EXPORT void *malloc(size_t size_bytes)
{
    bool outermost = family_enter();
    void *block = recorder_real.malloc(size_bytes);
    if (outermost && RECORDER_LIKELY(block != NULL))
        family_note(WIRE_MALLOC, size_bytes, 0, block);
    family_leave();
    return block;
}

FAMILY_EXPORT void *calloc(size_t count, size_t size_bytes)
{
    bool outermost = family_enter();
    void *block = recorder_real.calloc(count, size_bytes);
    if (outermost && RECORDER_LIKELY(block != NULL))
        family_note(WIRE_CALLOC, count * size_bytes, 0, block);
    family_leave();
    return block;
}

FAMILY_EXPORT void free(void *block)
{
    if (block == NULL || recorder_is_early(block))
        return;
    if (family_enter())
        family_note(WIRE_FREE, 0, 0, block);
    recorder_real.free(block);
    family_leave();
}

FAMILY_EXPORT void *realloc(void *old, size_t size_bytes)
{
    if (old == NULL)
        return malloc(size_bytes);
    if (recorder_is_early(old))
        return recorder_rescue(old, size_bytes);
    bool outermost = family_enter();
    if (outermost)
        family_note(WIRE_RESIZE, 0, 0, old);
    void *block = recorder_real.realloc(old, size_bytes);
    if (outermost && block != NULL)
        family_note(WIRE_RESIZED, size_bytes, 0, block);
    else if (outermost)
        family_note_unmoved(size_bytes == 0);
    family_leave();
    return block;
}

FAMILY_EXPORT void *reallocarray(void *old, size_t count, size_t size_bytes)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size_bytes, &bytes)) {
        errno = ENOMEM;
        return NULL;
    }
    return realloc(old, bytes);
}

static void family_note_aligned(bool outermost, size_t align_bytes,
                                size_t size_bytes, const void *block)
{
    unsigned bits = 0;
    while (bits < 63 && (uint64_t)1 << bits < align_bytes)
        bits++;
    if (outermost && block != NULL)
        family_note(WIRE_ALIGNED, size_bytes, bits, block);
    family_leave();
}

FAMILY_EXPORT void *memalign(size_t align_bytes, size_t size_bytes)
{
    recorder_resolve();
    bool outermost = family_enter();
    void *block = recorder_real.memalign(align_bytes, size_bytes);
    family_note_aligned(outermost, align_bytes, size_bytes, block);
    return block;
}

FAMILY_EXPORT void *aligned_alloc(size_t align_bytes, size_t size_bytes)
{
    recorder_resolve();
    bool outermost = family_enter();
    void *block = recorder_real.aligned_alloc(align_bytes, size_bytes);
    family_note_aligned(outermost, align_bytes, size_bytes, block);
    return block;
}

FAMILY_EXPORT int posix_memalign(void **result, size_t align_bytes,
                                 size_t size_bytes)
{
    recorder_resolve();
    bool outermost = family_enter();
    int status = recorder_real.posix_memalign(result, align_bytes, size_bytes);
    family_note_aligned(outermost, align_bytes, size_bytes,
                        status == 0 ? *result : NULL);
    return status;
}

FAMILY_EXPORT void *valloc(size_t size_bytes)
{
    recorder_resolve();
    bool outermost = family_enter();
    void *block = recorder_real.valloc(size_bytes);
    family_note_aligned(outermost, (size_t)sysconf(_SC_PAGESIZE), size_bytes,
                        block);
    return block;
}

/* Like valloc, but of whole pages. */
FAMILY_EXPORT void *pvalloc(size_t size_bytes)
{
    size_t page_bytes = (size_t)sysconf(_SC_PAGESIZE);
    recorder_resolve();
    bool outermost = family_enter();
    void *block = recorder_real.pvalloc(size_bytes);
    size_bytes = (size_bytes + page_bytes - 1) & ~(page_bytes - 1);
    family_note_aligned(outermost, page_bytes, size_bytes, block);
    return block;
}

FAMILY_EXPORT void free_sized(void *block, size_t size_bytes)
{
    (void)size_bytes;
    free(block);
}

FAMILY_EXPORT void free_aligned_sized(void *block, size_t align_bytes,
                                      size_t size_bytes)
{
    (void)align_bytes, (void)size_bytes;
    free(block);
}

FAMILY_EXPORT void cfree(void *block)
{
    free(block);
}
