/*
 * alloc/compact.h - what the files of polished-compact share.  The idea is
 * told in compact.c, the map in toggle.h, the bins in bins.h.
 *
 *     control   | state | bins: map, wild, victim, heads | slots of granules |
 *
 *     data      | used: payload only | free                    | used ...
 *                                      next previous size ... foot
 *
 * Granules are numbered from 1; a block is named by its first one, and its
 * size counts granules.  A free block has four words of 32 bits: two links,
 * its size and, last of all, its size again, the foot, by which its right
 * neighbour finds where it begins.  A free block of 8 bytes has the links
 * alone: it is known by the slots on both sides of it.
 *
 * Invariants: two free blocks never touch; each is in the list of its bin, or
 * is the wild one, or the victim; a slot says what its granule is, and all
 * slots but those of blocks and of their codes are 0.
 */
#ifndef ALLOC_COMPACT_H
#define ALLOC_COMPACT_H

#include "alloc/bins.h"
#include "alloc/toggle.h"
#include "core/arith.h"
#include "core/count.h"
#include "polished/heap.h"

/* The most granules: a size of them all can be coded, and an end behind. */
#ifndef COMPACT_SPAN
#define COMPACT_SPAN TOGGLE_MOST
#endif

/* Blocks of so many bytes or more are cut from the high end of free ones. */
#ifndef COMPACT_HIGH_BYTES
#define COMPACT_HIGH_BYTES 256u
#endif

/* So many words of the map are looked at to tell what kind of misuse it was. */
#ifndef COMPACT_LOOK
#define COMPACT_LOOK 8u
#endif

#define COMPACT_INLINE TOGGLE_INLINE

struct compact_state {
    polished_size lead_bytes; /* where granule 0 would lie: before data */
    uint32_t end;             /* the number of the end mark */
    uint32_t room;            /* the greatest that control has slots for */
    uint32_t shift;           /* log2 of the bytes of a granule: 3 or 4 */
    uint32_t map_at;          /* where the slots begin, in words of control */
};

/* A heap, opened: what every step needs, in registers. */
struct compact {
    struct compact_state *state;
    struct bins *bins;
    uint64_t *map;
    bins_word *links; /* of granule 0, were there one */
    uint32_t end;
    unsigned shift;
};

static inline struct compact_state *
compact_state(const struct polished_heap *heap)
{
    return heap->control;
}

static inline struct bins *compact_bins(struct compact_state *state)
{
    return (void *)(state + 1);
}

/* With the size of granules known when this is compiled, less is to be done. */
COMPACT_INLINE struct compact compact_open_as(const struct polished_heap *heap,
                                              unsigned shift)
{
    struct compact_state *state = compact_state(heap);
    uintptr_t base = (uintptr_t)heap->data.base;
    struct compact compact = {
        .state = state,
        .bins = compact_bins(state),
        .map = (uint64_t *)heap->control + state->map_at,
        .links = (bins_word *)(base + (uintptr_t)state->lead_bytes),
        .end = state->end,
        .shift = shift};

    return compact;
}

static inline struct compact compact_open(const struct polished_heap *heap)
{
    return compact_open_as(heap, compact_state(heap)->shift);
}

/* -------------------------------------------------------------- the numbers */

COMPACT_INLINE polished_size compact_offset(const struct compact *compact,
                                            uint32_t block)
{
    return compact->state->lead_bytes +
           ((polished_size)block << compact->shift);
}

/* Where the first granule lies. */
static inline polished_size compact_first(const struct compact_state *state)
{
    return state->lead_bytes + ((polished_size)1 << state->shift);
}

/* The number of the granule that begins at an offset, if any does: of no
   other offset is the answer below the end. */
COMPACT_INLINE polished_size compact_number(const struct compact *compact,
                                            polished_size offset)
{
    polished_size distance = offset - compact->state->lead_bytes;

    return distance >> compact->shift |
           distance << (8 * sizeof distance - compact->shift);
}

/* The granules that so many bytes need. */
COMPACT_INLINE uint32_t compact_need(unsigned shift, polished_size size_bytes)
{
    return (uint32_t)((size_bytes - 1) >> shift) + 1;
}

/* By its first word a block is known to the bins. */
COMPACT_INLINE uint32_t compact_name(unsigned shift, uint32_t block)
{
    return block << (shift - 2);
}

COMPACT_INLINE uint32_t compact_block(unsigned shift, uint32_t name)
{
    return name >> (shift - 2);
}

/* From which size on blocks are cut from the high end. */
COMPACT_INLINE bool compact_is_high(unsigned shift, uint32_t size)
{
    return size >= COMPACT_HIGH_BYTES >> shift;
}

/* -------------------------------------------------------------- free blocks */

COMPACT_INLINE bins_word *compact_words(const struct compact *compact,
                                        uint32_t block)
{
    return compact->links + ((size_t)block << (compact->shift - 2));
}

/* How many lists there are. */
static inline unsigned compact_lists(const struct compact_state *state)
{
    return bins_number(state->room - 1) + 1;
}

/* Have blocks of this size room for the two words of their size? */
COMPACT_INLINE bool compact_has_size(unsigned shift, uint32_t size)
{
    return shift != 3 || size > 1;
}

/* Write the two, before the links; where there is no room, below these. */
COMPACT_INLINE void compact_shape(const struct compact *compact, uint32_t block,
                                  uint32_t size)
{
    bins_word *words = compact_words(compact, block);

    words[compact_has_size(compact->shift, size) ? 2 : 0] = size;
    compact_words(compact, block + size)[-1] = size;
}

