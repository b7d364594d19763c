/*
 * alloc/tlsf.h - blocks with boundary tags in segregated lists: what the files
 * of tlsf and half-fit share.  The idea is told in tlsf.c.
 *
 *     | pad   head tag | links ... foot | head tag | payload ...   head tag |
 *     0                2: a free block             a used one             end
 *
 * Memory is counted in cells of 8 bytes, which are two words of 32 bits, and a
 * block is named by the cell where its payload starts: an even number below
 * 2^31.  Of block b
 *
 *     words[2b - 2]  is its right neighbour, and whether it is in use and its
 *                    left one free: two bits are to spare
 *     words[2b - 1]  in use: a tag made of b and its right neighbour
 *     words[2b]      in use: the payload; free: the next block in its list,
 *     words[2b + 1]  and the previous one
 *     words[2r - 3]  where r is the right neighbour: in use, payload; free: b
 *                    again, the foot
 *
 * So a head says where its block ends, a foot where it starts.  The end mark
 * is a head that says it is in use: so nothing merges past it.  And block 0 is
 * no block: it ends the lists, but may be written to like a previous one, for
 * it has links, in the pad.
 *
 * Invariants: two free blocks never touch; each is in the list of its class,
 * and nothing else is; a bit is set just where a list is not empty.
 */
#ifndef ALLOC_TLSF_H
#define ALLOC_TLSF_H

#include <stdbool.h>

#include "core/arith.h"
#include "core/bits.h"
#include "core/count.h"
#include "polished/heap.h"

/* The largest data: the number of a cell has 31 bits. */
#ifndef TLSF_SPAN
#define TLSF_SPAN (ARITH_SPAN(34) - 16)
#endif

/* log2 of the lists per octave. */
#ifndef TLSF_DETAIL
#define TLSF_DETAIL 3
#endif

/* So many blocks of a list are looked at. */
#ifndef TLSF_TRIES
#define TLSF_TRIES 4
#endif

#define TLSF_GRAIN    16u /* bytes; payloads are aligned to it */
#define TLSF_CELL     8u  /* bytes: head and tag */
#define TLSF_LEAST    4u  /* cells: head and tag, links, and one for the foot */
#define TLSF_FIRST    2u  /* the first block */
#define TLSF_NONE     0u
#define TLSF_NO_CLASS 0u /* no size has it */
#define TLSF_WORDS    4  /* of 64 classes: as many as TLSF_SPAN can need */

/* On the way of every call: not to be a call itself.  Or beside the way, and
   not to be in the way. */
#ifdef __GNUC__
#define TLSF_INLINE  static inline __attribute__((__always_inline__))
#define TLSF_OUTLINE static __attribute__((__noinline__))
#else
#define TLSF_INLINE  static inline
#define TLSF_OUTLINE static
#endif

/* A word may lie where the owner of a block wrote something else. */
#ifdef __GNUC__
typedef uint32_t __attribute__((__may_alias__)) tlsf_word;
#else
typedef uint32_t tlsf_word;
#endif

struct tlsf_state {
    polished_size base_bytes;  /* where cell 0 lies: a multiple of a grain */
    uint32_t end;              /* the end mark */
    uint32_t class_count;      /* lists that there are */
    uint32_t detail;           /* log2 of the lists per octave */
    uint32_t last;             /* the free block that ends at the end, if any */
    uint64_t word[TLSF_WORDS]; /* bit i % 64 of i / 64: head[i] is a block */
    uint32_t head[];           /* of each list, or TLSF_NONE */
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
    struct tlsf tlsf = {state, polished_pointer(heap, state->base_bytes),
                        state->end, detail};

    return tlsf;
}

TLSF_INLINE struct tlsf tlsf_open(const struct polished_heap *heap)
{
    return tlsf_open_as(heap, tlsf_state(heap)->detail);
}

/* Can a block have that number?  Not every number in a list is one: somebody
   may have written over it. */
TLSF_INLINE bool tlsf_is_inside(const struct tlsf *tlsf, uint32_t block)
{
    return block - TLSF_FIRST < tlsf->end - TLSF_FIRST;
}

/* ------------------------------------------------------------- the classes */

/*
 * The class of a size.  Up to 2 * 2^detail grains, of 2 cells each, every size
 * has its own.  Of an octave above, [2^k, 2^(k+1)), each of 2^detail equal
 * parts is a class:
 *
 *     grains 45 = 1 0 1 1 0 1     detail 3: the leading bit and 3 more say
 *                 -------         which part, 1011 = 11; two bits are left
 *                                 over, so this is octave 2; its class is
 *                                 2 * 8 + 11 = 27, of 44 to 47 grains
 */
TLSF_INLINE uint32_t tlsf_class(unsigned detail, uint64_t size)
{
    unsigned high = bits_highest(size | UINT64_C(2) << detail);
    uint32_t part = (uint32_t)(size >> (high - detail));

    return ((high - detail - 1) << detail) + part;
}

/* The least size of a class. */
static inline uint64_t tlsf_floor(unsigned detail, uint32_t class)
{
    uint32_t octave = class >> detail;

    octave -= octave != 0;
    return (uint64_t)(class - (octave << detail)) << (octave + 1);
}

/* The size of a block with so much payload, which is at most data's size: so
   it is at most 2^31. */
TLSF_INLINE uint32_t tlsf_need(polished_size payload_bytes)
{
    uint64_t bytes = (uint64_t)payload_bytes + TLSF_CELL + TLSF_GRAIN - 1;
    uint32_t size = (uint32_t)(bytes / TLSF_GRAIN) * 2;

    return size < TLSF_LEAST ? TLSF_LEAST : size;
}

