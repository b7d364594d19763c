/* value.c - how each unit is written. */
#include "report/value.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

bool report_has_metrics(const struct sim_policy *policy)
{
    return policy->outcome == SIM_PASSED || policy->outcome == SIM_FAILED;
}

bool report_has_metric(const struct measure_metric *metric,
                       const struct sim_policy *policy)
{
    return report_has_metrics(policy) &&
           (metric->present == NULL || metric->present(&policy->tally));
}

uint64_t report_need(const struct sim_policy *policy)
{
    if (policy->min_heap_status == SIM_MIN_HEAP_UNASKED)
        return policy->outcome == SIM_PASSED ? policy->tally.peak_extent_bytes
                                             : 0;
    return report_has_metrics(policy) ? policy->min_heap_bytes : 0;
}

bool report_above_best(const struct sim_run *run,
                       const struct sim_policy *policy, double *low,
                       double *high)
{
    const struct sim_trace *trace = &run->trace;
    double need = (double)report_need(policy);

    if (trace->packing == SIM_NOT_PACKED || trace->load_bytes == 0 ||
        !(need > 0) || policy->worst_event == 0)
        return false;
    *low = need / (double)trace->packed_bytes - 1;
    *high = trace->packing == SIM_OPTIMAL
                ? *low
                : need / (double)trace->load_bytes - 1;
    /* The last block may end before its rounded size does. */
    *low = *low > 0 ? *low : 0;
    *high = *high > 0 ? *high : 0;
    return true;
}

/* Bytes and counts are never negative, and whole unless they are a mean. */
static uint64_t value_whole(double value)
{
    if (!(value > 0))
        return 0;
    return value < 18446744073709551616.0 ? (uint64_t)value : UINT64_MAX;
}

static bool value_is_whole(const struct measure_metric *metric, double value)
{
    return metric->unit == MEASURE_BYTES ||
           (metric->unit == MEASURE_COUNT && value == floor(value));
}

char *report_value_exact(char *text, const struct measure_metric *metric,
                         const struct sim_policy *policy)
{
    double value = metric->value(&policy->tally);

    if (!value_is_whole(metric, value))
        return report_fixed(text, isfinite(value) ? value : 0, 6);
    snprintf(text, REPORT_NUMBER_BYTES, "%" PRIu64, value_whole(value));
    return text;
}

char *report_value(char *text, const struct measure_metric *metric,
                   const struct sim_policy *policy)
{
    double value = metric->value(&policy->tally);

    switch (metric->unit) {
    case MEASURE_BYTES:
        return report_size(text, value_whole(value));
    case MEASURE_COUNT:
        if (!value_is_whole(metric, value))
            break;
        return report_count(text, value_whole(value));
    case MEASURE_RATIO:
        return report_percent(text, value);
    case MEASURE_TIMES:
        return strcat(report_fixed(text, value, 2), "x");
    case MEASURE_NS:
        break;
    }
    return report_fixed(text, value, 1);
}
