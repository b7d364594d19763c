/* report/value.h - the metrics of a policy as text. */
#ifndef REPORT_VALUE_H
#define REPORT_VALUE_H

#include <stdbool.h>

#include "measure/metric.h"
#include "report/number.h"
#include "sim/result.h"

/* Was the policy replayed to the end, so that its numbers mean something? */
bool report_has_metrics(const struct sim_policy *policy);

/* Is this metric's question answered for this policy? */
bool report_has_metric(const struct measure_metric *metric,
                       const struct sim_policy *policy);

/* The bytes that a policy needs: its min heap if that was asked for, else the
   extent if it passed.  0: that is not known. */
uint64_t report_need(const struct sim_policy *policy);

/*
 * How far what a policy needs is above the best placement: at least *low, at
 * most *high.  false: not known, or it has no heap whose blocks have places.
 */
bool report_above_best(const struct sim_run *run,
                       const struct sim_policy *policy, double *low,
                       double *high);

/* For programs: integers exact, ratios with six decimals.  text holds
   REPORT_NUMBER_BYTES.  Returns text. */
char *report_value_exact(char *text, const struct measure_metric *metric,
                         const struct sim_policy *policy);

/* For people: 1.21 MiB, 1,234, 12.4 %, 1.12x, 34.0 */
char *report_value(char *text, const struct measure_metric *metric,
                   const struct sim_policy *policy);

#endif
