/* cli/progress.h - a bar for work that takes over a second. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdbool.h>
#include <time.h>

#include "sim/simulate.h"

struct cli_progress {
    bool wanted; /* standard error is a terminal, and nobody objects */
    bool drawn;
    struct timespec start, last; /* of the work, of the last drawing */
};

void cli_progress_begin(struct cli_progress *progress, bool quiet);

/* For sim_options.progress; context is the struct cli_progress. */
void cli_progress_show(void *context, const struct sim_progress *now);

/* Erase the bar. */
void cli_progress_end(struct cli_progress *progress);

#endif
