/* The events that are of no single block: what they end is implied by those
   that follow. */
#include "sim/group.h"

/* What the next events imply has been freed, or has not, until the turn. */
static bool group_sweep(struct sim_replay *replay, bool swept)
{
    replay->swept = swept;
    replay->next_turn = 0;
    replay->layout_fresh = false;
    return true;
}

bool sim_group_reset(struct sim_replay *replay, const struct trace_event *event)
{
    (void)event;
    replay->marks.count = 0;
    return group_sweep(replay, sim_arena_reset(&replay->arena) == POLISHED_OK);
}

/* Every block that a process held is implied by what follows, unless the
   policy knows owners. */
bool sim_group_destroy(struct sim_replay *replay,
                       const struct trace_event *event)
{
    enum polished_status status;

    if (!sim_replay_owns(replay))
        return group_sweep(replay, false);
    sim_replay_owner(replay, event);
    sim_owner_report(replay->out, replay->heap, event->heap, *replay->event);
    status = polished_destroy(replay->heap, replay->heap->owner);
    sim_owner_end(&replay->owners, event->heap);
    return group_sweep(replay, status == POLISHED_OK);
}

bool sim_group_mark(struct sim_replay *replay, const struct trace_event *event)
{
    sim_marks_set(&replay->marks, replay->heap, event->label);
    return sim_account_sample(replay);
}

bool sim_group_rewind(struct sim_replay *replay,
                      const struct trace_event *event)
{
    return group_sweep(
        replay, sim_marks_rewind(&replay->marks, replay->heap, event->label));
}
