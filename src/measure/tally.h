/* measure/tally.h - what a replay counts; every metric is made of these. */
#ifndef MEASURE_TALLY_H
#define MEASURE_TALLY_H

#include <stdint.h>

/* Counts by value: exact below 64, then 32 buckets per doubling, so that a
   quantile is at most 3.2 % too low. */
enum {
    MEASURE_EXACT = 64,
    MEASURE_SPLIT_LOG2 = 5,
    MEASURE_BUCKETS = MEASURE_EXACT + (58 << MEASURE_SPLIT_LOG2)
};
struct measure_histogram {
    uint64_t counts[MEASURE_BUCKETS];
    uint64_t count, sum, max;
};

static inline unsigned measure_histogram_bucket(uint64_t value)
{
    unsigned log2;

    if (value < MEASURE_EXACT)
        return (unsigned)value;
    log2 = 63 - (unsigned)__builtin_clzll(value);
    return MEASURE_EXACT + ((log2 - 6) << MEASURE_SPLIT_LOG2) +
           (unsigned)((value >> (log2 - MEASURE_SPLIT_LOG2)) & 31);
}

static inline void measure_histogram_add(struct measure_histogram *histogram,
                                         uint64_t value)
{
    histogram->counts[measure_histogram_bucket(value)]++;
    histogram->count++;
    histogram->sum += value;
    if (value > histogram->max)
        histogram->max = value;
}

/* The least value that permille/1000 of all values do not exceed. */
uint64_t measure_histogram_quantile(const struct measure_histogram *histogram,
                                    unsigned permille);

/*
 * The raw numbers of one replay, of the events that are measured.  "Reserved"
 * is what the policy gives for a request (USED of its block), "live" what was
 * asked for, "extent" the end of the highest byte in use.
 */
struct measure_tally {
    uint64_t operations; /* calls of alloc, realloc, free */
    uint64_t allocs, requested_bytes;
    uint64_t peak_live_bytes;
    uint64_t peak_reserved_bytes;
    uint64_t live_at_peak_reserved_bytes;
    uint64_t peak_extent_bytes;
    uint64_t live_at_peak_extent_bytes;
    uint64_t extent_at_peak_live_bytes;
    /* Extent over live in 1/65536, summed over events with anything live. */
    uint64_t ratio_sum_high, ratio_sum_low, ratio_count;
    uint64_t peak_mapped_bytes; /* of a malloc */
    int is_opaque; /* nobody can look into the heap, nor count its steps */
    uint64_t control_bytes;
    uint64_t own_at_peak_bytes; /* OWN in the sample with most USED */
    uint64_t used_at_peak_bytes;
    uint64_t layout_samples;
    double external_peak, external_end;
    uint64_t in_place_reallocs, moved_reallocs, copied_bytes;
    uint64_t time_ns; /* 0: not timed */
    uint64_t timed_operations;
    struct measure_histogram steps; /* per operation */
};

#endif
