/*
 * trace/json_scan.h - the tokens of JSON, strictly, in place in a buffer.
 *
 * A NUL stands behind the buffer, which no token may contain: so nothing here
 * asks for the end before each byte.  Every function takes the place where it
 * is to begin and returns the place behind what it read, or NULL; then
 * scan->bad is where it failed.  If that is the end of the buffer, more bytes
 * may help, and the caller tries again from the start of the event.  For that
 * to hold, no function may judge a token before it has seen its end.
 */
#ifndef TRACE_JSON_SCAN_H
#define TRACE_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "trace/digits.h"
#include "trace/event.h"

struct json_scan {
    const unsigned char *begin, *end; /* the buffer */
    const unsigned char *bad;
    uint64_t offset; /* of *begin in the trace */
    uint64_t line;   /* where the scan is */
    struct trace_error *error;
    uint64_t line_offset; /* where that line begins; apart from line, since
                             reading two fresh numbers as one is slow */
    char *scratch;        /* for strings with escapes, grown as needed */
    size_t scratch_bytes;
};

/* The nesting that a header may have; its legal form needs 3. */
enum { JSON_DEEPEST = 32 };

static inline uint64_t trace_json_column(const struct json_scan *scan,
                                         const unsigned char *at)
{
    return scan->offset + (uint64_t)(at - scan->begin) - scan->line_offset + 1;
}

/* Both return NULL.  `at` must be on the line where the scan is. */
const unsigned char *trace_json_bad(struct json_scan *scan,
                                    const unsigned char *at, const char *format,
                                    ...)
    __attribute__((format(printf, 3, 4), cold));
const unsigned char *trace_json_expected(struct json_scan *scan,
                                         const unsigned char *at,
                                         const char *what)
    __attribute__((cold));

const unsigned char *trace_json_space_slow(struct json_scan *scan,
                                           const unsigned char *at);

static inline const unsigned char *trace_json_space(struct json_scan *scan,
                                                    const unsigned char *at)
{
    return *at > ' ' ? at : trace_json_space_slow(scan, at);
}

/* A string; its text, unescaped, lies in the buffer or in scratch until the
   next call. */
const unsigned char *trace_json_string(struct json_scan *scan,
                                       const unsigned char *at,
                                       const char **text, size_t *length);

/* One character of UTF-8 of more than one byte. */
const unsigned char *trace_json_utf8(struct json_scan *scan,
                                     const unsigned char *at);

/* An integer from 0 to 2^64 - 1: a number, or a string "0x...". */
const unsigned char *trace_json_count_slow(struct json_scan *scan,
                                           const unsigned char *at,
                                           uint64_t *count);

/* An integer that is not 0 and fits an int64_t; a number. */
const unsigned char *trace_json_delta(struct json_scan *scan,
                                      const unsigned char *at, int64_t *delta);

/* true or false. */
const unsigned char *trace_json_bool(struct json_scan *scan,
                                     const unsigned char *at, bool *value);

/* A number by the grammar of JSON, whatever its size. */
const unsigned char *trace_json_number(struct json_scan *scan,
                                       const unsigned char *at);

/* "key": before a value, to which *at moves. */
bool trace_json_key(struct json_scan *scan, const unsigned char **at);

/* Any value, every byte of it checked; visit, if not NULL, is told of each
   value where it begins, outer ones first, key NULL but in objects. */
struct json_visitor {
    bool (*visit)(struct json_visitor *visitor, struct json_scan *scan,
                  const unsigned char *key, const unsigned char *value);
};
const unsigned char *trace_json_value(struct json_scan *scan,
                                      const unsigned char *at,
                                      struct json_visitor *visitor);

static inline const unsigned char *trace_json_count(struct json_scan *scan,
                                                    const unsigned char *at,
                                                    uint64_t *count)
{
    unsigned digits = trace_digits_quick(at, count);

    if (digits > 0 && (at[digits] == ',' || at[digits] == '}'))
        return at + digits;
    return trace_json_count_slow(scan, at, count);
}

#endif
