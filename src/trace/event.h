/* trace/event.h - one event of a trace, whatever format it came from. */
#ifndef TRACE_EVENT_H
#define TRACE_EVENT_H

#include <stddef.h>
#include <stdint.h>

enum trace_op {
    TRACE_ALLOC,   /* id size [align zero below boundary heap] */
    TRACE_FREE,    /* id [heap delta claim] */
    TRACE_REALLOC, /* id size [heap delta claim] */
    TRACE_DESTROY, /* heap */
    TRACE_MARK,    /* label */
    TRACE_REWIND,  /* label */
    TRACE_RESET,
    TRACE_EXTEND, /* size */
    TRACE_EXTRA,  /* name (in label), a, b */
    TRACE_OP_COUNT
};

/* The optional members that an event states; the others are not set. */
enum trace_has {
    TRACE_HAS_ALIGN = 1 << 0,
    TRACE_HAS_ZERO = 1 << 1, /* the block is to be cleared; has no member */
    TRACE_HAS_BELOW = 1 << 2,
    TRACE_HAS_BOUNDARY = 1 << 3,
    TRACE_HAS_HEAP = 1 << 4,
    TRACE_HAS_THREAD = 1 << 5,
    TRACE_HAS_TIME = 1 << 6,
    TRACE_HAS_SITE = 1 << 7,
    TRACE_HAS_DELTA = 1 << 8,
    TRACE_HAS_CLAIM = 1 << 9,
    TRACE_HAS_A = 1 << 10,
    TRACE_HAS_B = 1 << 11,
    /* Not of any text format: the id was freed before (trace/live.h). */
    TRACE_IS_STALE = 1 << 14,
    /* Not of any text format: this free is one of those that the destroy,
       rewind or reset before it stands for (trace/live.h). */
    TRACE_IS_IMPLIED = 1 << 15
};

/* Strings of a trace, numbered from 0 as they first appear. */
typedef uint32_t trace_string;

struct trace_event {
    uint8_t op;         /* enum trace_op */
    uint16_t has;       /* of enum trace_has */
    trace_string label; /* mark, rewind: their label; extra: its name */
    uint64_t id;
    uint64_t size_bytes;
    uint64_t align_bytes;
    uint64_t heap;
    uint64_t thread;
    uint64_t time_ns;
    uint64_t below, boundary;
    int64_t delta_bytes;  /* added to the address that is freed, resized */
    uint64_t claim_bytes; /* the size that free or resize is told */
    uint64_t a, b;
    trace_string site;
};

/* A piece of the memory that the header of a trace describes. */
struct trace_memory {
    uint64_t base, size_bytes;
    int reserved; /* a hole, perhaps inside another piece */
};

/* What stands before the events.  Absent strings are NULL, numbers 0. */
struct trace_header {
    char *name;
    char *source; /* how it was made */
    char *spec;   /* the policy it was made for */
    uint64_t align_bytes;
    struct trace_memory *memory;
    size_t memory_count;
    /* .ptrace only: the ids are slots of trace/live.h, which has judged every
       event; destroy, rewind and reset are followed by the frees they imply. */
    int dense;
};

/*
 * Where a trace is wrong and why.  Line and column count from 1; a binary
 * file is one line, its column the byte's number.  event counts from 1 and
 * is 0 before the first.  kind says who is to blame.
 */
struct trace_error {
    enum trace_fault {
        TRACE_FINE,
        TRACE_BAD,     /* the trace: exit 3 */
        TRACE_IO,      /* the file or the disk: exit 4 */
        TRACE_INTERNAL /* out of memory here: exit 5 */
    } kind;
    uint64_t line, column, event;
    char what[256];
};

#endif
