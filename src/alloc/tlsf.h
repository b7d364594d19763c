/*
 * alloc/tlsf.h - blocks with boundary tags in segregated lists: what the files
 * of tlsf and half-fit share.  The idea is told in tlsf.c.
 *
 *     | pad | head  payload ...  | head links ... foot | head ... | end |
 *     0     first: block 0       a free block                     end
 *
 * Everything is counted in grains of 16 bytes.  A block is named by the number
 * of its first grain, so names, links and sizes have 32 bits, and the word
 * before the payload of block b is words[2 b]:
 *
 *     used   head: 16 bits of tag, size, left-is-used, used
 *     free   head: size, left-is-used; then the next and the previous block of
 *            its list; the last word, the foot, is the size once more
 *     end    a head of size 0 that is used, so that nothing merges past it
 *
 * Invariants: two free blocks never touch; the one that touches the end is
 * `last`, any other is in the list of its class, and nothing else is; a bit is
 * set just where a list is not empty.
 */
#ifndef ALLOC_TLSF_H
#define ALLOC_TLSF_H

#include <stdbool.h>

#include "core/bits.h"
#include "core/count.h"
#include "core/memory.h"
#include "polished/heap.h"

/* The largest data: then a number of grains has 32 bits. */
#ifndef TLSF_SPAN
#define TLSF_SPAN (UINT64_C(1) << 36)
#endif

/* log2 of the lists per octave. */
#ifndef TLSF_DETAIL
#define TLSF_DETAIL 4
#endif

/* So many blocks of a list are looked at. */
#ifndef TLSF_TRIES
#define TLSF_TRIES 4
#endif

#define TLSF_GRAIN 16u
#define TLSF_HEAD  8u
#define TLSF_LEAST 2u /* grains: head, links, foot */
#define TLSF_NONE  UINT32_MAX
#define TLSF_WORDS 8 /* of 64 classes: as many as TLSF_SPAN can need */

struct tlsf_state {
    polished_size first_bytes;  /* where the head of block 0 lies */
    uint32_t end;               /* the end mark */
    uint32_t last;              /* the free block before it; or TLSF_NONE */
    uint32_t class_count;       /* lists that there are */
    uint32_t detail;            /* log2 of the lists per octave */
    uint32_t rounds;            /* blocks are cut to the floor of a class */
    uint64_t map;               /* bit i: word[i] is not 0 */
    uint64_t word[TLSF_WORDS];  /* bit i % 64 of i / 64: head[i] is a block */
    uint32_t head[];            /* of each list, or TLSF_NONE */
};

static inline struct tlsf_state *tlsf_state(const struct polished_heap *heap)
{
    return heap->control;
}

/* ------------------------------------------------------------- the classes */

/*
 * The class of a size.  Up to 2 * 2^detail grains each size has its own.  Of
 * an octave above, [2^k, 2^(k+1)), each of 2^detail equal parts is a class:
 *
 *     grains 45 = 1 0 1 1 0 1     detail 4: the leading bit and 4 more say
 *                 - - - - -       which part; one bit is left over, so this
 *                 leading         is octave 1, part 10110 = 22,
 *                                 class 1 * 16 + 22 = 38: 44 or 45 grains
 */
static inline uint32_t tlsf_class(unsigned detail, uint64_t grains)
{
    unsigned octave = bits_highest(grains | UINT64_C(1) << detail) - detail;

    return (octave << detail) + (uint32_t)(grains >> octave);
}

/* The least size of a class. */
static inline uint64_t tlsf_floor(unsigned detail, uint32_t class)
{
    uint32_t octave = class >> detail;

    octave -= octave != 0;
    return (uint64_t)(class - (octave << detail)) << octave;
}

/* ------------------------------------------------------- the words of data */

#define TLSF_USED      UINT64_C(1)
#define TLSF_LEFT_USED UINT64_C(2)
#define TLSF_TAG       UINT64_C(0xffff000000000000)

#ifdef __GNUC__
typedef uint32_t __attribute__((__may_alias__)) tlsf_link;
#else
typedef uint32_t tlsf_link;
#endif

static inline memory_word *tlsf_words(const struct polished_heap *heap)
{
    return polished_pointer(heap, tlsf_state(heap)->first_bytes);
}

/* The payload of a block. */
static inline polished_size tlsf_offset(const struct polished_heap *heap,
                                        uint32_t block)
{
    return tlsf_state(heap)->first_bytes + TLSF_HEAD +
           (polished_size)block * TLSF_GRAIN;
}

static inline memory_word *tlsf_head(memory_word *words, uint32_t block)
{
    return &words[2 * (size_t)block];
}

