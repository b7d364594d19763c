/* report_sample.h - a small result to render, and what came of it. */
#ifndef REPORT_SAMPLE_H
#define REPORT_SAMPLE_H

#include "report/report.h"

enum { SAMPLE_POLICIES = 5 };

struct report_sample {
    struct sim_policy policies[SAMPLE_POLICIES];
    struct sim_run run;
    struct sim_result result;
};

/* Two policies that passed, one each that failed, broke and is unsuited. */
void report_sample_fill(struct report_sample *sample);

/* What the format writes; to be freed. */
char *report_sample_render(const char *format, const struct sim_result *result,
                           const struct report_style *style);

#endif