/*
 * The size of a free block, whose window that is, as far as it can be one: 0
 * if it cannot.
 */
COMPACT_INLINE uint32_t compact_free_size(const struct compact *compact,
                                          uint32_t block, uint64_t window)
{
    uint32_t size;

    if (compact->shift == 3 && (window & 12) != 0)
        return 1;
    size = compact_words(compact, block)[2];
    return size - 1 < compact->end - block &&
                   compact_words(compact, block + size)[-1] == size
               ? size
               : 0;
}

/* The size of the block that begins there; 0 if that cannot be. */
static inline uint32_t compact_size(const struct compact *compact,
                                    uint32_t block)
{
    uint64_t window = toggle_window(compact->map, block);
    uint32_t size;

    if ((window & 3) == TOGGLE_FREE)
        size = compact_free_size(compact, block, window);
    else
        size = window >> 2 == 0 ? 0 : toggle_size(window);
    return (window & 3) == TOGGLE_INSIDE || size > compact->end - block ? 0
                                                                        : size;
}

/* The size of the free block that ends there; 0 if its foot leads to none. */
COMPACT_INLINE uint32_t compact_left_size(const struct compact *compact,
                                          uint32_t block)
{
    uint32_t size;

    if (compact->shift == 3 && toggle_slot(compact->map, block - 1) != 0)
        return 1;
    size = compact_words(compact, block)[-1];
    return size < block && compact_words(compact, block - size)[2] == size
               ? size
               : 0;
}

/*
 * How large the wild block is may decide where a free block goes: in a shorter
 * region that would have been less.  Of a small block this need not be asked,
 * for slack leaves the wild block larger than those.
 */
COMPACT_INLINE void compact_compare(struct polished_heap *heap,
                                    const struct compact *compact,
                                    uint32_t size)
{
    uint32_t wild_size = compact->bins->wild_size;

    if (size >= BINS_EXACT && wild_size != 0)
        POLISHED_LOWER_SLACK(heap, size > wild_size
                                       ? 0
                                       : (polished_size)(wild_size - size)
                                             << compact->shift);
}

/* Keep a free block. */
COMPACT_INLINE void compact_file(struct polished_heap *heap,
                                 const struct compact *compact, uint32_t block,
                                 uint32_t size)
{
    compact_compare(heap, compact, size);
    compact_shape(compact, block, size);
    bins_file(compact->bins, compact->links,
              compact_name(compact->shift, block), size);
}

/* A shorter region, too, has a block that ends it, and that is no small one,
   if so many granules may be missing. */
COMPACT_INLINE void compact_lower_slack(struct polished_heap *heap,
                                        unsigned shift, uint32_t size)
{
    POLISHED_LOWER_SLACK(
        heap,
        size < BINS_EXACT ? 0 : (polished_size)(size - BINS_EXACT) << shift);
}

/* Is it the name of a free block?  0 is not. */
static inline bool compact_names_free(const struct compact *compact,
                                      uint32_t name)
{
    uint32_t block = compact_block(compact->shift, name);

    return name < compact->bins->end &&
           compact_name(compact->shift, block) == name &&
           toggle_slot(compact->map, block) == TOGGLE_FREE;
}

/* Let a free block be kept no more.  False in a damaged heap. */
COMPACT_INLINE bool compact_unfile(const struct compact *compact,
                                   uint32_t block, uint32_t size)
{
    return bins_unfile(compact->bins, compact->links,
                       compact_name(compact->shift, block), size);
}

static inline void compact_count(struct polished_heap *heap, unsigned steps)
{
    while (steps-- > 0)
        POLISHED_STEP(heap);
}

/* --------------------------------------------------------- compact.c's part */

/* The free block that would serve so many granules, as the bins know it. */
struct bins_choice compact_search(struct polished_heap *heap, uint32_t need,
                                  polished_size align_bytes);

/* How many granules behind the start of a block the first aligned one lies. */
polished_size compact_gap(const struct polished_heap *heap, uint32_t block,
                          polished_size align_bytes);

/* How many granules more than needed surely hold an aligned place. */
uint32_t compact_margin(const struct polished_heap *heap,
                        polished_size align_bytes);

/* Take [block + gap, block + gap + need) out of a free block, which is kept no
   more; keep what is left of it. */
void compact_cut(struct polished_heap *heap, uint32_t block, uint32_t size,
                 uint32_t gap, uint32_t need);

/* What is done with a block in use; see compact_free.c. */
enum polished_status compact_free(struct polished_heap *heap,
                                  polished_size offset,
                                  polished_size size_bytes);
enum polished_status compact_resize(struct polished_heap *heap,
                                    polished_size offset,
                                    polished_size size_bytes,
                                    const struct polished_request *request);
enum polished_status compact_usable(const struct polished_heap *heap,
                                    polished_size offset,
                                    polished_size *size_bytes);

/* The calls that concern the region as a whole; see compact_region.c. */
polished_size compact_control_bytes(const polished_size *knobs,
                                    polished_size data_bytes);
enum polished_status compact_init(struct polished_heap *heap,
                                  const polished_size *knobs);
enum polished_status compact_extend(struct polished_heap *heap,
                                    polished_size more_bytes);
enum polished_status compact_reserve(struct polished_heap *heap,
                                     polished_size offset,
                                     polished_size size_bytes);
enum polished_status compact_reset(struct polished_heap *heap);
enum polished_status compact_walk(const struct polished_heap *heap,
                                  polished_visit *visit, void *context);
polished_size compact_largest(const struct polished_heap *heap,
                              const struct polished_request *request);

/* See compact_check.c. */
enum polished_status compact_check(const struct polished_heap *heap);

#endif
