/* cli/best.h - the best placement of a run's trace, beside its policies. */
#ifndef CLI_BEST_H
#define CLI_BEST_H

#include "search/blocks.h"
#include "sim/simulate.h"

struct cli_best {
    struct search_builder builder;
    bool asked; /* for any trace, and to look for long; else for short ones */
    bool begun;
};

void cli_best_begin(struct cli_best *best, bool asked);

/* For sim_options.watch; watcher is the struct cli_best. */
void cli_best_watch(void *watcher, const struct trace_event *events,
                    size_t count, uint64_t align_bytes);

/*
 * The answer for the events that were watched, into *run unless it is NULL.
 * What cannot be answered is left out, with a message if it was asked for.
 */
void cli_best_end(struct cli_best *best, struct sim_run *run,
                  const char *program);

#endif
