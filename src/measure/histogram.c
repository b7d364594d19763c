#include "measure/tally.h"

enum { HISTOGRAM_EXACT = 64, HISTOGRAM_SPLIT_LOG2 = 5 };

/* Values below 64 have a bucket each, each further doubling has 32. */
static unsigned histogram_bucket(uint64_t value)
{
    unsigned log2;

    if (value < HISTOGRAM_EXACT)
        return (unsigned)value;
    log2 = 63 - (unsigned)__builtin_clzll(value);
    return HISTOGRAM_EXACT + ((log2 - 6) << HISTOGRAM_SPLIT_LOG2) +
           (unsigned)((value >> (log2 - HISTOGRAM_SPLIT_LOG2)) & 31);
}

/* The least value of a bucket. */
static uint64_t histogram_floor(unsigned bucket)
{
    unsigned log2;

    if (bucket < HISTOGRAM_EXACT)
        return bucket;
    bucket -= HISTOGRAM_EXACT;
    log2 = 6 + (bucket >> HISTOGRAM_SPLIT_LOG2);
    return (UINT64_C(32) + (bucket & 31)) << (log2 - HISTOGRAM_SPLIT_LOG2);
}

void measure_histogram_add(struct measure_histogram *histogram, uint64_t value)
{
    histogram->counts[histogram_bucket(value)]++;
    histogram->count++;
    histogram->sum += value;
    if (value > histogram->max)
        histogram->max = value;
}

uint64_t measure_histogram_quantile(const struct measure_histogram *histogram,
                                    unsigned permille)
{
    uint64_t below = 0;
    uint64_t needed = histogram->count / 1000 * permille +
                      (histogram->count % 1000 * permille + 999) / 1000;

    for (unsigned bucket = 0; bucket < MEASURE_BUCKETS; bucket++) {
        below += histogram->counts[bucket];
        if (below >= needed && below > 0)
            return histogram_floor(bucket);
    }
    return histogram->max;
}
