/*
 * alloc/toggle.h - which granules of a region begin a block, in two bits for
 * each: a map that says everything about the blocks in use, and in which to
 * take a block and to give it back are one and the same operation.
 *
 *     slot   00  inside of a block
 *            01  a block in use begins, its left neighbour is in use
 *            11  a block in use begins, its left neighbour is free
 *            10  a free block begins
 *
 *     granule   1   2   3   4   5   6   7   8   9   10
 *     block     used    | free          | used  | end
 *     slot      01  00  10  00  00  00  11  00  01
 *
 * Two free blocks never touch, and behind the last granule stands the end, a
 * block in use.  So if [from, from + size) changes from free to used or back,
 *
 *     slot(from) ^= 11    slot(from + size) ^= 10
 *
 * is all there is to do, whatever was and is on either side:
 *
 *     taken  all of a free block     10 -> 01, 11 -> 01
 *            its low end             10 -> 01, 00 -> 10
 *            its high end            00 -> 11, 11 -> 01
 *            its middle              00 -> 11, 00 -> 10
 *     given  each of the same, read from right to left: merging with the left,
 *            the right, both or none.
 *
 * To move the end of a block in use is slot(old end) ^= 10, slot(new end)
 * ^= 10.
 *
 * Sizes.  A window is the 32 slots from a block's first on, in one number.  A
 * block ends where the next slot that is not 00 stands.  For a block in use
 * that is too large for its window, the slots behind its first say how large:
 *
 *     slot 1, 2   10 10: after the start of a block in use this would be two
 *                 free blocks side by side, which are nowhere else
 *     slot 3...   10 or 00 for each bit of its size, which has 29 bits
 *
 * No slot of this code has its lower bit set.  So at any time, at any granule,
 *
 *     the lower bit of a slot is 1 just where a block in use begins.
 *
 * That is what makes misuse exact: whatever address is freed, one bit says
 * whether it is the start of a live block.
 *
 * Bound: each function below looks at no more than three words of the map but
 * toggle_before, which tells how many it looked at.
 *
 * The map needs toggle_words(end) words; none of its slots before the first
 * block or behind the end are ever set.
 */
#ifndef ALLOC_TOGGLE_H
#define ALLOC_TOGGLE_H

#include <stdbool.h>

#include "core/bits.h"

/* Bits of a size; with the first three slots they fill a window. */
#ifndef TOGGLE_SIZE_BITS
#define TOGGLE_SIZE_BITS 29u
#endif

/* Blocks of this size on carry a code: as many slots as it takes. */
#define TOGGLE_WIDE (3u + TOGGLE_SIZE_BITS)
#define TOGGLE_MOST ((UINT32_C(1) << TOGGLE_SIZE_BITS) - 1)

_Static_assert(TOGGLE_WIDE <= 32, "the code fits into a window");

/* On the way of every call: not to be a call itself. */
#ifdef __GNUC__
#define TOGGLE_INLINE static inline __attribute__((__always_inline__))
#else
#define TOGGLE_INLINE static inline
#endif

enum toggle_slot {
    TOGGLE_INSIDE = 0,
    TOGGLE_USED = 1,
    TOGGLE_FREE = 2,
    TOGGLE_USED_AFTER_FREE = 3
};

/* The words of a map whose end mark stands in this slot. */
static inline uint64_t toggle_words(uint64_t end)
{
    return end / 32 + 2; /* a window may reach into one more */
}

TOGGLE_INLINE unsigned toggle_slot(const uint64_t *map, uint32_t at)
{
    return (unsigned)(map[at / 32] >> at % 32 * 2) & 3;
}

/* The slots at, at + 1, ... at + 31, the first in the lowest bits. */
TOGGLE_INLINE uint64_t toggle_window(const uint64_t *map, uint32_t at)
{
    const uint64_t *word = &map[at / 32];
    unsigned shift = at % 32 * 2;

    return word[0] >> shift | word[1] << 1 << (63 - shift);
}

/*
 * Let slots change where the pattern, a window from there on, has ones.  The
 * stores are volatile, lest the two become a single one of 16 bytes with a load
 * to match: that would have to wait until what was just written to one of these
 * words, most likely by the call before, has reached the cache.
 */
TOGGLE_INLINE void toggle_change(uint64_t *map, uint32_t at, uint64_t pattern)
{
    uint64_t *word = &map[at / 32];
    unsigned shift = at % 32 * 2;

    *(volatile uint64_t *)&word[0] = word[0] ^ pattern << shift;
    *(volatile uint64_t *)&word[1] = word[1] ^ pattern >> 1 >> (63 - shift);
}

