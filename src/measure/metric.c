#include "measure/metric.h"

#include <string.h>

static double metric_share(uint64_t part, uint64_t whole)
{
    return whole == 0 ? 0 : (double)part / (double)whole;
}

/* A member of the tally as it is. */
#define METRIC_MEMBER(member)                                                  \
    static double metric_##member(const struct measure_tally *tally)           \
    {                                                                          \
        return (double)tally->member;                                          \
    }
METRIC_MEMBER(requested_bytes)
METRIC_MEMBER(peak_live_bytes)
METRIC_MEMBER(peak_reserved_bytes)
METRIC_MEMBER(peak_extent_bytes)
METRIC_MEMBER(peak_mapped_bytes)
METRIC_MEMBER(control_bytes)
METRIC_MEMBER(external_peak)
METRIC_MEMBER(external_end)
METRIC_MEMBER(layout_samples)
METRIC_MEMBER(in_place_reallocs)
METRIC_MEMBER(moved_reallocs)
METRIC_MEMBER(copied_bytes)
#undef METRIC_MEMBER

static double metric_metadata(const struct measure_tally *tally)
{
    return (double)(tally->control_bytes + tally->own_at_peak_bytes);
}

static double metric_internal(const struct measure_tally *tally)
{
    return metric_share(tally->peak_reserved_bytes -
                            tally->live_at_peak_reserved_bytes,
                        tally->peak_reserved_bytes);
}

static double metric_extent_mean(const struct measure_tally *tally)
{
    double sum = (double)tally->ratio_sum_high * 18446744073709551616.0 +
                 (double)tally->ratio_sum_low;

    return tally->ratio_count == 0 ? 0
                                   : sum / 65536 / (double)tally->ratio_count;
}

static double metric_extent_at_peak_live(const struct measure_tally *tally)
{
    return metric_share(tally->extent_at_peak_live_bytes,
                        tally->peak_live_bytes);
}

static double metric_extent_at_peak_extent(const struct measure_tally *tally)
{
    return metric_share(tally->peak_extent_bytes,
                        tally->live_at_peak_extent_bytes);
}

static double metric_extent_peaks(const struct measure_tally *tally)
{
    return metric_share(tally->peak_extent_bytes, tally->peak_live_bytes);
}

static double metric_steps_mean(const struct measure_tally *tally)
{
    return metric_share(tally->steps.sum, tally->steps.count);
}

static double metric_steps_p99(const struct measure_tally *tally)
{
    return (double)measure_histogram_quantile(&tally->steps, 990);
}

static double metric_steps_max(const struct measure_tally *tally)
{
    return (double)tally->steps.max;
}

static double metric_ns(const struct measure_tally *tally)
{
    return metric_share(tally->time_ns, tally->timed_operations);
}

static bool metric_timed(const struct measure_tally *tally)
{
    return tally->timed_operations != 0;
}

static bool metric_opaque(const struct measure_tally *tally)
{
    return tally->is_opaque;
}

static bool metric_seen(const struct measure_tally *tally)
{
    return !tally->is_opaque;
}

const struct measure_metric measure_metrics[] = {
    {"requested_bytes", "requested", MEASURE_BYTES, true,
     "sum of the sizes of all requests", metric_requested_bytes, NULL},
    {"peak_live_bytes", "live", MEASURE_BYTES, false,
     "peak of the requested bytes that were alive in this heap",
     metric_peak_live_bytes, NULL},
    {"peak_extent_bytes", "extent", MEASURE_BYTES, true,
     "end of the highest byte ever in use; of a malloc, resident memory",
     metric_peak_extent_bytes, NULL},
    {"peak_mapped_bytes", "mapped", MEASURE_BYTES, true,
     "addresses that a malloc can write to, at their most",
     metric_peak_mapped_bytes, metric_opaque},
    {"peak_reserved_bytes", "reserved", MEASURE_BYTES, true,
     "peak of the usable bytes of live blocks", metric_peak_reserved_bytes,
     NULL},
    {"metadata_bytes", "metadata", MEASURE_BYTES, true,
     "control + OWN in the sample with most USED", metric_metadata,
     metric_seen},
    {"control_bytes", "control", MEASURE_BYTES, true,
     "state that the policy keeps apart from data", metric_control_bytes,
     metric_seen},
    {"internal", "internal", MEASURE_RATIO, true,
     "(reserved - live) / reserved, at the peak of reserved", metric_internal,
     NULL},
    {"external_peak", "external", MEASURE_RATIO, true,
     "1 - largest / sum of free, the worst sample", metric_external_peak,
     metric_seen},
    {"external_end", "external at end", MEASURE_RATIO, true,
     "1 - largest / sum of free, at the end", metric_external_end, metric_seen},
    {"layout_samples", "samples", MEASURE_COUNT, false,
     "walks that the figures of layout rest on", metric_layout_samples,
     metric_seen},
    {"extent_mean", "extent/live, mean", MEASURE_TIMES, true,
     "mean over events of extent / live (Johnstone and Wilson 1)",
     metric_extent_mean, NULL},
    {"extent_at_peak_live", "extent/live, at peak live", MEASURE_TIMES, true,
     "extent / live when live is greatest (Johnstone and Wilson 2)",
     metric_extent_at_peak_live, NULL},
    {"extent_at_peak_extent", "extent/live, at peak extent", MEASURE_TIMES,
     true, "extent / live when extent is greatest (Johnstone and Wilson 3)",
     metric_extent_at_peak_extent, NULL},
    {"extent_peaks", "extent/live, peaks", MEASURE_TIMES, true,
     "greatest extent / greatest live (Johnstone and Wilson 4)",
     metric_extent_peaks, NULL},
    {"steps_mean", "steps", MEASURE_COUNT, true,
     "visits to blocks, nodes, slots and words, per operation",
     metric_steps_mean, metric_seen},
    {"steps_p99", "steps p99", MEASURE_COUNT, true,
     "99 % of all operations take no more steps", metric_steps_p99,
     metric_seen},
    {"steps_max", "steps max", MEASURE_COUNT, true,
     "steps of the costliest operation", metric_steps_max, metric_seen},
    {"in_place_reallocs", "in place", MEASURE_COUNT, false,
     "reallocs that did not move their block", metric_in_place_reallocs, NULL},
    {"moved_reallocs", "moved", MEASURE_COUNT, true,
     "reallocs that moved their block", metric_moved_reallocs, NULL},
    {"copied_bytes", "copied", MEASURE_BYTES, true,
     "payload that moved reallocs copied", metric_copied_bytes, NULL},
    {"ns_per_op", "ns/op", MEASURE_NS, true,
     "time of an operation in a pass without measuring", metric_ns,
     metric_timed},
    {NULL, NULL, MEASURE_COUNT, false, NULL, NULL, NULL},
};

const struct measure_metric *measure_metric_of(const char *key)
{
    for (const struct measure_metric *row = measure_metrics; row->key; row++)
        if (strcmp(row->key, key) == 0)
            return row;
    return NULL;
}
