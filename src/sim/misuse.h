/*
 * sim/misuse.h - what a trace with --misuse does to a heap beyond the calls
 * of a proper program.
 */
#ifndef SIM_MISUSE_H
#define SIM_MISUSE_H

#include "sim/replay.h"

/* Is the policy to refuse this event? */
bool sim_misuse_is(const struct trace_event *event);

/* Send it, and count what came of it. */
bool sim_misuse(struct sim_replay *replay, const struct trace_event *event);

bool sim_misuse_extend(struct sim_replay *replay,
                       const struct trace_event *event);
bool sim_misuse_extra(struct sim_replay *replay,
                      const struct trace_event *event);

#endif
