/* trace/ptrace_read.h - the reading side of trace/ptrace.c. */
#ifndef TRACE_PTRACE_READ_H
#define TRACE_PTRACE_READ_H

#include "trace/format.h"
#include "trace/ptrace.h"

/* What a tag says. */
struct ptrace_tag {
    uint64_t id_mask, size_mask;
    uint8_t op, id_bytes, all_bytes, is_alloc;
    uint8_t id_shift, id_low; /* of a free: three bits lie in the tag */
    uint8_t states_size;      /* else it is the last one's */
};

struct ptrace_state {
    struct ptrace_tag tags[256];
    struct ptrace_context context;
    struct trace_event next; /* members stated for the event to come */
    unsigned has;            /* which of them */
    bool done;
};

/* The bits of enum trace_has that there are. */
enum { PTRACE_ALL_MEMBERS = 0xcfff };

/* Say that the byte at `at` is wrong; answers NULL. */
const unsigned char *trace_ptrace_bad(struct trace_reader *reader,
                                      const unsigned char *at,
                                      const char *what);
const unsigned char *trace_ptrace_ends(struct trace_reader *reader,
                                       const unsigned char *at);

/* PTRACE_LONGEST_RECORD bytes or the pad follow `at`. */
const unsigned char *trace_ptrace_varint(struct trace_reader *reader,
                                         const unsigned char *at,
                                         uint64_t *number);

/* count bytes that begin at input->begin, all of them in the buffer. */
const unsigned char *trace_ptrace_bytes(struct trace_reader *reader,
                                        uint64_t count);

/* The record whose tag is at `at`; perhaps it completes an event. */
const unsigned char *trace_ptrace_take_record(struct trace_reader *reader,
                                              const unsigned char *at,
                                              struct trace_event *event,
                                              bool *is_event);

/* Give state->next, whose operation is known, its members. */
bool trace_ptrace_complete(struct trace_reader *reader, const unsigned char *at,
                           struct trace_event *event);

#endif