/* As this heap cuts it. */
TLSF_INLINE uint32_t tlsf_round(unsigned detail, uint32_t need)
{
    return detail != 0 ? need : UINT32_C(2) << bits_highest(need - 1);
}

/* ------------------------------------------------------- the words of data */

#define TLSF_USED      (UINT32_C(1) << 31)
#define TLSF_LEFT_FREE UINT32_C(1)
#define TLSF_FLAGS     (TLSF_USED | TLSF_LEFT_FREE)

/* The payload of a block. */
static inline polished_size tlsf_offset(const struct tlsf_state *state,
                                        uint32_t block)
{
    return state->base_bytes + (polished_size)TLSF_CELL * block;
}

/* The right neighbour and flags of a block and, behind them, the tag. */
static inline tlsf_word *tlsf_head(tlsf_word *words, uint32_t block)
{
    return &words[2 * (size_t)block - 2];
}

static inline tlsf_word *tlsf_next(tlsf_word *words, uint32_t block)
{
    return &words[2 * (size_t)block];
}

/* That of TLSF_NONE is there to be written. */
static inline tlsf_word *tlsf_previous(tlsf_word *words, uint32_t block)
{
    return &words[2 * (size_t)block + 1];
}

/* The last word of the block to the left of that one. */
static inline tlsf_word *tlsf_foot(tlsf_word *words, uint32_t right)
{
    return &words[2 * (size_t)right - 3];
}

static inline uint32_t tlsf_right(tlsf_word *words, uint32_t block)
{
    return *tlsf_head(words, block) & ~TLSF_FLAGS;
}

static inline uint32_t tlsf_size(tlsf_word *words, uint32_t block)
{
    return tlsf_right(words, block) - block;
}

static inline bool tlsf_is_used(tlsf_word *words, uint32_t block)
{
    return *tlsf_head(words, block) & TLSF_USED;
}

static inline bool tlsf_left_is_free(tlsf_word *words, uint32_t block)
{
    return *tlsf_head(words, block) & TLSF_LEFT_FREE;
}

/*
 * What no stranger's bytes have by chance: a tag with which the place of a
 * block, where it ends and that it is used give a number that is always the
 * same.  Of what was a block in use and is none any more, all but that.
 */
#define TLSF_WAS_USED UINT32_C(0x1e3779b1)
#define TLSF_IS_USED  (TLSF_WAS_USED | TLSF_USED)

static inline void tlsf_set_used(tlsf_word *words, uint32_t block,
                                 uint32_t right, uint32_t left)
{
    tlsf_head(words, block)[0] = right | left | TLSF_USED;
    tlsf_head(words, block)[1] = right ^ block ^ TLSF_WAS_USED;
}

/* To its neighbour the end is in use; but it is no block that could be freed,
   so it has the tag of one that was. */
static inline void tlsf_set_end(tlsf_word *words, uint32_t end)
{
    tlsf_head(words, end)[0] = TLSF_USED | TLSF_LEFT_FREE;
    tlsf_head(words, end)[1] = end ^ TLSF_IS_USED;
}

/* What a head becomes that lies inside a block now: it tells a stale pointer,
   until somebody writes over it. */
static inline void tlsf_bury(tlsf_word *words, uint32_t block)
{
    tlsf_head(words, block)[0] = 0;
    tlsf_head(words, block)[1] = block ^ TLSF_WAS_USED;
}

/* Is there, or was there, the head of a used block?  Then it says which. */
static inline uint32_t tlsf_seal(tlsf_word *words, uint32_t block)
{
    tlsf_word *head = tlsf_head(words, block);

    return (head[0] & ~TLSF_LEFT_FREE) ^ head[1] ^ block;
}

/* Is there the head of a free block, and its foot?  Block is below the end. */
TLSF_INLINE bool tlsf_is_free(const struct tlsf *tlsf, uint32_t block)
{
    uint32_t right = *tlsf_head(tlsf->words, block);

    return right > block && right <= tlsf->end &&
           *tlsf_foot(tlsf->words, right) == block;
}

/* The free left neighbour; TLSF_NONE if the foot leads to none. */
TLSF_INLINE uint32_t tlsf_left(const struct tlsf *tlsf, uint32_t block)
{
    uint32_t left = *tlsf_foot(tlsf->words, block);

    return left - TLSF_FIRST < block - TLSF_FIRST &&
                   *tlsf_head(tlsf->words, left) == block
               ? left
               : TLSF_NONE;
}

/* ------------------------------------------------- a block for a request */

/* How much more than needed surely holds an aligned block. */
static inline uint64_t tlsf_margin(polished_size align_bytes)
{
    return align_bytes <= TLSF_GRAIN ? 0 : align_bytes / TLSF_CELL + 2;
}

/* Of half-fit; tlsf's own is static. */
enum polished_status tlsf_alloc_half(struct polished_heap *heap,
                                     const struct polished_request *request,
                                     polished_size *offset);

/* The general case of both; see tlsf_search.c. */
enum polished_status tlsf_alloc_any(struct polished_heap *heap,
                                    const struct polished_request *request,
                                    polished_size *offset);

/* How far behind a free block's start a used one has to start, so that its
   payload is aligned and what stays before it is a block or nothing. */
uint64_t tlsf_gap(const struct polished_heap *heap, uint32_t block,
                  polished_size align_bytes);

/* The block that would serve a request of that size, if any. */
uint32_t tlsf_search(struct polished_heap *heap, uint64_t need,
                     polished_size align_bytes);

/*
 * Make [block, right), which is in no list and which right knows as free, into
 * a used block of size need that starts gap behind; file what is left of it.
 * left is TLSF_LEFT_FREE or 0.
 */
void tlsf_cut(struct polished_heap *heap, uint32_t block, uint32_t right,
              uint32_t gap, uint32_t need, uint32_t left);

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
