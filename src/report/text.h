/* report/text.h - the parts of the report for people. */
#ifndef REPORT_TEXT_H
#define REPORT_TEXT_H

#include "report/report.h"

/* The table of policies, a line or two each. */
void report_text_table(FILE *out, const struct sim_run *run,
                       const struct report_style *style);

/* Pictures of the heaps that are worth a look. */
void report_text_heaps(FILE *out, const struct sim_run *run,
                       const struct report_style *style);

/* The heap around one event, of each policy, if that was asked for. */
void report_text_explained(FILE *out, const struct sim_run *run,
                           const struct report_style *style);

/* Who fragments the min heap of each policy, if that was asked for. */
void report_text_blame(FILE *out, const struct sim_run *run,
                       const struct report_style *style);

/* How little memory would do, and what rounding, foresight and headers cost;
   nothing where the best placement is not known. */
void report_text_best(FILE *out, const struct sim_run *run,
                      const struct report_style *style);

/*
 * May the policy be called the one that needs least?  Not if it has no heap
 * whose blocks have places: then it is a bound or a reference.
 */
bool report_competes(const struct sim_policy *policy);

#endif
