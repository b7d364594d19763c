/* trace/json_scan.c - the tokens of JSON but strings. */
#include "trace/json_scan.h"

#include <stdio.h>

#include "trace/fail.h"

const unsigned char *trace_json_bad(struct json_scan *scan,
                                    const unsigned char *at, const char *format,
                                    ...)
{
    va_list list;

    va_start(list, format);
    trace_fail_list(scan->error, TRACE_BAD, format, list);
    va_end(list);
    scan->bad = at;
    scan->error->line = scan->line;
    scan->error->column = trace_json_column(scan, at);
    return NULL;
}

const unsigned char *trace_json_expected(struct json_scan *scan,
                                         const unsigned char *at,
                                         const char *what)
{
    if (at >= scan->end)
        return trace_json_bad(scan, at, "expected %s, but the trace ends",
                              what);
    if (*at > ' ' && *at < 0x7f)
        return trace_json_bad(scan, at, "expected %s, not '%c'", what, *at);
    return trace_json_bad(scan, at, "expected %s, not the byte 0x%02x", what,
                          *at);
}

const unsigned char *trace_json_space_slow(struct json_scan *scan,
                                           const unsigned char *at)
{
    for (;; at++) {
        if (*at == '\n') {
            scan->line++;
            scan->line_offset = scan->offset + (uint64_t)(at - scan->begin) + 1;
        } else if (*at != ' ' && *at != '\t' && *at != '\r') {
            return at;
        }
    }
}

/* What follows the digits of an integer; its first digit is at `at`. */
static const unsigned char *scan_integer_end(struct json_scan *scan,
                                             const unsigned char *at,
                                             const unsigned char *behind)
{
    if (behind >= scan->end)
        return trace_json_expected(scan, behind, "the rest of the number");
    if (*at == '0' && behind > at + 1)
        return trace_json_bad(scan, at, "a number may not begin with 0");
    if (*behind == '.')
        return trace_json_bad(scan, behind,
                              "expected an integer, not a fraction");
    if (*behind == 'e' || *behind == 'E')
        return trace_json_bad(scan, behind,
                              "expected an integer without an exponent");
    return behind;
}

