/* sim/explain.h - the heap around one event, --explain. */
#ifndef SIM_EXPLAIN_H
#define SIM_EXPLAIN_H

#include "sim/replay.h"
#include "sim/spool.h"

/* Before an event is applied: is it the one, or the one behind it? */
void sim_explain(struct sim_replay *replay, const struct trace_event *event);

/* After the last event. */
void sim_explain_end(struct sim_replay *replay);

/* A block goes, or moves away, once the heap has been looked at. */
void sim_explain_end_of(struct sim_replay *replay,
                        const struct sim_block *block);

static inline void sim_explain_gone(struct sim_replay *replay,
                                    const struct sim_block *block)
{
    if (replay->explain_done)
        sim_explain_end_of(replay, block);
}

/* Say who asked for the blocks that hold the windows of a run, as far as the
   trace tells.  false: *error says why. */
bool sim_explain_sites(struct sim_run *run, const struct sim_spool *spool,
                       struct trace_error *error);

#endif