/* The last word of a block. */
static inline memory_word *tlsf_foot(memory_word *words, uint32_t block,
                                     uint32_t size)
{
    return &words[2 * ((size_t)block + size) - 1];
}

static inline uint32_t tlsf_size(memory_word *words, uint32_t block)
{
    return (uint32_t)(*tlsf_head(words, block) >> 4);
}

static inline bool tlsf_is_used(memory_word *words, uint32_t block)
{
    return *tlsf_head(words, block) & TLSF_USED;
}

static inline bool tlsf_left_is_used(memory_word *words, uint32_t block)
{
    return *tlsf_head(words, block) & TLSF_LEFT_USED;
}

static inline tlsf_link *tlsf_next(memory_word *words, uint32_t block)
{
    return (tlsf_link *)(void *)(tlsf_head(words, block) + 1);
}

static inline tlsf_link *tlsf_previous(memory_word *words, uint32_t block)
{
    return tlsf_next(words, block) + 1;
}

/* 16 bits made of place and size, which no stranger's bytes have by chance. */
static inline uint64_t tlsf_tag(uint32_t block, uint32_t size)
{
    return (block + ((uint64_t)size << 32)) * UINT64_C(0x9e3779b97f4a7c15) &
           TLSF_TAG;
}

/* The head of a used block, but for what it says of its left neighbour. */
static inline uint64_t tlsf_seal(uint32_t block, uint32_t size)
{
    return tlsf_tag(block, size) | (uint64_t)size << 4 | TLSF_USED;
}

static inline bool tlsf_is_sealed(memory_word *words, uint32_t block)
{
    uint64_t seal = tlsf_seal(block, tlsf_size(words, block));

    return ((*tlsf_head(words, block) ^ seal) & ~TLSF_LEFT_USED) == 0;
}

/* What a head becomes that lies inside a block now: it tells a stale pointer,
   until somebody writes over it. */
static inline void tlsf_bury(memory_word *words, uint32_t block)
{
    *tlsf_head(words, block) = tlsf_tag(block, 0);
}

static inline bool tlsf_is_buried(memory_word *words, uint32_t block)
{
    return *tlsf_head(words, block) == tlsf_tag(block, 0);
}

/* Do head and foot of a free block, and the head behind it, agree? */
static inline bool tlsf_is_free(const struct tlsf_state *state,
                                memory_word *words, uint32_t block)
{
    uint32_t size = tlsf_size(words, block);
    uint64_t head = (uint64_t)size << 4 | TLSF_LEFT_USED;

    return *tlsf_head(words, block) == head && size >= TLSF_LEAST &&
           block < state->end && size <= state->end - block &&
           *tlsf_foot(words, block, size) == size &&
           (*tlsf_head(words, block + size) & (TLSF_USED | TLSF_LEFT_USED)) ==
               TLSF_USED;
}

/* The free left neighbour; TLSF_NONE if its foot leads to none. */
static inline uint32_t tlsf_left(const struct tlsf_state *state,
                                 memory_word *words, uint32_t block)
{
    uint64_t size = *(tlsf_head(words, block) - 1);

    if (size > block || !tlsf_is_free(state, words, block - (uint32_t)size))
        return TLSF_NONE;
    return block - (uint32_t)size;
}

/* --------------------------------------------------------------- the lists */

/* Make [block, block + size), whose neighbours are used, a free block. */
static inline void tlsf_file(struct tlsf_state *state, memory_word *words,
                             uint32_t block, uint32_t size)
{
    uint32_t class, next;

    *tlsf_head(words, block) = (uint64_t)size << 4 | TLSF_LEFT_USED;
    *tlsf_foot(words, block, size) = size;
    if (block + size == state->end) {
        state->last = block;
        return;
    }
    class = tlsf_class(state->detail, size);
    next = state->head[class];
    *tlsf_next(words, block) = next;
    *tlsf_previous(words, block) = TLSF_NONE;
    state->head[class] = block;
    if (next != TLSF_NONE) {
        *tlsf_previous(words, next) = block;
    } else {
        state->word[class / 64] |= UINT64_C(1) << class % 64;
        state->map |= UINT64_C(1) << class / 64;
    }
}

/* Let a list begin with another block, or be empty. */
static inline void tlsf_set_first(struct tlsf_state *state, uint32_t class,
                                  uint32_t block)
{
    state->head[class] = block;
    if (block != TLSF_NONE)
        return;
    state->word[class / 64] &= ~(UINT64_C(1) << class % 64);
    if (state->word[class / 64] == 0)
        state->map &= ~(UINT64_C(1) << class / 64);
}

