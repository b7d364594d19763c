/*
 * alloc/buddy.h - a tag per grain and a list per order: what the files of
 * buddy share.  The idea is told in buddy.c.
 *
 * A tag is valid for every grain: that of a block's first grain says what the
 * block is and its order, all others say "inside".  A run has no order: its
 * length is told instead, five bits in the first tag, five in each that
 * follows, the lowest first.  Other tags inside have no bits.
 */
#ifndef ALLOC_BUDDY_H
#define ALLOC_BUDDY_H

#include <stdbool.h>

#include "core/arith.h"
#include "core/count.h"
#include "core/memory.h"
#include "polished/heap.h"

/* A grain's number has 32 bits less one value, an order 5. */
#ifndef BUDDY_ORDERS
#define BUDDY_ORDERS 32u
#endif

#define BUDDY_NONE UINT32_MAX

struct buddy_state {
    polished_size first_bytes;   /* where grain 0 lies: a multiple of a grain */
    uint32_t count;              /* of grains */
    uint32_t room;               /* of tags in control */
    uint32_t grain_shift;        /* log2 of the bytes of a grain */
    uint32_t orders;             /* bit k: there are free blocks of order k */
    uint32_t head[BUDDY_ORDERS]; /* of the list of each order */
    uint8_t tag[];               /* of each grain */
};

/* On the way of every call: not to be a call itself; and what is not. */
#ifdef __GNUC__
#define BUDDY_INLINE static inline __attribute__((__always_inline__))
#define BUDDY_COOL   __attribute__((__noinline__))
#else
#define BUDDY_INLINE static inline
#define BUDDY_COOL
#endif

enum buddy_kind {
    BUDDY_INSIDE,        /* not the first grain of a block */
    BUDDY_FREE = 1 << 5, /* each with its order in the bits below */
    BUDDY_USED = 2 << 5, /* a block in use */
    BUDDY_RUN = 3 << 5,  /* grains in use that are no block of 2^k of them */
    BUDDY_KIND = 7 << 5,
    BUDDY_ORDER = 31,
    BUDDY_DIGIT = 31, /* of the length of a run */
    BUDDY_DIGIT_BITS = 5
};

/* A free block keeps its links in its first bytes. */
#ifdef __GNUC__
typedef uint32_t __attribute__((__may_alias__)) buddy_link;
#else
typedef uint32_t buddy_link;
#endif

static inline struct buddy_state *buddy_state(const struct polished_heap *heap)
{
    return heap->control;
}

static inline polished_size buddy_offset(const struct buddy_state *state,
                                         uint32_t block)
{
    return state->first_bytes + ((polished_size)block << state->grain_shift);
}

/* A heap, opened: what every step needs, in registers. */
struct buddy {
    struct buddy_state *state;
    unsigned char *first; /* grain 0 */
    unsigned shift;       /* log2 of the bytes of a grain */
    uint32_t count;       /* of grains */
    uint32_t orders;      /* as in state, to which buddy_close writes it */
    unsigned steps;       /* for buddy_close to count */
};

BUDDY_INLINE struct buddy buddy_open(const struct polished_heap *heap)
{
    struct buddy_state *state = buddy_state(heap);
    struct buddy buddy = {state,
                          polished_pointer(heap, state->first_bytes),
                          state->grain_shift,
                          state->count,
                          state->orders,
                          0};

    return buddy;
}

BUDDY_INLINE void buddy_close(const struct buddy *buddy,
                              struct polished_heap *heap)
{
    buddy->state->orders = buddy->orders;
    POLISHED_STEPS(heap, buddy->steps);
}

/* The next block in a free one's list and, behind it, the previous one; of
   the first block in a list the latter says nothing. */
BUDDY_INLINE buddy_link *buddy_links(const struct buddy *buddy, uint32_t block)
{
    return (buddy_link *)(void *)(buddy->first +
                                  ((size_t)block << buddy->shift));
}

static inline unsigned buddy_tag_order(unsigned tag)
{
    return tag & BUDDY_ORDER;
}

static inline unsigned buddy_tag_kind(unsigned tag)
{
    return tag & BUDDY_KIND;
}

/*
 * A block that says what a grain lies in: the last one before it whose number
 * is the grain's but for bits below some order.  In a sound heap that is the
 * block it lies in, or it lies in a run.
 */
static inline uint32_t buddy_around(const struct buddy_state *state,
                                    uint32_t grain)
{
    while (grain != 0 && buddy_tag_kind(state->tag[grain]) == BUDDY_INSIDE)
        grain &= grain - 1;
    return grain;
}

/* How many grains so many bytes need. */
static inline uint64_t buddy_grains(const struct buddy_state *state,
                                    polished_size size_bytes)
{
    return ((uint64_t)(size_bytes - 1) >> state->grain_shift) + 1;
}

/* The least order that has room for so many grains, at least 1. */
static inline unsigned buddy_order(uint64_t grains)
{
    return bits_highest(2 * grains - 1);
}

/* What an alignment asks of a block. */
struct buddy_align {
    unsigned order; /* of the block it is to be cut from, at least */
    uint64_t gap;   /* grains from the start of any such block to a place with
                       this alignment; 0 if grain 0 has it too */
};

