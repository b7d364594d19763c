/*
 * alloc/tlsf.h - blocks with boundary tags in segregated lists: what the files
 * of tlsf and half-fit share.  The idea is told in tlsf.c.
 *
 *     | pad | head  payload ...  | head links ... foot | head ... | end |
 *     0     first: block 0       a free block                     end
 *
 * Everything is counted in grains of 16 bytes, of 4 words each.  A block is
 * named by the number of its first grain; of block b of s grains
 *
 *     words[4 b]          is s, left-is-used and used
 *     words[4 b + 1]      in use: a tag made of b and s
 *     words[4 b + 2]      in use: the payload; free: the next block in its
 *                         list and, behind it, the previous one
 *     words[4 (b+s) - 1]  in use: payload; free: s again, the foot
 *
 * The end mark is a block of no grains in use: so nothing merges past it.
 *
 * Invariants: two free blocks never touch; the one that touches the end is
 * `last`, any other is in the list of its class, and nothing else is; a bit is
 * set just where a list is not empty.
 */
#ifndef ALLOC_TLSF_H
#define ALLOC_TLSF_H

#include <stdbool.h>

#include "core/arith.h"
#include "core/bits.h"
#include "core/count.h"
#include "polished/heap.h"

/* The largest data: a number of grains has 30 bits, for two bits share its
   word. */
#ifndef TLSF_SPAN
#define TLSF_SPAN ARITH_SPAN(34)
#endif

/* log2 of the lists per octave. */
#ifndef TLSF_DETAIL
#define TLSF_DETAIL 3
#endif

/* So many blocks of a list are looked at. */
#ifndef TLSF_TRIES
#define TLSF_TRIES 4
#endif

#define TLSF_GRAIN 16u
#define TLSF_HEAD  8u
#define TLSF_LEAST 2u /* grains: head, links, foot */
#define TLSF_NONE  UINT32_MAX
#define TLSF_WORDS 4 /* of 64 classes: as many as TLSF_SPAN can need */

/* On the way of every call: not to be a call itself. */
#ifdef __GNUC__
#define TLSF_INLINE static inline __attribute__((__always_inline__))
#else
#define TLSF_INLINE static inline
#endif

/* A word may lie where the owner of a block wrote something else. */
#ifdef __GNUC__
typedef uint32_t __attribute__((__may_alias__)) tlsf_word;
#else
typedef uint32_t tlsf_word;
#endif

struct tlsf_state {
    polished_size first_bytes; /* where the head of block 0 lies */
    uint32_t end;              /* the end mark */
    uint32_t last;             /* the free block before it; or TLSF_NONE */
    uint32_t class_count;      /* lists that there are */
    uint32_t detail;           /* log2 of the lists per octave */
    tlsf_word sink;            /* written, never read; see tlsf_back */
    uint64_t map;              /* bit i: word[i] is not 0 */
    uint64_t word[TLSF_WORDS]; /* bit i % 64 of i / 64: head[i] is a block */
    tlsf_word head[];          /* of each list, or TLSF_NONE */
};

/*
 * A heap, opened: what every step needs, in registers.  With detail 0, for
 * half-fit, sizes are rounded up to a class.
 */
struct tlsf {
    struct tlsf_state *state;
    tlsf_word *words;
    uint32_t end;
    unsigned detail;
};

static inline struct tlsf_state *tlsf_state(const struct polished_heap *heap)
{
    return heap->control;
}

/* With the detail known when this is compiled, classes take less time. */
TLSF_INLINE struct tlsf tlsf_open_as(const struct polished_heap *heap,
                                     unsigned detail)
{
    struct tlsf_state *state = tlsf_state(heap);
    struct tlsf tlsf = {state, polished_pointer(heap, state->first_bytes),
                        state->end, detail};

    return tlsf;
}

TLSF_INLINE struct tlsf tlsf_open(const struct polished_heap *heap)
{
    return tlsf_open_as(heap, tlsf_state(heap)->detail);
}

/* ------------------------------------------------------------- the classes */

/*
 * The class of a size.  Up to 2 * 2^detail grains each size has its own.  Of
 * an octave above, [2^k, 2^(k+1)), each of 2^detail equal parts is a class:
 *
 *     grains 45 = 1 0 1 1 0 1     detail 3: the leading bit and 3 more say
 *                 -------         which part, 1011 = 11; two bits are left
 *                                 over, so this is octave 2; its class is
 *                                 2 * 8 + 11 = 27, of 44 to 47 grains
 */
TLSF_INLINE uint32_t tlsf_class(unsigned detail, uint64_t grains)
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

/* The size of a block with so much payload, which is at most data's size. */
static inline uint32_t tlsf_need(polished_size payload_bytes)
{
    uint32_t grains =
        (uint32_t)(((uint64_t)payload_bytes + TLSF_HEAD + TLSF_GRAIN - 1) /
                   TLSF_GRAIN);

    return grains < TLSF_LEAST ? TLSF_LEAST : grains;
}

/* As this heap cuts it. */
TLSF_INLINE uint32_t tlsf_round(unsigned detail, uint32_t need)
{
    if (detail != 0)
        return need;
    return UINT32_C(1) << (bits_highest(need - 1) + 1);
}

/* ------------------------------------------------------- the words of data */

#define TLSF_USED      1u
#define TLSF_LEFT_USED 2u
#define TLSF_SIZE      2 /* by so many bits the size is shifted */

