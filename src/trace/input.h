/*
 * trace/input.h - the bytes of a trace: from a file or a pipe, unpacked, in
 * one buffer that every format scans in place.
 *
 * Behind the last byte that was read stand TRACE_INPUT_PAD zeros, so that a
 * scanner may look a few bytes ahead without asking.
 */
#ifndef TRACE_INPUT_H
#define TRACE_INPUT_H

#include <stdbool.h>
#include <sys/types.h>

#include "trace/event.h"

enum {
    TRACE_INPUT_PAD = 64,
    TRACE_LONGEST = 1 << 20, /* bytes of the longest event */
    TRACE_FIRST = 1 << 16    /* bytes by which a format is recognised */
};

/* Where bytes come from; layers over each other to unpack. */
struct trace_source {
    /* At most capacity bytes; 0 at the end, -1 and *error after a failure. */
    ssize_t (*read)(struct trace_source *source, void *to, size_t capacity,
                    struct trace_error *error);
    void (*close)(struct trace_source *source);
};

/*
 * The file behind fd, which it then owns, unpacked if it is packed.  A regular
 * file is read without moving the descriptor's place: processes that share
 * the descriptor do not disturb each other.
 */
struct trace_source *trace_source_open(int fd, struct trace_error *error);

/* Unpack what inner gives; they own it.  NULL, and *error says why. */
struct trace_source *trace_source_gzip(struct trace_source *inner,
                                       struct trace_error *error);
struct trace_source *trace_source_zstd(struct trace_source *inner,
                                       struct trace_error *error);
struct trace_source *trace_source_xz(struct trace_source *inner,
                                     struct trace_error *error);

struct trace_input {
    unsigned char *data;
    size_t begin, end; /* data[begin, end) is not yet consumed */
    uint64_t offset;   /* of data[0] in the trace */
    bool ended;        /* nothing comes after data[end - 1] */
    struct trace_source *source;
};

/* Takes the source over, even if it fails. */
bool trace_input_open(struct trace_input *input, struct trace_source *source,
                      struct trace_error *error);

/*
 * Get at least one more byte; data[begin] moves to data[0].  false at the end
 * (then ended is set) and after a failure (then *error is too).  With
 * TRACE_LONGEST bytes unconsumed there is room, but a format should refuse.
 */
bool trace_input_more(struct trace_input *input, struct trace_error *error);

/* Have count bytes, at most TRACE_LONGEST, unless the trace ends before. */
bool trace_input_want(struct trace_input *input, size_t count,
                      struct trace_error *error);

void trace_input_close(struct trace_input *input);

#endif