BUDDY_INLINE struct buddy_align buddy_align(const struct polished_heap *heap,
                                            polished_size align_bytes)
{
    const struct buddy_state *state = buddy_state(heap);
    struct buddy_align align = {0, 0};

    if (align_bytes >> state->grain_shift != 0) {
        align.order = bits_highest(align_bytes) - state->grain_shift;
        align.gap =
            arith_gap(heap->data.bus_base + state->first_bytes, align_bytes) >>
            state->grain_shift;
    }
    return align;
}

/* Is there a free block of this order? */
BUDDY_INLINE bool buddy_is_free(const struct buddy *buddy, uint32_t block,
                                unsigned order)
{
    return block < buddy->count &&
           buddy->state->tag[block] == (BUDDY_FREE | order);
}

/*
 * Make a free block; its buddy must not be free.  Here and below a link that
 * has no block to be in goes to one where it says nothing: cheaper than to ask.
 */
BUDDY_INLINE void buddy_push(struct buddy *buddy, uint32_t block,
                             unsigned order)
{
    struct buddy_state *state = buddy->state;
    uint32_t next = state->head[order];
    uint32_t behind = next == BUDDY_NONE ? block : next;

    state->tag[block] = (uint8_t)(BUDDY_FREE | order);
    *buddy_links(buddy, block) = next;
    buddy_links(buddy, behind)[1] = block;
    state->head[order] = block;
    buddy->orders |= UINT32_C(1) << order;
}

/* Make a free block of an order of which there is none. */
BUDDY_INLINE void buddy_start(struct buddy *buddy, uint32_t block,
                              unsigned order)
{
    struct buddy_state *state = buddy->state;

    state->tag[block] = (uint8_t)(BUDDY_FREE | order);
    *buddy_links(buddy, block) = BUDDY_NONE;
    state->head[order] = block;
    buddy->orders |= UINT32_C(1) << order;
}

/*
 * Take the first block of a list.  That its link leads to a free block is
 * asked before that becomes the first: so the first is always one.  False if
 * somebody wrote over the link.
 */
BUDDY_INLINE bool buddy_pop(struct buddy *buddy, unsigned order,
                            uint32_t *block)
{
    struct buddy_state *state = buddy->state;
    uint32_t next;

    *block = state->head[order];
    next = *buddy_links(buddy, *block);
    if (!buddy_is_free(buddy, next == BUDDY_NONE ? *block : next, order))
        return false;
    state->head[order] = next;
    buddy->orders &= ~((uint32_t)(next == BUDDY_NONE) << order);
    return true;
}

/* Take any free block out of its list; its tag is the caller's to change. */
BUDDY_INLINE bool buddy_pull(struct buddy *buddy, uint32_t block,
                             unsigned order)
{
    uint32_t next, previous, behind;

    if (buddy->state->head[order] == block)
        return buddy_pop(buddy, order, &block);
    next = buddy_links(buddy, block)[0];
    previous = buddy_links(buddy, block)[1];
    behind = next == BUDDY_NONE ? block : next;
    if (!buddy_is_free(buddy, previous, order) ||
        !buddy_is_free(buddy, behind, order))
        return false;
    *buddy_links(buddy, previous) = next;
    buddy_links(buddy, behind)[1] = previous;
    return true;
}

/* The orders of which there are free blocks, from one on, as a word. */
BUDDY_INLINE uint32_t buddy_orders_from(const struct buddy *buddy,
                                        unsigned order)
{
    return (uint32_t)((uint64_t)buddy->orders >> order << order);
}

/* Ranges and runs; see buddy_run.c.
 *
 * Free [from, to), which is in no list: cut it into maximal blocks and merge
 * each with its buddies.  False in a damaged heap.
 */
bool buddy_give(struct polished_heap *heap, uint32_t from, uint32_t to);

/* Mark [from, to), which is in no list, as in use. */
void buddy_mark(struct polished_heap *heap, uint32_t from, uint32_t to);

/* How many grains the block or run that starts there has. */
uint32_t buddy_length(const struct buddy_state *state, uint32_t block);

enum polished_status buddy_alloc_run(struct polished_heap *heap,
                                     uint64_t grains,
                                     const struct buddy_align *align,
                                     polished_size *offset);
bool buddy_free_run(struct polished_heap *heap, uint32_t run);
enum polished_status buddy_resize_run(struct polished_heap *heap, uint32_t run,
                                      uint64_t grains);

/* The calls that concern the region as a whole; see buddy_region.c. */
polished_size buddy_control_bytes(const polished_size *knobs,
                                  polished_size data_bytes);
enum polished_status buddy_init(struct polished_heap *heap,
                                const polished_size *knobs);
enum polished_status buddy_extend(struct polished_heap *heap,
                                  polished_size more_bytes);
enum polished_status buddy_reserve(struct polished_heap *heap,
                                   polished_size offset,
                                   polished_size size_bytes);
enum polished_status buddy_reset(struct polished_heap *heap);
enum polished_status buddy_walk(const struct polished_heap *heap,
                                polished_visit *visit, void *context);
polished_size buddy_largest(const struct polished_heap *heap,
                            const struct polished_request *request);
enum polished_status buddy_check(const struct polished_heap *heap);

#endif