static int scan_hex_digit(unsigned char c)
{
    if (trace_is_digit(c))
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* "0x...": an integer for those whose numbers are not exact. */
static const unsigned char *scan_hex(struct json_scan *scan,
                                     const unsigned char *at, uint64_t *count)
{
    static const char form[] = "a number or a string \"0x...\"";
    const unsigned char *digits = at + 3, *behind = digits;
    bool fits = true;
    uint64_t value = 0;

    if (at[1] != '0')
        return trace_json_expected(scan, at + 1, form);
    if (at[2] != 'x')
        return trace_json_expected(scan, at + 2, form);
    for (; scan_hex_digit(*behind) >= 0; behind++) {
        fits = fits && value >> 60 == 0;
        value = value << 4 | (uint64_t)scan_hex_digit(*behind);
    }
    if (*behind != '"' || behind == digits)
        return trace_json_expected(scan, behind, "a hexadecimal digit");
    if (!fits)
        return trace_json_bad(scan, at, "a number above 2^64 - 1");
    *count = value;
    return behind + 1;
}

const unsigned char *trace_json_count_slow(struct json_scan *scan,
                                           const unsigned char *at,
                                           uint64_t *count)
{
    const unsigned char *behind;
    bool fits;

    if (*at == '"')
        return scan_hex(scan, at, count);
    if (*at == '-')
        return trace_json_bad(scan, at,
                              "expected an integer from 0, not below");
    if (!trace_is_digit(*at))
        return trace_json_expected(scan, at, "an integer");
    behind = scan_integer_end(scan, at, trace_digits(at, count, &fits));
    if (behind && !fits)
        return trace_json_bad(scan, at, "a number above 2^64 - 1");
    return behind;
}

const unsigned char *trace_json_delta(struct json_scan *scan,
                                      const unsigned char *at, int64_t *delta)
{
    const unsigned char *digits = at + (*at == '-'), *behind;
    uint64_t count, most = (uint64_t)INT64_MAX + (*at == '-');
    bool fits;

    if (!trace_is_digit(*digits))
        return trace_json_expected(scan, digits, "an integer");
    behind =
        scan_integer_end(scan, digits, trace_digits(digits, &count, &fits));
    if (behind && (!fits || count > most))
        return trace_json_bad(scan, at, "a number beyond 63 bits");
    if (behind && count == 0)
        return trace_json_bad(scan, at, "expected an integer other than 0");
    *delta = (int64_t)(*at == '-' ? 0 - count : count);
    return behind;
}

/* The rest of a word of which the first letter was seen. */
static const unsigned char *scan_word(struct json_scan *scan,
                                      const unsigned char *at, const char *word,
                                      const char *expected)
{
    for (; *word; word++, at++)
        if (*at != (unsigned char)*word)
            return trace_json_expected(scan, at, expected);
    return at;
}

const unsigned char *trace_json_bool(struct json_scan *scan,
                                     const unsigned char *at, bool *value)
{
    *value = *at == 't';
    return scan_word(scan, at, *value ? "true" : "false", "true or false");
}

static const unsigned char *scan_some_digits(struct json_scan *scan,
                                             const unsigned char *at)
{
    if (!trace_is_digit(*at))
        return trace_json_expected(scan, at, "a digit");
    while (trace_is_digit(*at))
        at++;
    return at;
}

const unsigned char *trace_json_number(struct json_scan *scan,
                                       const unsigned char *at)
{
    const unsigned char *digits = at + (*at == '-');

    at = scan_some_digits(scan, digits);
    if (at && *digits == '0' && at > digits + 1)
        return trace_json_bad(scan, digits, "a number may not begin with 0");
    if (at && *at == '.')
        at = scan_some_digits(scan, at + 1);
    if (at && (*at == 'e' || *at == 'E'))
        at = scan_some_digits(scan, at + 1 + (at[1] == '+' || at[1] == '-'));
    if (at && at >= scan->end)
        return trace_json_expected(scan, at, "the rest of the number");
    return at;
}

/* A value that holds no other. */
static const unsigned char *scan_scalar(struct json_scan *scan,
                                        const unsigned char *at)
{
    const char *text;
    size_t length;

    switch (*at) {
    case '"':
        return trace_json_string(scan, at, &text, &length);
    case 't':
        return scan_word(scan, at, "true", "true");
    case 'f':
        return scan_word(scan, at, "false", "false");
    case 'n':
        return scan_word(scan, at, "null", "null");
    default:
        if (*at == '-' || trace_is_digit(*at))
            return trace_json_number(scan, at);
        return trace_json_expected(scan, at, "a value");
    }
}

bool trace_json_key(struct json_scan *scan, const unsigned char **at)
{
    const char *text;
    size_t length;

    if (**at != '"')
        return trace_json_expected(scan, *at, "a key");
    *at = trace_json_string(scan, *at, &text, &length);
    if (!*at)
        return false;
    *at = trace_json_space(scan, *at);
    if (**at != ':')
        return trace_json_expected(scan, *at, "':'");
    *at = trace_json_space(scan, *at + 1);
    return true;
}

static const unsigned char *scan_nested(struct json_scan *scan,
                                        const unsigned char *at,
                                        struct json_visitor *visitor,
                                        unsigned depth)
{
    bool object = *at == '{';
    unsigned char close = object ? '}' : ']';
    bool scalar = *at != '{' && *at != '[';

    if (scalar)
        return scan_scalar(scan, at);
    if (depth == JSON_DEEPEST)
        return trace_json_bad(scan, at, "nested deeper than %d", JSON_DEEPEST);
    at = trace_json_space(scan, at + 1);
    if (*at == close)
        return at + 1;
    for (;; at = trace_json_space(scan, at + 1)) {
        const unsigned char *key = object ? at : NULL;

        if (object && !trace_json_key(scan, &at))
            return NULL;
        if (visitor && !visitor->visit(visitor, scan, key, at))
            return NULL;
        at = scan_nested(scan, at, visitor, depth + 1);
        if (!at)
            return NULL;
        at = trace_json_space(scan, at);
        if (*at == close)
            return at + 1;
        if (*at != ',')
            return trace_json_expected(scan, at,
                                       object ? "',' or '}'" : "',' or ']'");
    }
}

const unsigned char *trace_json_value(struct json_scan *scan,
                                      const unsigned char *at,
                                      struct json_visitor *visitor)
{
    return scan_nested(scan, at, visitor, 0);
}
