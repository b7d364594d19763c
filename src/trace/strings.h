/* trace/strings.h - the strings of a trace, each with its number. */
#ifndef TRACE_STRINGS_H
#define TRACE_STRINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "trace/event.h"

/* All zero: empty. */
struct trace_strings {
    char **texts;
    uint32_t count, capacity;
    uint32_t *table; /* number + 1 by hash, 0: free; NULL until needed */
    uint32_t table_count;
};

/* The next number for this text, which may have one already; false when out
   of memory. */
bool trace_strings_add(struct trace_strings *strings, const char *text,
                       size_t length_bytes);

/* The text's number, a new one if it has none. */
bool trace_strings_intern(struct trace_strings *strings, const char *text,
                          size_t length_bytes, trace_string *number);

void trace_strings_close(struct trace_strings *strings);

#endif
