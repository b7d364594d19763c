/*
 * alloc/bins.h - the free blocks of a region by size: one word of bits, a list
 * for each bit, and two blocks that are in no list.  It names no policy.
 *
 *     bin    2 ... 31 |   32   |   33   |   34   | ... |  46   |  47   | ...
 *     size   2 ... 31 | 32..47 | 48..63 | 64..95 | ... | 4096+ | 8192+ | ...
 *
 *     map    . 1 . . 1 . . . 1 .     bit i: list i is not empty
 *              |
 *     head     block <-> block <-> block      newest first
 *
 * Sizes are in granules.  Up to 31 each has a bin of its own, so the first
 * block of it fits exactly and its size need not be read.  Then two bins share
 * an octave, and from 4096 granules on one has it alone: 32 + 2 * 7 + 18 are
 * just the 64 that one word can tell, for sizes of up to 30 bits.  Any block
 * of a higher bin is large enough, and the lowest such bin is found by one
 * look at the word.
 *
 *     wild     the largest block, as far as filing tells: a block is compared
 *              with it when it is filed.  It is cut when nothing else will do.
 *     victim   what was left of the last block that a small request cut.  It
 *              is cut again by the next one that has no exact fit: no list is
 *              touched, and blocks made one after the other lie side by side.
 *
 * A block is named by the index of its first word, which is never 0: 0 is no
 * block.  links[block] is the next block of its list, links[block + 1] the one
 * before it, 0 for the first; links[block + 2] is its size, read only in bins
 * of several sizes.  Where links points, and who writes that, the policy knows.
 *
 * Bound: a search looks at no more than BINS_TRIES blocks of each of three
 * bins; without an alignment of one bin, and at the first block of another.
 * To file a block and to take it out is a straight line.
 */
#ifndef ALLOC_BINS_H
#define ALLOC_BINS_H

#include <stdbool.h>

#include "core/bits.h"
#include "core/count.h"
#include "polished/heap.h"

/* log2 of the sizes that have a bin of their own. */
#ifndef BINS_EXACT_LOG2
#define BINS_EXACT_LOG2 5u
#endif

/* log2 of the sizes up to which an octave has two bins. */
#ifndef BINS_FINE_LOG2
#define BINS_FINE_LOG2 12u
#endif

/* So many blocks of a bin of several sizes are looked at. */
#ifndef BINS_TRIES
#define BINS_TRIES 8u
#endif

#define BINS_EXACT (1u << BINS_EXACT_LOG2)

/* On the way of every call: not to be a call itself. */
#ifdef __GNUC__
#define BINS_INLINE        static inline __attribute__((__always_inline__))
#define BINS_LIKELY(truth) __builtin_expect(truth, 1)
#else
#define BINS_INLINE        static inline
#define BINS_LIKELY(truth) (truth)
#endif

/* A word may lie where the owner of a block wrote something else. */
#ifdef __GNUC__
typedef uint32_t __attribute__((__may_alias__)) bins_word;
#else
typedef uint32_t bins_word;
#endif

/*
 * Behind it lie the heads, of which nobody needs the first.  A name and its
 * size are no neighbours: a compiler would read both at once, and wait until
 * they are written, one by one.
 */
struct bins {
    uint64_t map;
    uint32_t wild, victim;           /* 0: none */
    uint32_t wild_size, victim_size; /* of none: 0 */
    uint32_t end;                    /* every block's name is below */
    uint16_t word[2];                /* the policy's, to fill the place */
};

/* The first block of each list, or 0. */
BINS_INLINE bins_word *bins_heads(const struct bins *bins)
{
    return (bins_word *)((uintptr_t)bins + sizeof *bins);
}

/* ----------------------------------------------------------------- numbers */

/* The bin of a size.  Most are small. */
BINS_INLINE unsigned bins_number(uint32_t size)
{
    unsigned octave;

    if (BINS_LIKELY(size < BINS_EXACT))
        return size;
    octave = bits_highest(size);
    if (octave >= BINS_FINE_LOG2)
        return octave + BINS_EXACT + BINS_FINE_LOG2 - 2 * BINS_EXACT_LOG2;
    return 2 * (octave - BINS_EXACT_LOG2) + (size >> (octave - 1)) +
           BINS_EXACT - 2;
}

/* The least size of a bin. */
static inline uint64_t bins_floor(unsigned number)
{
    unsigned beyond = number - BINS_EXACT;
    unsigned fine_count = 2 * (BINS_FINE_LOG2 - BINS_EXACT_LOG2);

    if (number < BINS_EXACT)
        return number;
    if (beyond >= fine_count)
        return UINT64_C(1) << (BINS_FINE_LOG2 + beyond - fine_count);
    return (UINT64_C(2) + (beyond & 1)) << (BINS_EXACT_LOG2 - 1 + beyond / 2);
}

/* What all lists take for a region that is a block of that size. */
static inline uint32_t bins_bytes(uint32_t size)
{
    return (uint32_t)sizeof(struct bins) +
           (bins_number(size) + 1) * (uint32_t)sizeof(bins_word);
}

/* The size of a block of a list; all there are alike in an exact bin. */
BINS_INLINE uint32_t bins_size(const bins_word *links, unsigned number,
                               uint32_t block)
{
    return number < BINS_EXACT ? number : links[(size_t)block + 2];
}

/* ------------------------------------------------------------------- lists */

