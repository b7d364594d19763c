/*
 * alloc/bins_choose.h - which of the free blocks of bins.h, which includes it,
 * a request is served from.
 */
#ifndef ALLOC_BINS_CHOOSE_H
#define ALLOC_BINS_CHOOSE_H

#include "alloc/bins.h"

/*
 * What is asked for: so many granules; and where an alignment is asked too,
 * room(heap, block, size, align_bytes) tells how many granules a free block
 * has from its first aligned place on, and any block that is larger by margin
 * has such a place.  room NULL: no alignment.
 */
struct bins_want {
    uint32_t need;
    uint32_t margin;
    polished_size align_bytes;
    uint32_t (*room)(const struct polished_heap *heap, uint32_t block,
                     uint32_t size, polished_size align_bytes);
};

BINS_INLINE bool bins_holds(const struct polished_heap *heap,
                            const struct bins_want *want, uint32_t block,
                            uint32_t size)
{
    return size >= want->need &&
           (!want->room ||
            want->room(heap, block, size, want->align_bytes) >= want->need);
}

/* Can a block have that name?  A list ends where none can. */
BINS_INLINE bool bins_is_name(const struct bins *bins, uint32_t block)
{
    return block - 1 < bins->end - 1;
}

/* The smallest of the first few blocks of a list that hold what is wanted. */
BINS_INLINE struct bins_choice
bins_scan(struct polished_heap *heap, const struct bins *bins,
          const bins_word *links, const struct bins_want *want, unsigned number)
{
    struct bins_choice best = {0, 0};
    uint32_t block = bins_heads(bins)[number];

    unsigned tries = 0;

    for (; tries < BINS_TRIES && bins_is_name(bins, block); tries++) {
        uint32_t size = bins_size(links, number, block);

        if ((best.block == 0 || size < best.size) &&
            bins_holds(heap, want, block, size))
            best = (struct bins_choice){block, size};
        block = links[block];
    }
    POLISHED_STEPS(heap, tries);
    return best;
}

/* The same without an alignment, in a list of several sizes.  What is too small
   has more to spare than anything, as its difference wraps round. */
BINS_INLINE struct bins_choice bins_best(struct polished_heap *heap,
                                         const struct bins *bins,
                                         const bins_word *links, uint32_t need,
                                         unsigned number)
{
    struct bins_choice best = {0, bins->end};
    uint32_t block = bins_heads(bins)[number];
    unsigned tries = 0;

    for (; tries < BINS_TRIES && bins_is_name(bins, block); tries++) {
        uint32_t spare = links[(size_t)block + 2] - need;

        if (spare < best.size)
            best = (struct bins_choice){block, spare};
        block = links[block];
    }
    POLISHED_STEPS(heap, tries);
    best.size += need;
    return best;
}

/* The first block of a list that is not empty. */
BINS_INLINE struct bins_choice
bins_first(const struct bins *bins, const bins_word *links, unsigned number)
{
    uint32_t block = bins_heads(bins)[number];

    return (struct bins_choice){block, bins_size(links, number, block)};
}

/* The lowest list from that number on that is not empty; 64: none. */
BINS_INLINE unsigned bins_lowest(const struct bins *bins, unsigned number)
{
    uint64_t bits = number < 64 ? bins->map >> number : 0;

    return bits == 0 ? 64 : number + bits_lowest(bits);
}

/* Victim or wild, if one of them holds what is wanted; need is not 0. */
BINS_INLINE struct bins_choice bins_kept(const struct polished_heap *heap,
                                         const struct bins *bins,
                                         const struct bins_want *want)
{
    if (bins_holds(heap, want, bins->victim, bins->victim_size))
        return (struct bins_choice){bins->victim, bins->victim_size};
    if (bins_holds(heap, want, bins->wild, bins->wild_size))
        return (struct bins_choice){bins->wild, bins->wild_size};
    return (struct bins_choice){0};
}

/* The block to cut for a request with an alignment: one of the own bin or the
   lowest above it that happens to have an aligned place; one that must have;
   victim, wild. */
static inline struct bins_choice
bins_choose_aligned(struct polished_heap *heap, const struct bins *bins,
                    const bins_word *links, const struct bins_want *want)
{
    const uint32_t from[] = {want->need, want->need, want->need + want->margin};
    struct bins_choice choice = {0};

    for (unsigned i = 0; i < 3 && choice.block == 0; i++) {
        unsigned own = bins_number(from[i]) + (i == 1);
        unsigned number = bins_lowest(bins, own);

        POLISHED_STEP(heap);
        if (number < 64 && (i != 0 || number == own))
            choice = bins_scan(heap, bins, links, want, number);
    }
    return choice.block != 0 ? choice : bins_kept(heap, bins, want);
}

#endif