/* --------------------------------------------------------- the code of sizes
 */

#define TOGGLE_MARK (UINT64_C(10) << 2)

/*
 * A bit of the size is the upper bit of a slot.  To put them there one by one
 * would take long; so the even bits, which have gaps between them already, go
 * to the first slots as they are, and the odd ones as they are behind these.
 */
#define TOGGLE_EVEN       (UINT64_C(0x5555555555555555) & TOGGLE_MOST)
#define TOGGLE_ODD        (UINT64_C(0xaaaaaaaaaaaaaaaa) & TOGGLE_MOST)
#define TOGGLE_EVEN_SHIFT 7
#define TOGGLE_ODD_SHIFT  (6 + 2 * ((TOGGLE_SIZE_BITS + 1) / 2))

/* What a window has in slot 1 and behind because of a size, if that is wide. */
TOGGLE_INLINE uint64_t toggle_code(uint32_t size)
{
    return TOGGLE_MARK | (size & TOGGLE_EVEN) << TOGGLE_EVEN_SHIFT |
           (size & TOGGLE_ODD) << TOGGLE_ODD_SHIFT;
}

/* Does the window of a block in use have a code? */
TOGGLE_INLINE bool toggle_is_wide(uint64_t window)
{
    return (window & UINT64_C(15) << 2) == TOGGLE_MARK;
}

/* The size in the code of a window. */
TOGGLE_INLINE uint32_t toggle_decode(uint64_t window)
{
    return (uint32_t)((window >> TOGGLE_EVEN_SHIFT & TOGGLE_EVEN) |
                      (window >> TOGGLE_ODD_SHIFT & TOGGLE_ODD));
}

/* How far behind the start of a window the next slot is that is not 00; one is
   there. */
TOGGLE_INLINE uint32_t toggle_distance(uint64_t window)
{
    return bits_lowest(window & ~UINT64_C(3)) / 2;
}

/* The size of the block in use whose window that is. */
TOGGLE_INLINE uint32_t toggle_size(uint64_t window)
{
    return toggle_is_wide(window) ? toggle_decode(window)
                                  : toggle_distance(window);
}

/* Is that its size?  To be asked this takes less time than to tell it: what
   follows from the size need not wait for the answer. */
TOGGLE_INLINE bool toggle_is_size(uint64_t window, uint32_t size)
{
    if (size < TOGGLE_WIDE)
        return toggle_distance(window) == size && !toggle_is_wide(window);
    return toggle_is_wide(window) && toggle_decode(window) == size;
}

/* ------------------------------------------------------------- the operations
 */

/* Take [at, at + size) into use, or give it back. */
TOGGLE_INLINE void toggle_block(uint64_t *map, uint32_t at, uint32_t size)
{
    if (size < TOGGLE_WIDE) {
        toggle_change(map, at, 3 | UINT64_C(2) << 2 * size);
    } else {
        toggle_change(map, at, 3 | toggle_code(size));
        toggle_change(map, at + size, 2);
    }
}

/* Let the block in use at [at, at + old_size) have another size. */
static inline void toggle_resize(uint64_t *map, uint32_t at, uint32_t old_size,
                                 uint32_t size)
{
    if (old_size >= TOGGLE_WIDE)
        toggle_change(map, at, toggle_code(old_size));
    if (size >= TOGGLE_WIDE)
        toggle_change(map, at, toggle_code(size));
    toggle_change(map, at + old_size, 2);
    toggle_change(map, at + size, 2);
}

/* A map of nothing: the words are clear, and the end stands in slot 1. */
static inline void toggle_begin(uint64_t *map)
{
    toggle_change(map, 1, TOGGLE_USED);
}

/* Move the end up: what lies between becomes free, and one block with a free
   one before it. */
static inline void toggle_extend(uint64_t *map, uint32_t old_end, uint32_t end)
{
    toggle_change(map, old_end, 3);
    toggle_change(map, end, 3);
}

/*
 * The last block in use that begins at or before a slot; 0: none.  Looks at no
 * more than so many words, and takes those that it looked at off their number.
 */
static inline uint32_t toggle_before(const uint64_t *map, uint32_t at,
                                     uint32_t *words)
{
    const uint64_t used = UINT64_C(0x5555555555555555);
    uint32_t word = at / 32;
    uint64_t bits =
        map[word] & used << (62 - at % 32 * 2) >> (62 - at % 32 * 2);

    for (; *words > 0; bits = map[--word] & used) {
        --*words;
        if (bits != 0)
            return word * 32 + bits_highest(bits) / 2;
        if (word == 0)
            break;
    }
    return 0;
}

#endif