/*
 * Where the link back to a block is kept: in the next block of its list or, if
 * there is none, in a word that is nobody's: links[1] if that is to spare, else
 * the first head.  It is a place that is chosen and not a way: whether a list
 * has one block or two nobody can foresee.
 */
BINS_INLINE bins_word *bins_back(const struct bins *bins, bins_word *links,
                                 uint32_t next, bool spare)
{
    bins_word *there = links + ((size_t)next + 1);
    uintptr_t nowhere = (uintptr_t)bins_heads(bins);
    uintptr_t mask = 0 - (uintptr_t)(next != 0);

    return spare
               ? there
               : (bins_word *)(nowhere + (((uintptr_t)there - nowhere) & mask));
}

/* Put a block first into a list. */
BINS_INLINE void bins_push(struct bins *bins, bins_word *links, unsigned number,
                           uint32_t block, bool spare)
{
    uint32_t next = bins_heads(bins)[number];

    links[block] = next;
    links[(size_t)block + 1] = 0;
    *bins_back(bins, links, next, spare) = block;
    bins_heads(bins)[number] = block;
    bins->map |= UINT64_C(1) << number;
}

/* Take the first block out of a list.  False in a damaged heap. */
BINS_INLINE bool bins_pop_with(struct bins *bins, bins_word *links,
                               unsigned number, uint32_t block, bool spare)
{
    uint32_t next = links[block];

    if (next >= bins->end)
        return false;
    bins_heads(bins)[number] = next;
    *bins_back(bins, links, next, spare) = 0;
    bins->map ^= (uint64_t)(next == 0) << number;
    return true;
}

/* Take any block of that size out of its list.  False in a damaged heap. */
BINS_INLINE bool bins_unlink_with(struct bins *bins, bins_word *links,
                                  uint32_t block, uint32_t size, bool spare)
{
    uint32_t next = links[block], previous = links[(size_t)block + 1];

    if (previous == 0) {
        unsigned number = bins_number(size);

        return bins_heads(bins)[number] == block &&
               bins_pop_with(bins, links, number, block, spare);
    }
    if (previous >= bins->end || next >= bins->end || links[previous] != block)
        return false;
    links[previous] = next;
    *bins_back(bins, links, next, spare) = previous;
    return true;
}

/* --------------------------------------------- the two that are in no list */

/* Keep a free block: as the wild one if it is larger, else in its list. */
BINS_INLINE void bins_file_with(struct bins *bins, bins_word *links,
                                uint32_t block, uint32_t size, bool spare)
{
    if (size > bins->wild_size) {
        uint32_t old = bins->wild, old_size = bins->wild_size;

        bins->wild = block;
        bins->wild_size = size;
        if (old == 0)
            return;
        block = old;
        size = old_size;
    }
    bins_push(bins, links, bins_number(size), block, spare);
}

/* A free block; {0, 0}: none. */
struct bins_choice {
    uint32_t block, size;
};

/* The rest of a block becomes the victim; the old one is yours to file. */
BINS_INLINE struct bins_choice bins_swap_victim(struct bins *bins,
                                                uint32_t block, uint32_t size)
{
    const struct bins_choice old = {bins->victim, bins->victim_size};

    bins->victim = block;
    bins->victim_size = size;
    return old;
}

/* Let a free block be kept no more.  False in a damaged heap. */
BINS_INLINE bool bins_unfile_with(struct bins *bins, bins_word *links,
                                  uint32_t block, uint32_t size, bool spare)
{
    if (block == bins->wild) {
        bins->wild = bins->wild_size = 0;
        return true;
    }
    if (block == bins->victim) {
        bins->victim = bins->victim_size = 0;
        return true;
    }
    return bins_unlink_with(bins, links, block, size, spare);
}

/* A kept block has grown: may it stay where it is?  The wild one may, and who
   is no larger than that, if it is the victim or its bin the same. */
BINS_INLINE bool bins_grow(struct bins *bins, uint32_t block, uint32_t size,
                           uint32_t grown)
{
    if (block == bins->wild) {
        bins->wild_size = grown;
        return true;
    }
    if (grown > bins->wild_size)
        return false;
    if (block == bins->victim) {
        bins->victim_size = grown;
        return true;
    }
    /* Octave and half are the same if their two highest bits are. */
    return size >= BINS_EXACT &&
           (size ^ grown) >> (bits_highest(size) - 1) == 0;
}

/* No block is kept, in so many lists. */
static inline void bins_clear(struct bins *bins, uint32_t list_count)
{
    bins->map = 0;
    bins->wild = bins->wild_size = 0;
    bins->victim = bins->victim_size = 0;
    for (uint32_t i = 0; i < list_count; i++)
        bins_heads(bins)[i] = 0;
}

/* ------------------------------------------ where links[1] is not to spare */

BINS_INLINE bool bins_pop(struct bins *bins, bins_word *links, unsigned number,
                          uint32_t block)
{
    return bins_pop_with(bins, links, number, block, false);
}

BINS_INLINE bool bins_unlink(struct bins *bins, bins_word *links,
                             uint32_t block, uint32_t size)
{
    return bins_unlink_with(bins, links, block, size, false);
}

BINS_INLINE void bins_file(struct bins *bins, bins_word *links, uint32_t block,
                           uint32_t size)
{
    bins_file_with(bins, links, block, size, false);
}

BINS_INLINE bool bins_unfile(struct bins *bins, bins_word *links,
                             uint32_t block, uint32_t size)
{
    return bins_unfile_with(bins, links, block, size, false);
}

#include "alloc/bins_choose.h"

#endif
