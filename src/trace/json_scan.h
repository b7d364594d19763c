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

#if defined __BYTE_ORDER__ && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define JSON_EIGHT_AT_ONCE 1
#else
#define JSON_EIGHT_AT_ONCE 0
#endif

/* Digits of which the first is not 0, and what they say: how many there are.
   0: none, or more than surely fit. */
unsigned trace_json_digits_slow(const unsigned char *at, uint64_t *count);

/*
 * The same.  The common numbers, of at most seven digits, go without a branch
 * on how many: eight bytes are taken at once, cut behind the last digit, and
 * summed up pairwise.
 */
static inline unsigned trace_json_digits(const unsigned char *at,
                                         uint64_t *count)
{
#if JSON_EIGHT_AT_ONCE
    uint64_t word, stop;

    memcpy(&word, at, sizeof word);
    word ^= 0x3030303030303030u;
    stop = ((word + 0x7676767676767676u) | word) & 0x8080808080808080u;
    if (stop > 0x80 && (word & 0xff) != 0 && (stop & 0x80) == 0) {
        unsigned digits = (unsigned)__builtin_ctzll(stop) / 8;

        word <<= 64 - 8 * digits;
        word = (word * 10 + (word >> 8)) & 0x00ff00ff00ff00ffu;
        word = (word * 100 + (word >> 16)) & 0x0000ffff0000ffffu;
        *count = (word * 10000 + (word >> 32)) & 0xffffffffu;
        return digits;
    }
#endif
    return trace_json_digits_slow(at, count);
}

static inline const unsigned char *trace_json_count(struct json_scan *scan,
                                                    const unsigned char *at,
                                                    uint64_t *count)
{
    unsigned digits = trace_json_digits(at, count);

    if (digits > 0 && (at[digits] == ',' || at[digits] == '}'))
        return at + digits;
    return trace_json_count_slow(scan, at, count);
}

#endif
