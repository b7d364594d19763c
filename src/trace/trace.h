/*
 * trace/trace.h - reading and writing traces of any format.
 *
 *     struct trace_error error;
 *     struct trace_reader *reader = trace_open("-", 0, &error);
 *     while ((count = trace_read(reader, events, 64)) > 0)
 *         ...
 *     if (trace_failed(reader))
 *         ...
 *     trace_close(reader);
 *
 * A reader keeps one buffer and the strings it met, nothing per event: its
 * memory does not grow with the length of a trace.
 */
#ifndef TRACE_TRACE_H
#define TRACE_TRACE_H

#include <stdbool.h>
#include <stdio.h>

#include "trace/event.h"

struct trace_reader;
struct trace_writer;

enum trace_flags {
    TRACE_MISUSE = 1 << 0 /* accept delta, claim, extend, extra */
};

/*
 * Open a trace: a path, or "-" for standard input.  The format is recognised
 * by its first bytes, under gzip, zstd or xz too.  NULL, and *error says why.
 */
struct trace_reader *trace_open(const char *path, unsigned flags,
                                struct trace_error *error);

/*
 * The same from a file descriptor, which the reader then owns; path is the
 * name used in messages.  A regular file is read from the descriptor's place
 * on, which stays where it is: processes that inherit it may all read it.
 */
struct trace_reader *trace_open_fd(int fd, const char *path, unsigned flags,
                                   struct trace_error *error);

/* The header; complete once trace_open has returned, but for a name and source
   that a JSON document has behind its events.  The reader's own. */
const struct trace_header *trace_header_of(const struct trace_reader *reader);

/* The name of the format that was recognised, such as "jsonl". */
const char *trace_format_name(const struct trace_reader *reader);

/*
 * Read up to capacity events; 0 at the end and after an error, only then.
 * Events before an error are delivered first.  Within the events only the
 * members that op and has promise are set.
 */
size_t trace_read(struct trace_reader *reader, struct trace_event *events,
                  size_t capacity);

/* The error that ended the reading, NULL if there was none. */
const struct trace_error *trace_failed(const struct trace_reader *reader);

/*
 * Where the events of the last trace_read stand: the place of events[index].
 * For the messages of those who judge what an event means.
 */
void trace_where(const struct trace_reader *reader, size_t index,
                 uint64_t *line, uint64_t *column);

/* A string by its number, NUL-terminated UTF-8 without NUL inside. */
const char *trace_text(const struct trace_reader *reader, trace_string number);
uint32_t trace_text_count(const struct trace_reader *reader);

void trace_close(struct trace_reader *reader);

/* Print an error as "path:line:column: event N: what". */
void trace_report(FILE *out, const char *path, const struct trace_error *error);

/*
 * Write a trace in the named format; strings are given by trace_write_text
 * and numbered from 0 in the order of the calls.  Each call answers false
 * after an error, which trace_finish reports; trace_finish ends the document
 * and frees the writer.
 */
struct trace_writer *trace_create(FILE *out, const char *format,
                                  const struct trace_header *header,
                                  struct trace_error *error);
bool trace_write_text(struct trace_writer *writer, const char *text);
bool trace_write(struct trace_writer *writer, const struct trace_event *events,
                 size_t count);
bool trace_finish(struct trace_writer *writer, struct trace_error *error);

/* The format that a file of this name should have; NULL if none claims it. */
const char *trace_format_for(const char *path);

#endif
