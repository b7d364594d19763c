/* trace_dump.h - a trace as plain text, to compare what was read. */
#ifndef TRACE_DUMP_H
#define TRACE_DUMP_H

#include <stddef.h>

enum {
    DUMP_MISUSE = 1 << 0, /* TRACE_MISUSE */
    DUMP_PLACES = 1 << 1, /* the format, and where each event stands */
    DUMP_NO_HEADER = 1 << 2
};

/* The bytes of a trace, in reads of at most chunk bytes; with chunk 0 of
   random sizes by seed. */
struct dump_bytes {
    const void *bytes;
    size_t count;
    size_t chunk;
    unsigned seed;
};

/* All that a reader says about the trace, and its error at the end; to be
   freed. */
char *dump_trace(const struct dump_bytes *from, unsigned flags);

/* The same of a NUL-terminated trace, read at once. */
char *dump_text(const char *text, unsigned flags);

/* Texts, and what they are read as, or the errors that they are read with. */
struct dump_row {
    const char *text;
    const char *result;
};
void dump_check(const struct dump_row *rows, size_t count, unsigned flags);

/* The error that ends the reading as "line:column:event: what", "" if there
   is none; to be freed. */
char *dump_error(const struct dump_bytes *from, unsigned flags);

/* The trace rewritten in another format; *count its bytes, to be freed. */
char *dump_convert(const struct dump_bytes *from, unsigned flags,
                   const char *format, size_t *count);

/* The kind of error, TRACE_FINE if there is none; events are read and
   thrown away.  For inputs by the thousand. */
int dump_fault(const struct dump_bytes *from, unsigned flags);

/* A trace with every operation and member, as JSON; DUMP_MISUSE. */
extern const char dump_everything[];

#endif
