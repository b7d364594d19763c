/* trace/line.h - a trace of text, read line by line in the reader's buffer. */
#ifndef TRACE_LINE_H
#define TRACE_LINE_H

#include "trace/digits.h"
#include "trace/format.h"

/* All zero but for the reader: before the first line. */
struct trace_line {
    struct trace_reader *reader;
    uint64_t number;                       /* from 1 */
    const unsigned char *start, *at, *end; /* at: what is not yet read */
};

static inline bool trace_line_is_blank(unsigned char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* Go to the next line; the last one stays where it is until then.  false at
   the end and after an error. */
bool trace_line_next(struct trace_line *line);

/* Skip blanks; is there more? */
bool trace_line_more(struct trace_line *line);

/* Fill in the reader's error, as of this place; answers false. */
bool trace_line_bad(const struct trace_line *line, const unsigned char *at,
                    const char *what);

/*
 * Read a decimal number behind blanks.  A blank, the end of the line or the
 * letter `also` may stand behind it.  expected is what is said if not.
 */
bool trace_line_number(struct trace_line *line, const char *expected,
                       unsigned char also, uint64_t *number);

#endif
