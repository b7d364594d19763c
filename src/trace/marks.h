/* trace/marks.h - the marks of a trace that can still be rewound to. */
#ifndef TRACE_MARKS_H
#define TRACE_MARKS_H

#include <stdbool.h>
#include <stddef.h>

#include "trace/event.h"

/* All zero: none. */
struct trace_marks {
    uint64_t *places; /* by label; 0: not marked */
    size_t place_count;
    struct trace_mark {
        uint64_t place;
        trace_string label;
    } * stack; /* oldest first; what is no longer in places is void */
    size_t count, capacity, valid_count;
};

/* Mark this place, above 0 and all before it; false when out of memory. */
bool trace_marks_set(struct trace_marks *marks, trace_string label,
                     uint64_t place);

/* The place of a label, forgetting the marks behind it; 0: there is none. */
uint64_t trace_marks_rewind(struct trace_marks *marks, trace_string label);

void trace_marks_reset(struct trace_marks *marks);
void trace_marks_close(struct trace_marks *marks);

#endif
