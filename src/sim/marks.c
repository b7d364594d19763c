#include "sim/marks.h"

void sim_marks_set(struct sim_replay *replay, trace_string label)
{
    struct sim_mark *mark = &replay->marks[replay->mark_count];

    if (replay->mark_count == SIM_MARKS ||
        polished_mark(replay->heap, &mark->moment) != POLISHED_OK)
        return;
    mark->label = label;
    replay->mark_count++;
}

/* The mark stays: a trace may rewind to it again. */
bool sim_marks_rewind(struct sim_replay *replay, trace_string label)
{
    unsigned count = replay->mark_count;

    while (count > 0 && replay->marks[count - 1].label != label)
        count--;
    if (count == 0 ||
        polished_rewind(replay->heap, replay->marks[count - 1].moment) !=
            POLISHED_OK)
        return false;
    replay->mark_count = count;
    return true;
}