/* The payload of a block. */
static inline polished_size tlsf_offset(const struct polished_heap *heap,
                                        uint32_t block)
{
    return tlsf_state(heap)->first_bytes + TLSF_HEAD +
           (polished_size)block * TLSF_GRAIN;
}

/* Size and flags of a block. */
static inline tlsf_word *tlsf_head(tlsf_word *words, uint32_t block)
{
    return &words[4 * (size_t)block];
}

static inline tlsf_word *tlsf_next(tlsf_word *words, uint32_t block)
{
    return tlsf_head(words, block) + 2;
}

static inline tlsf_word *tlsf_previous(tlsf_word *words, uint32_t block)
{
    return tlsf_head(words, block) + 3;
}

/* The last word of the block that ends there. */
static inline tlsf_word *tlsf_foot(tlsf_word *words, uint32_t end)
{
    return tlsf_head(words, end) - 1;
}

static inline uint32_t tlsf_size(tlsf_word *words, uint32_t block)
{
    return *tlsf_head(words, block) >> TLSF_SIZE;
}

static inline bool tlsf_is_used(tlsf_word *words, uint32_t block)
{
    return *tlsf_head(words, block) & TLSF_USED;
}

static inline bool tlsf_left_is_used(tlsf_word *words, uint32_t block)
{
    return *tlsf_head(words, block) & TLSF_LEFT_USED;
}

/* What no stranger's bytes have by chance: 32 bits made of the place of a
   block and its size. */
static inline uint32_t tlsf_tag(uint32_t block, uint32_t size)
{
    return block * UINT32_C(0x9e3779b1) ^ size * UINT32_C(0x85ebca77) ^
           UINT32_C(0xc2b2ae3d);
}

static inline void tlsf_set_used(tlsf_word *words, uint32_t block,
                                 uint32_t size, uint32_t left)
{
    tlsf_head(words, block)[0] = size << TLSF_SIZE | left | TLSF_USED;
    tlsf_head(words, block)[1] = tlsf_tag(block, size);
}

static inline bool tlsf_is_sealed(tlsf_word *words, uint32_t block)
{
    return tlsf_is_used(words, block) &&
           tlsf_head(words, block)[1] ==
               tlsf_tag(block, tlsf_size(words, block));
}

/* What a head becomes that lies inside a block now: it tells a stale pointer,
   until somebody writes over it. */
static inline void tlsf_bury(tlsf_word *words, uint32_t block)
{
    tlsf_head(words, block)[0] = 0;
    tlsf_head(words, block)[1] = tlsf_tag(block, 0);
}

static inline bool tlsf_is_buried(tlsf_word *words, uint32_t block)
{
    return tlsf_head(words, block)[0] == 0 &&
           tlsf_head(words, block)[1] == tlsf_tag(block, 0);
}

/* Is there the head of a free block, and its foot?  Block is below the end. */
TLSF_INLINE bool tlsf_is_free(const struct tlsf *tlsf, uint32_t block)
{
    uint32_t size = tlsf_size(tlsf->words, block);

    return size - 1 < tlsf->end - block &&
           *tlsf_head(tlsf->words, block) ==
               (size << TLSF_SIZE | TLSF_LEFT_USED) &&
           *tlsf_foot(tlsf->words, block + size) == size;
}

/* The free left neighbour; TLSF_NONE if its foot leads to none. */
TLSF_INLINE uint32_t tlsf_left(const struct tlsf *tlsf, uint32_t block)
{
    uint32_t size = *tlsf_foot(tlsf->words, block);
    uint32_t left = block - size;

    return size - 1 < block && *tlsf_head(tlsf->words, left) ==
                                   (size << TLSF_SIZE | TLSF_LEFT_USED)
               ? left
               : TLSF_NONE;
}

static inline void tlsf_count(struct polished_heap *heap, unsigned steps)
{
    while (steps-- > 0)
        POLISHED_STEP(heap);
}

/* ------------------------------------------------------------ tlsf.c's part */

/* How far behind a free block's start a used one has to start, so that its
   payload is aligned and what stays before it is a block or nothing. */
uint64_t tlsf_gap(const struct polished_heap *heap, uint32_t block,
                  polished_size align_bytes);

/* How many grains more than needed surely hold an aligned block. */
static inline uint64_t tlsf_margin(polished_size align_bytes)
{
    return align_bytes <= TLSF_GRAIN ? 0 : align_bytes / TLSF_GRAIN + 1;
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
              uint32_t gap, uint32_t need, uint32_t left);

enum polished_status tlsf_alloc_half(struct polished_heap *heap,
                                     const struct polished_request *request,
                                     polished_size *offset);

/* What is done with a block in use; see tlsf_free.c. */
enum polished_status tlsf_free_fine(struct polished_heap *heap,
                                    polished_size offset,
                                    polished_size size_bytes);
enum polished_status tlsf_free_half(struct polished_heap *heap,
                                    polished_size offset,
                                    polished_size size_bytes);
enum polished_status tlsf_resize(struct polished_heap *heap,
                                 polished_size offset, polished_size size_bytes,
                                 const struct polished_request *request);
enum polished_status tlsf_usable(const struct polished_heap *heap,
                                 polished_size offset,
                                 polished_size *size_bytes);

/* The calls that concern the region as a whole; see tlsf_region.c. */
polished_size tlsf_control_bytes_of(polished_size data_bytes, unsigned detail);
enum polished_status tlsf_init_as(struct polished_heap *heap, unsigned detail);
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
enum polished_status tlsf_check_lists(const struct polished_heap *heap);

#endif
