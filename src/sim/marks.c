#include "sim/marks.h"

void sim_marks_set(struct sim_marks *marks, struct polished_heap *heap,
                   trace_string label)
{
    if (marks->count == SIM_MARKS ||
        polished_mark(heap, &marks->rows[marks->count].moment) != POLISHED_OK)
        return;
    marks->rows[marks->count].label = label;
    marks->count++;
}

/* The mark stays: a trace may rewind to it again. */
bool sim_marks_rewind(struct sim_marks *marks, struct polished_heap *heap,
                      trace_string label)
{
    unsigned count = marks->count;

    while (count > 0 && marks->rows[count - 1].label != label)
        count--;
    if (count == 0 ||
        polished_rewind(heap, marks->rows[count - 1].moment) != POLISHED_OK)
        return false;
    marks->count = count;
    return true;
}
