/*
 * sim/misuse.h - what a trace with --misuse does to a heap beyond the calls
 * of a proper program.
 */
#ifndef SIM_MISUSE_H
#define SIM_MISUSE_H

#include "sim/replay.h"

/*
 * Is the policy to refuse this event?  One that only claims a wrong size or
 * a wrong owner is not among them: whether a policy can know is its own
 * affair.
 */
static inline bool sim_misuse_is(const struct trace_event *event)
{
    return (event->has & (TRACE_IS_STALE | TRACE_HAS_DELTA)) != 0 &&
           (event->op == TRACE_FREE || event->op == TRACE_REALLOC);
}

/* Send it, and count what came of it. */
bool sim_misuse(struct sim_replay *replay, const struct trace_event *event);

/* What free and realloc are told of the size: the truth, if the policy has
   nothing else to go by. */
uint64_t sim_misuse_claim(const struct sim_replay *replay,
                          const struct trace_event *event,
                          const struct sim_block *block);

/* For whom free and realloc are called: whoever the event says, else the
   block's owner. */
uint32_t sim_misuse_owner(struct sim_replay *replay,
                          const struct trace_event *event,
                          const struct sim_block *block);

/* Count what came of a claim of size or owner; true if it was refused. */
bool sim_misuse_claimed(struct sim_replay *replay,
                        const struct trace_event *event,
                        const struct sim_block *block,
                        enum polished_status status);

bool sim_misuse_extend(struct sim_replay *replay,
                       const struct trace_event *event);
bool sim_misuse_extra(struct sim_replay *replay,
                      const struct trace_event *event);

#endif
