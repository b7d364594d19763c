/*
 * trace/format.h - what a format is: the contract for its author.
 *
 * A format is one constant row of functions in a file of its own, and one
 * line in format.def.  It is recognised by what a file begins with: of all
 * rows the one with the highest bid reads it.
 */
#ifndef TRACE_FORMAT_H
#define TRACE_FORMAT_H

#include "trace/fail.h"
#include "trace/input.h"
#include "trace/strings.h"
#include "trace/trace.h"

/* Where an event stands. */
struct trace_place {
    uint64_t line, column;
};

struct trace_reader {
    const struct trace_format *format;
    void *state; /* the format's own */
    struct trace_input input;
    struct trace_header header; /* strings from malloc */
    struct trace_strings strings;
    unsigned flags;
    struct trace_error error;
    uint64_t event_count; /* delivered by the trace_reads before this one */
    struct trace_place *places; /* the format notes that of events[i] here */
    size_t place_count;
};

struct trace_writer {
    const struct trace_format *format;
    void *state;
    FILE *out;
    struct trace_strings strings;
    struct trace_error error;
    bool dense; /* of the header */
    unsigned char *buffer;
    size_t used_bytes;
};

/* The operations that are of no single block, misuse left aside. */
enum {
    TRACE_MANY_OPS = 1 << TRACE_MARK | 1 << TRACE_DESTROY | 1 << TRACE_REWIND |
                     1 << TRACE_RESET
};

/*
 * Members that may be NULL are marked *.  A function that answers false or
 * ends early has filled in reader->error or writer->error.
 *
 * bid       0: not mine; 100: nobody else's.  count is at least TRACE_FIRST
 *           unless the trace is shorter; TRACE_INPUT_PAD zeros follow.
 * open      read what stands before the events, fill in reader->header.
 *           close is called even if this fails.
 * read      up to capacity events, their places into reader->places; the
 *           events before an error are delivered.
 * create  * begin a trace; NULL: this format is only read.
 * text    * a new string, already added to writer->strings, is about to be
 *           used.
 * write   * events.
 * finish  * what stands behind the events; called even after an error, then
 *           to free state only.
 */
struct trace_format {
    const char *name;
    const char *summary;
    const char *suffixes; /* of file names, separated by spaces */
    /* What write leaves out: members (of enum trace_has), operations (bits
       1 << TRACE_MARK, ...).  One that ends blocks is lacked only by formats
       that want the frees it stands for instead (header.dense). */
    unsigned lacks, lacks_ops;
    bool lacks_header;
    int (*bid)(const unsigned char *first, size_t count);
    bool (*open)(struct trace_reader *reader);
    size_t (*read)(struct trace_reader *reader, struct trace_event *events,
                   size_t capacity);
    void (*close)(struct trace_reader *reader);
    bool (*create)(struct trace_writer *writer,
                   const struct trace_header *header);
    bool (*text)(struct trace_writer *writer, const char *text);
    bool (*write)(struct trace_writer *writer, const struct trace_event *events,
                  size_t count);
    bool (*finish)(struct trace_writer *writer);
};

#define TRACE_FORMAT(name) extern const struct trace_format trace_format_##name;
#include "trace/format.def"
#undef TRACE_FORMAT

/* All of them, ended by NULL. */
extern const struct trace_format *const trace_formats[];

/* The format of that name, NULL if there is none. */
const struct trace_format *trace_format_named(const char *name);

/* The one with the highest bid, NULL if none bids. */
const struct trace_format *trace_format_bid(const unsigned char *first,
                                            size_t count);

/* As trace_open_fd, from bytes that come from anywhere; owns the source. */
struct trace_reader *trace_open_source(struct trace_source *source,
                                       unsigned flags,
                                       struct trace_error *error);

/* Forget what a header holds. */
void trace_header_close(struct trace_header *header);

enum { TRACE_WRITE_ROOM = 1 << 12 }; /* the most that trace_writer_room gives */

/* Room for count bytes at the end of the buffer, NULL after an error; take
   what was used of it with writer->used_bytes. */
unsigned char *trace_writer_room(struct trace_writer *writer, size_t count);

/* Write bytes, however many. */
bool trace_writer_put(struct trace_writer *writer, const void *bytes,
                      size_t count);
bool trace_writer_flush(struct trace_writer *writer);

/*
 * For formats that know alloc, free and realloc only: is the event to be
 * written?  false too for one to leave out: a mark, or an operation whose
 * frees follow (header.dense).  Any other, and misuse, is an error.
 */
bool trace_writer_says(struct trace_writer *writer,
                       const struct trace_event *event);

#endif
