/*
 * polished/map.h - from the memory map of a firmware to a heap over it, and
 * from the heap of a boot to the next one.
 *
 *     struct polished_map_range ranges[64];
 *     size_t count;
 *     polished_map_clean(entries, entry_count, 4096, ranges, 64, &count);
 *
 *     struct polished_region data = polished_map_span(ranges, count);
 *     ... polished_init(&boot, ...) with data and a control of its own ...
 *     polished_map_reserve(&boot, ranges, count);      what lies between
 *     polished_reserve(&boot, kernel - data.bus_base, kernel_bytes);
 *
 *     ... polished_init(&next, ...) over the same data ...
 *     polished_hand_over(&boot, &next);
 *
 * Nothing here allocates.
 */
#ifndef POLISHED_MAP_H
#define POLISHED_MAP_H

#include <stdbool.h>
#include <stddef.h>

#include "polished/heap.h"

/* What a firmware says of [base, base + size_bytes), as it likes: in any
   order, overlapping, empty, up to 2^64 and past it. */
struct polished_map_entry {
    uint64_t base;
    uint64_t size_bytes;
    bool is_reserved; /* anything but memory for anyone */
};

/* Usable memory. */
struct polished_map_range {
    uint64_t base;
    uint64_t size_bytes; /* not 0 */
};

/*
 * What of a map is usable for sure, in whole frames: a frame all of whose
 * bytes some entry offers and none reserves.  Ranges come in order and do not
 * touch.  frame_bytes is a power of two; 1 takes the map to the byte.
 *
 * Entries are put in order of their base, and are else as they were.  There
 * are never more ranges than entries.  The last frame of all addresses is left
 * out if everything below it is usable, for the range would have 2^64 bytes.
 * BAD_ALIGN: frame_bytes is no power of two.  LIMIT: there are more than `most`
 * ranges; *count says how many, and ranges are as they were.
 * O(entries * log entries) time.
 */
enum polished_status polished_map_clean(struct polished_map_entry *entries,
                                        size_t entry_count,
                                        uint64_t frame_bytes,
                                        struct polished_map_range *ranges,
                                        size_t most, size_t *count);

/* The memory from the first range to the last, not backed; of no range: 0. */
struct polished_region
polished_map_span(const struct polished_map_range *ranges, size_t count);

/*
 * Reserve in a heap over such a span what lies between the ranges.  What
 * polished_reserve answers, where it refuses: then the heap is to be reset.
 */
enum polished_status
polished_map_reserve(struct polished_heap *heap,
                     const struct polished_map_range *ranges, size_t count);

/*
 * Reserve in `to` what is used in `from`, at the same bus addresses, so that
 * all that remains is free there, also what `from` lost to padding.  `to` has
 * to be empty and to span what is used.  Then only `to` is called any more;
 * blocks of a policy that knows their borders (POLISHED_EXACT_WALK) can be
 * freed there one by one, others as the runs that they form.
 * What polished_reserve answers, where it refuses: then `to` is to be reset.
 */
enum polished_status polished_hand_over(const struct polished_heap *from,
                                        struct polished_heap *to);

#endif