/* Take a free block of that size out of its list.  False in a damaged heap. */
static inline bool tlsf_unfile(struct tlsf_state *state, memory_word *words,
                               uint32_t block, uint32_t size)
{
    uint32_t next, previous;

    if (block == state->last) {
        state->last = TLSF_NONE;
        return true;
    }
    next = *tlsf_next(words, block);
    previous = *tlsf_previous(words, block);
    if (next != TLSF_NONE) {
        if (next >= state->end || *tlsf_previous(words, next) != block)
            return false;
        *tlsf_previous(words, next) = previous;
    }
    if (previous != TLSF_NONE) {
        if (previous >= state->end || *tlsf_next(words, previous) != block)
            return false;
        *tlsf_next(words, previous) = next;
    } else {
        uint32_t class = tlsf_class(state->detail, size);

        if (state->head[class] != block)
            return false;
        tlsf_set_first(state, class, next);
    }
    return true;
}

static inline void tlsf_count(struct polished_heap *heap, unsigned steps)
{
    while (steps-- > 0)
        POLISHED_STEP(heap);
}

/* The size of a block with so much payload, which is at most data's size. */
static inline uint32_t tlsf_need(polished_size payload_bytes)
{
    uint64_t grains =
        ((uint64_t)payload_bytes + TLSF_HEAD + TLSF_GRAIN - 1) / TLSF_GRAIN;

    return grains < TLSF_LEAST ? TLSF_LEAST : (uint32_t)grains;
}

/* As this heap cuts it: half-fit rounds up to the floor of a class. */
static inline uint64_t tlsf_round(const struct tlsf_state *state,
                                  uint32_t need)
{
    if (!state->rounds)
        return need;
    return tlsf_floor(state->detail, tlsf_class(state->detail, need - 1) + 1);
}

/* The calls, for the rows of tlsf and half-fit; see tlsf.c. */
enum polished_status tlsf_alloc(struct polished_heap *heap,
                                const struct polished_request *request,
                                polished_size *offset);
enum polished_status tlsf_free(struct polished_heap *heap,
                               polished_size offset, polished_size size_bytes);
enum polished_status tlsf_resize(struct polished_heap *heap,
                                 polished_size offset,
                                 polished_size size_bytes,
                                 const struct polished_request *request);
enum polished_status tlsf_usable(const struct polished_heap *heap,
                                 polished_size offset,
                                 polished_size *size_bytes);

/* How far behind a free block's start a used one has to start, so that its
   payload is aligned and what stays before it is a block or nothing. */
uint64_t tlsf_gap(const struct polished_heap *heap, uint32_t block,
                  polished_size align_bytes);

/* How many grains more than needed surely hold an aligned block. */
static inline uint64_t tlsf_margin(polished_size align_bytes)
{
    return align_bytes <= TLSF_GRAIN ? 0 : align_bytes / TLSF_GRAIN + 1;
}

/* Has the block room for so many grains, where alignment lets them start? */
static inline bool tlsf_has_room(const struct polished_heap *heap,
                                 uint32_t block, uint64_t need,
                                 polished_size align_bytes)
{
    uint32_t size = tlsf_size(tlsf_words(heap), block);

    return need <= size && (align_bytes <= TLSF_GRAIN ||
                            tlsf_gap(heap, block, align_bytes) <= size - need);
}

/* The block that would serve a request of so many grains, if any. */
uint32_t tlsf_search(struct polished_heap *heap, uint64_t need,
                     polished_size align_bytes);

/*
 * Make a block of size grains, which is in no list and whose right neighbour
 * knows it as free, into a used one of need grains that starts gap behind;
 * file what is left of it.  left is TLSF_LEFT_USED or 0.
 */
void tlsf_cut(struct polished_heap *heap, uint32_t block, uint32_t size,
              uint32_t gap, uint32_t need, uint64_t left);

/* The calls that concern the region as a whole; see tlsf_region.c. */
polished_size tlsf_control_bytes_of(polished_size data_bytes, unsigned detail);
enum polished_status tlsf_init_as(struct polished_heap *heap, unsigned detail,
                                  bool rounds);
enum polished_status tlsf_extend(struct polished_heap *heap,
                                 polished_size more_bytes);
enum polished_status tlsf_reserve(struct polished_heap *heap,
                                  polished_size offset,
                                  polished_size size_bytes);
enum polished_status tlsf_reset(struct polished_heap *heap);
enum polished_status tlsf_walk(const struct polished_heap *heap,
                               polished_visit *visit, void *context);
polished_size tlsf_largest(const struct polished_heap *heap,
                           const struct polished_request *request);
enum polished_status tlsf_check(const struct polished_heap *heap);

#endif
