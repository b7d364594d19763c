/* cli/best.h - the best placement of a run's trace, beside its policies. */
#ifndef CLI_BEST_H
#define CLI_BEST_H

#include "sim/simulate.h"

/*
 * Find it, and the spans of policies without headers.  What cannot be answered
 * is left out; asked: search long, and say on behalf of program why there is
 * no answer.  false: *error says why.
 */
bool cli_best(struct sim_run *run, const struct sim_ground *ground, bool asked,
              const char *program, struct trace_error *error);

#endif
