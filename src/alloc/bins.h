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
 * before it, 0 for the first; links[block + 2] is its size, which is read only
 * in bins of several sizes.  Where links points, and who writes the size, is
 * the policy's business.
 *
 * Bound: a search looks at no more than BINS_TRIES blocks of each of three
 * bins, at one where no alignment is asked; to file a block and to take it
 * out is a straight line.
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
#define BINS_INLINE static inline __attribute__((__always_inline__))
#else
#define BINS_INLINE static inline
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

/* The bin of a size. */
BINS_INLINE unsigned bins_number(uint32_t size)
{
    unsigned octave = bits_highest(size | BINS_EXACT);
    unsigned half = size >> (octave - 1); /* 2 or 3: which half of it */
    unsigned fine = 2 * octave + half + BINS_EXACT - 2 - 2 * BINS_EXACT_LOG2;
    unsigned coarse =
        octave + BINS_EXACT + BINS_FINE_LOG2 - 2 * BINS_EXACT_LOG2;
    unsigned number = octave < BINS_FINE_LOG2 ? fine : coarse;

    return size < BINS_EXACT ? size : number;
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
 * there is none, in the first head, which is nobody's.  It is a place that is
 * chosen and not a way: whether a list has one block or two nobody can foresee.
 */
BINS_INLINE bins_word *bins_back(const struct bins *bins,
                                 const bins_word *links, uint32_t next)
{
    uintptr_t nowhere = (uintptr_t)bins_heads(bins);
    uintptr_t there = (uintptr_t)links + ((size_t)next + 1) * sizeof *links;

    there = (there - nowhere) & (0 - (uintptr_t)(next != 0));
    return (bins_word *)(nowhere + there);
}

/* Put a block first into a list. */
BINS_INLINE void bins_push(struct bins *bins, bins_word *links, unsigned number,
                           uint32_t block)
{
    uint32_t next = bins_heads(bins)[number];

    links[block] = next;
    links[(size_t)block + 1] = 0;
    *bins_back(bins, links, next) = block;
    bins_heads(bins)[number] = block;
    bins->map |= UINT64_C(1) << number;
}

/* Take the first block out of a list.  False in a damaged heap. */
BINS_INLINE bool bins_pop(struct bins *bins, bins_word *links, unsigned number,
                          uint32_t block)
{
    uint32_t next = links[block];

    if (next >= bins->end)
        return false;
    bins_heads(bins)[number] = next;
    *bins_back(bins, links, next) = 0;
    bins->map ^= (uint64_t)(next == 0) << number;
    return true;
}

/* Take any block of that size out of its list.  False in a damaged heap. */
BINS_INLINE bool bins_unlink(struct bins *bins, bins_word *links,
                             uint32_t block, uint32_t size)
{
    uint32_t next = links[block], previous = links[(size_t)block + 1];

    if (previous == 0) {
        unsigned number = bins_number(size);

        return bins_heads(bins)[number] == block &&
               bins_pop(bins, links, number, block);
    }
    if (previous >= bins->end || next >= bins->end || links[previous] != block)
        return false;
    links[previous] = next;
    *bins_back(bins, links, next) = previous;
    return true;
}

/* --------------------------------------------- the two that are in no list */

/* Keep a free block: as the wild one if it is larger, else in its list. */
BINS_INLINE void bins_file(struct bins *bins, bins_word *links, uint32_t block,
                           uint32_t size)
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
    bins_push(bins, links, bins_number(size), block);
}

/* A free block; {0, 0}: none. */
struct bins_choice {
    uint32_t block, size;
};

/* What is left of a block that a small request cut becomes the victim; the old
   one is yours to file. */
BINS_INLINE struct bins_choice bins_swap_victim(struct bins *bins,
                                                uint32_t block, uint32_t size)
{
    const struct bins_choice old = {bins->victim, bins->victim_size};

    bins->victim = block;
    bins->victim_size = size;
    return old;
}

/* Let a free block be kept no more.  False in a damaged heap. */
BINS_INLINE bool bins_unfile(struct bins *bins, bins_word *links,
                             uint32_t block, uint32_t size)
{
    if (block == bins->wild) {
        bins->wild = bins->wild_size = 0;
        return true;
    }
    if (block == bins->victim) {
        bins->victim = bins->victim_size = 0;
        return true;
    }
    return bins_unlink(bins, links, block, size);
}

/*
 * A kept block has grown at its end: may it stay where it is?  The wild one
 * may; and who is no larger than that, if it is the victim or its bin is the
 * same. Else it has to be taken out and filed again, of which nothing is done
 * yet.
 */
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

/* ------------------------------------------------------------------ choice */

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

/* The smallest among the first few blocks of a list that hold what is
   wanted. */
BINS_INLINE struct bins_choice
bins_scan(struct polished_heap *heap, const struct bins *bins,
          const bins_word *links, const struct bins_want *want, unsigned number)
{
    struct bins_choice best = {0, 0};
    uint32_t block = bins_heads(bins)[number];

    for (unsigned i = 0; i < BINS_TRIES && block - 1 < bins->end - 1; i++) {
        uint32_t size = bins_size(links, number, block);

        POLISHED_STEP(heap);
        if ((best.block == 0 || size < best.size) &&
            bins_holds(heap, want, block, size))
            best = (struct bins_choice){block, size};
        block = links[block];
    }
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

/*
 * The block to cut for a request without alignment whose own bin has no block
 * or several sizes: the best of the first few of its bin; the victim, if the
 * request is small; a block of a higher bin; the victim; the wild block.
 */
BINS_INLINE struct bins_choice bins_choose(struct polished_heap *heap,
                                           const struct bins *bins,
                                           const bins_word *links,
                                           uint32_t need)
{
    const struct bins_want want = {need, 0, 0, NULL};
    unsigned number = bins_number(need);
    struct bins_choice choice = {0, 0};

    if (bins->map >> number & 1)
        choice = bins_scan(heap, bins, links, &want, number);
    if (choice.block == 0 && (need >= BINS_EXACT || bins->victim_size < need)) {
        number = bins_lowest(bins, number + 1);
        if (number < 64)
            choice = bins_first(bins, links, number);
    }
    if (choice.block == 0 && bins->victim_size >= need)
        choice = (struct bins_choice){bins->victim, bins->victim_size};
    if (choice.block == 0 && bins->wild_size >= need)
        choice = (struct bins_choice){bins->wild, bins->wild_size};
    return choice;
}

/*
 * The same with an alignment: a block of the own bin or the lowest above it
 * that happens to have an aligned place; one that must have; victim, wild.
 */
static inline struct bins_choice
bins_choose_aligned(struct polished_heap *heap, const struct bins *bins,
                    const bins_word *links, const struct bins_want *want)
{
    const uint32_t from[] = {want->need, want->need, want->need + want->margin};
    struct bins_choice choice = {0, 0};

    for (unsigned i = 0; i < 3 && choice.block == 0; i++) {
        unsigned own = bins_number(from[i]) + (i == 1);
        unsigned number = bins_lowest(bins, own);

        POLISHED_STEP(heap);
        if (number < 64 && (i != 0 || number == own))
            choice = bins_scan(heap, bins, links, want, number);
    }
    if (choice.block == 0 && bins->victim_size != 0 &&
        bins_holds(heap, want, bins->victim, bins->victim_size))
        choice = (struct bins_choice){bins->victim, bins->victim_size};
    if (choice.block == 0 && bins->wild_size != 0 &&
        bins_holds(heap, want, bins->wild, bins->wild_size))
        choice = (struct bins_choice){bins->wild, bins->wild_size};
    return choice;
}

#endif
