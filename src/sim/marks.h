/* sim/marks.h - marks that a policy can go back to by itself. */
#ifndef SIM_MARKS_H
#define SIM_MARKS_H

#include <stdbool.h>

#include "polished/mark.h"
#include "trace/event.h"

enum { SIM_MARKS = 64 };

struct sim_marks {
    struct {
        trace_string label;
        struct polished_mark moment;
    } rows[SIM_MARKS];
    unsigned count;
};

/* Remember this moment of heap under a label, if the policy can. */
void sim_marks_set(struct sim_marks *marks, struct polished_heap *heap,
                   trace_string label);

/* Go back to the latest mark of that label.  false: the policy cannot, and
   its blocks have to be freed one by one. */
bool sim_marks_rewind(struct sim_marks *marks, struct polished_heap *heap,
                      trace_string label);

#endif
