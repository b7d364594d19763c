/*
 * alloc/virgin.h - frames that nobody had yet, from low to high, around what
 * was reserved.  For frame-bump and frame-list.
 *
 *     |  handed out  |gap|  handed out |  virgin  |held|  virgin  |
 *     first                            mark                         end
 *
 * Ranges are kept in order: what is held (reserved), and what the policy wants
 * to know of frames below the mark.  Finding one takes O(log ranges).
 */
#ifndef ALLOC_VIRGIN_H
#define ALLOC_VIRGIN_H

#include "alloc/frame.h"

/* The usual number of ranges, and the knob to have others. */
#ifndef VIRGIN_RANGES
#define VIRGIN_RANGES 64
#endif
#define VIRGIN_KNOB                                                            \
    {                                                                          \
        "ranges", "so many reserved ranges can be kept", 1, 65536,             \
            VIRGIN_RANGES, POLISHED_ANY                                        \
    }

/* [first, end), never empty */
struct virgin_range {
    uint64_t first, end;
};

struct virgin {
    struct frame_grid grid;
    uint64_t mark; /* the first frame that was never passed */
    uint32_t range_count, range_most;
    struct virgin_range *ranges;
};

/* No range contains it: what virgin_find answers then is this range. */
static inline bool virgin_holds(const struct virgin *virgin, uint32_t at,
                                uint64_t frame)
{
    return at < virgin->range_count && virgin->ranges[at].first <= frame;
}

/* The first range that ends behind a frame; range_count if there is none. */
uint32_t virgin_find(struct polished_heap *heap, const struct virgin *virgin,
                     uint64_t frame);

/*
 * The lowest place at or above the mark, and clear of all ranges, for so many
 * frames; false if there is none.
 */
bool virgin_place(struct polished_heap *heap, const struct virgin *virgin,
                  uint64_t need, uint64_t align, uint64_t *first);

/* The most frames that virgin_place would find a place for. */
uint64_t virgin_largest(const struct virgin *virgin, uint64_t align);

/* Put a range where virgin_find says, or take it out. */
void virgin_insert(struct polished_heap *heap, struct virgin *virgin,
                   uint32_t at, struct virgin_range range);
void virgin_remove(struct polished_heap *heap, struct virgin *virgin,
                   uint32_t at);

/* Are the ranges in order, apart, and within memory? */
bool virgin_check(const struct virgin *virgin);

#endif
