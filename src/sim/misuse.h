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

/* Does it claim a size to a policy that knows the true one? */
static inline bool sim_misuse_claims(const struct sim_replay *replay,
                                     const struct trace_event *event)
{
    return (event->has & TRACE_HAS_CLAIM) != 0 &&
           !(replay->heap->ops->caps & POLISHED_NEEDS_SIZE);
}

/* What free and realloc are told of the size: the truth, if the policy has
   nothing else to go by. */
static inline uint64_t sim_misuse_claim(const struct sim_replay *replay,
                                        const struct trace_event *event,
                                        const struct sim_block *block)
{
    return sim_misuse_claims(replay, event) ? event->claim_bytes
                                            : sim_asked(block->size_bytes);
}

/* For whom free and realloc are called: whoever the event says, else the
   block's owner. */
static inline uint32_t sim_misuse_owner(struct sim_replay *replay,
                                        const struct trace_event *event,
                                        const struct sim_block *block)
{
    return (event->has & TRACE_HAS_HEAP) &&
                   (replay->heap->ops->caps & POLISHED_OWNERS)
               ? sim_owner(&replay->owners, event->heap)
               : block->owner;
}

/* Count what came of a claim of size or owner; true if it was refused. */
bool sim_misuse_count(struct sim_replay *replay,
                      const struct trace_event *event,
                      const struct sim_block *block,
                      enum polished_status status);

static inline bool sim_misuse_claimed(struct sim_replay *replay,
                                      const struct trace_event *event,
                                      const struct sim_block *block,
                                      enum polished_status status)
{
    return (event->has & (TRACE_HAS_CLAIM | TRACE_HAS_HEAP)) != 0 &&
           sim_misuse_count(replay, event, block, status);
}

bool sim_misuse_extend(struct sim_replay *replay,
                       const struct trace_event *event);
bool sim_misuse_extra(struct sim_replay *replay,
                      const struct trace_event *event);

#endif
