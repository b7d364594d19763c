#include "measure/tally.h"

/* The least value of a bucket. */
static uint64_t histogram_floor(unsigned bucket)
{
    unsigned log2;

    if (bucket < MEASURE_EXACT)
        return bucket;
    bucket -= MEASURE_EXACT;
    log2 = 6 + (bucket >> MEASURE_SPLIT_LOG2);
    return (UINT64_C(32) + (bucket & 31)) << (log2 - MEASURE_SPLIT_LOG2);
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
