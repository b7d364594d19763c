/*
 * sim/spool.h - a trace read once, judged, and kept where children find it.
 */
#ifndef SIM_SPOOL_H
#define SIM_SPOOL_H

#include <stdbool.h>
#include <stdio.h>

#include "sim/simulate.h"

enum { SIM_PATH_BYTES = 32 };

struct sim_spool {
    const char *path; /* to open for a resolved reading */
    FILE *file;       /* an unlinked one, or NULL: path is the trace itself */
    char own_path[SIM_PATH_BYTES];
    struct measure_census census;
};

/*
 * Read the trace to its end, judge every event and write it down resolved,
 * unless it is so already.  reader is used up.  false: *error says why.
 */
bool sim_spool_fill(struct sim_spool *spool, struct trace_reader *reader,
                    const char *path, const struct sim_options *options,
                    uint64_t align_bytes, struct trace_error *error);

/* Some of the events of a spool, in their order.  false: out of memory. */
typedef bool sim_spool_visit(void *context, const struct trace_event *events,
                             size_t count);

/* Visit all events, resolved.  false: *error says why. */
bool sim_spool_each(const struct sim_spool *spool, sim_spool_visit *visit,
                    void *context, struct trace_error *error);

/* A string of the trace, in label of SIM_LABEL_BYTES: its end, if it is longer.
   false: *error says why. */
bool sim_spool_text(const struct sim_spool *spool, trace_string number,
                    char *label, struct trace_error *error);

void sim_spool_free(struct sim_spool *spool);

#endif
