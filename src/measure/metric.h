/* measure/metric.h - the metrics of a replay, one row each. */
#ifndef MEASURE_METRIC_H
#define MEASURE_METRIC_H

#include <stdbool.h>

#include "measure/tally.h"

enum measure_unit {
    MEASURE_BYTES,
    MEASURE_COUNT,
    MEASURE_RATIO, /* 0.124, shown as 12.4 % */
    MEASURE_TIMES, /* 1.124, shown as 1.124x */
    MEASURE_NS
};

struct measure_metric {
    const char *key;   /* in results: "peak_extent_bytes" */
    const char *title; /* in tables: "extent" */
    enum measure_unit unit;
    bool less_is_better;
    const char *formula;
    /* Bytes and counts are exact up to 2^53. */
    double (*value)(const struct measure_tally *tally);
    /* NULL: always there. */
    bool (*present)(const struct measure_tally *tally);
};

/* In the order of the result document, ended by a NULL key. */
extern const struct measure_metric measure_metrics[];

/* The row of that key, or NULL. */
const struct measure_metric *measure_metric_of(const char *key);

#endif
