/* sim/operation_tell.h - what the two files that make a trace of operations
   share: a call is done and told at once. */
#ifndef SIM_OPERATION_TELL_H
#define SIM_OPERATION_TELL_H

#include "sim/operation_book.h"
#include "trace/trace.h"

enum { TELL_TEXTS = 80, TELL_MARKS = 60 };

/* What an extra answered at a moment, and how many blocks there were ever. */
struct tell_mark {
    polished_size a, b;
    uint64_t last_id;
    char label[8];
};

struct operation_trace {
    struct operation_setup setup;
    const struct polished_ops *ops;
    struct polished_heap heap, source;
    struct operation_book book;
    struct trace_writer *writer;
    const char *texts[TELL_TEXTS]; /* written so far */
    uint32_t text_count;
    struct trace_event event; /* in the making */
    struct tell_mark marks[TELL_MARKS];
    unsigned mark_count;
    bool is_over; /* nothing more can be said of this heap */
};

/* Let event be a mark with this answer. */
void sim_tell_mark(struct operation_trace *trace, polished_size a,
                   polished_size b);

/* Do an operation and write its event, if it has one.  false: the writer
   failed. */
bool sim_tell_operation(struct operation_trace *trace,
                        const struct operation *operation);

#endif
