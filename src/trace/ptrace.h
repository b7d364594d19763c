/*
 * trace/ptrace.h - the bytes of a .ptrace; docs/trace-format.md tells them.
 *
 * An alloc, free or realloc is a tag and at most two numbers, whose lengths
 * the tag states: so they are taken without a branch on what they are.
 */
#ifndef TRACE_PTRACE_H
#define TRACE_PTRACE_H

#include <stdint.h>

#include "trace/event.h"

#define PTRACE_MAGIC "\x89ptrace\n"

enum {
    PTRACE_MAGIC_BYTES = 8,
    PTRACE_VERSION = 1,
    PTRACE_DENSE = 1 << 0,      /* the only flag */
    PTRACE_OP_MASK = 3,         /* of a tag: TRACE_ALLOC, _FREE, _REALLOC */
    PTRACE_OTHER = 3,           /* or a record, its number in the six bits */
    PTRACE_LONGEST_RECORD = 32, /* bytes, but for a text */
    PTRACE_LONGEST_EVENT = 256  /* with all its members */
};

enum ptrace_record {
    PTRACE_END,
    PTRACE_TEXT,
    PTRACE_DESTROY,
    PTRACE_MARK,
    PTRACE_REWIND,
    PTRACE_RESET,
    PTRACE_EXTEND,
    PTRACE_EXTRA,
    PTRACE_NO_THREAD,
    PTRACE_MEMBER = 16 /* and the number of a bit of enum trace_has */
};

/* How many bytes the eight lengths that a tag can state are. */
static const uint8_t trace_ptrace_lengths[8] = {0, 1, 2, 3, 4, 5, 6, 8};

/* What records and tags are relative to; both sides keep it alike. */
struct ptrace_context {
    uint64_t id; /* of the last alloc */
    uint64_t size_bytes;
    uint64_t time_ns;
    uint64_t thread;
    unsigned thread_has; /* TRACE_HAS_THREAD while events state it */
};

/* How the value of a member is written. */
enum ptrace_form { PTRACE_NONE, PTRACE_COUNT, PTRACE_SIGNED, PTRACE_STRING };

extern const struct ptrace_member {
    uint8_t form, offset; /* in struct trace_event */
} trace_ptrace_members[16];

static inline uint64_t trace_ptrace_fold(uint64_t difference)
{
    return difference << 1 ^ (0 - (difference >> 63));
}

static inline uint64_t trace_ptrace_unfold(uint64_t folded)
{
    return folded >> 1 ^ (0 - (folded & 1));
}

#endif
