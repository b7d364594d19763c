/*
 * alloc/stack.h - how the blocks of a stack lie in memory.
 *
 * All is counted in grains of 8 bytes from the first bus address that is a
 * multiple of 8.  Grain 0 holds a head or a skip, so that as the start of a
 * block 0 says "none".
 */
#ifndef ALLOC_STACK_H
#define ALLOC_STACK_H

#include <stdbool.h>

#include "core/arith.h"
#include "core/memory.h"
#include "polished/heap.h"

/* Data up to this size has heads of 8 bytes: two numbers below 2^31. */
#ifndef STACK_NARROW
#define STACK_NARROW ARITH_SPAN(34)
#endif

/* The largest data. */
#ifndef STACK_SPAN
#define STACK_SPAN ARITH_SPAN(62)
#endif

#define STACK_GRAIN 8u
#define STACK_SKIP  (UINT64_C(1) << 63) /* never set in the word of a head */

struct stack_state {
    uint64_t last;        /* where the top block starts; 0: none */
    uint64_t top;         /* the first grain above it */
    uint64_t peak;        /* the highest top since the last reset */
    uint64_t epoch;       /* resets ever */
    uint32_t head;        /* grains of a head: 1 or 2 */
    uint32_t shift_bytes; /* what lies before grain 0 */
};

struct stack_block {
    uint64_t floor; /* the top as it was before this block */
    uint64_t start;
    uint64_t end;
    uint64_t below; /* start of the block below; 0: none */
};

static inline struct stack_state *stack_state(const struct polished_heap *heap)
{
    return heap->control;
}

static inline polished_size stack_offset(const struct polished_heap *heap,
                                         uint64_t grain)
{
    return (polished_size)(stack_state(heap)->shift_bytes +
                           grain * STACK_GRAIN);
}

/* The number of whole grains in data; the rest is its tail. */
static inline uint64_t stack_limit(const struct polished_heap *heap)
{
    return (heap->data.size_bytes - stack_state(heap)->shift_bytes) /
           STACK_GRAIN;
}

static inline memory_word *stack_word(const struct polished_heap *heap,
                                      uint64_t grain)
{
    return polished_pointer(heap, stack_offset(heap, grain));
}

/* How long the gap is that starts here; 0: a head does. */
static inline uint64_t stack_skip(const struct polished_heap *heap,
                                  uint64_t grain)
{
    uint64_t word = *stack_word(heap, grain);

    return word & STACK_SKIP ? word & ~STACK_SKIP : 0;
}

static inline uint64_t stack_size(const struct polished_heap *heap,
                                  uint64_t start)
{
    uint64_t word = *stack_word(heap, start - 1);

    return stack_state(heap)->head == 1 ? word & UINT32_MAX : word;
}

static inline uint64_t stack_below(const struct polished_heap *heap,
                                   uint64_t start)
{
    return stack_state(heap)->head == 1 ? *stack_word(heap, start - 1) >> 32
                                        : *stack_word(heap, start - 2);
}

static inline void stack_write(const struct polished_heap *heap, uint64_t start,
                               uint64_t below, uint64_t size)
{
    POLISHED_ASSERT(below < start && size != 0);
    if (stack_state(heap)->head == 1) {
        *stack_word(heap, start - 1) = below << 32 | size;
    } else {
        *stack_word(heap, start - 2) = below;
        *stack_word(heap, start - 1) = size;
    }
}

/* Read the block that starts there; false if what lies around is no block. */
static inline bool stack_load(const struct polished_heap *heap, uint64_t start,
                              struct stack_block *block)
{
    uint64_t head = stack_state(heap)->head;
    uint64_t top = stack_state(heap)->top;
    uint64_t gap;

    if (start < head || start >= top)
        return false;
    block->start = start;
    block->end = start + stack_size(heap, start);
    block->below = stack_below(heap, start);
    if (block->end > top || block->end <= start ||
        (block->below != 0 && block->below < head) || block->below >= start)
        return false;
    block->floor = 0;
    if (block->below != 0)
        block->floor = block->below + stack_size(heap, block->below);
    if (block->floor > start - head)
        return false;
    gap = start - head - block->floor;
    return gap == 0 || stack_skip(heap, block->floor) == gap;
}

#endif
