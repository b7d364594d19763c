/* trace/json_string.c - strings of JSON: UTF-8 and escapes. */
#include "trace/json_scan.h"

#include <stdlib.h>

#include "trace/fail.h"

/* Which second bytes a first byte of UTF-8 allows, and how many follow.  From
   table 3-7 of the Unicode standard. */
static const struct string_lead {
    unsigned char first, last, least, most, more;
} string_leads[] = {
    {0xc2, 0xdf, 0x80, 0xbf, 1}, {0xe0, 0xe0, 0xa0, 0xbf, 2},
    {0xe1, 0xec, 0x80, 0xbf, 2}, {0xed, 0xed, 0x80, 0x9f, 2},
    {0xee, 0xef, 0x80, 0xbf, 2}, {0xf0, 0xf0, 0x90, 0xbf, 3},
    {0xf1, 0xf3, 0x80, 0xbf, 3}, {0xf4, 0xf4, 0x80, 0x8f, 3},
};

static const struct string_lead *string_lead(unsigned char c)
{
    for (size_t i = 0; i < sizeof string_leads / sizeof *string_leads; i++)
        if (c >= string_leads[i].first && c <= string_leads[i].last)
            return &string_leads[i];
    return NULL;
}

const unsigned char *trace_json_utf8(struct json_scan *scan,
                                     const unsigned char *at)
{
    const struct string_lead *lead = string_lead(*at);
    const unsigned char *c = at + 1;

    if (!lead)
        return trace_json_bad(scan, at, "not UTF-8: the byte 0x%02x", *at);
    for (unsigned i = 0; i < lead->more; i++, c++) {
        unsigned char least = i == 0 ? lead->least : 0x80;
        unsigned char most = i == 0 ? lead->most : 0xbf;

        if (c >= scan->end)
            return trace_json_expected(scan, c, "the rest of a character");
        if (*c < least || *c > most)
            return trace_json_bad(scan, c, "not UTF-8: the byte 0x%02x", *c);
    }
    return c;
}

static const unsigned char *
string_hex4(struct json_scan *scan, const unsigned char *at, unsigned *value)
{
    *value = 0;
    for (int i = 0; i < 4; i++, at++) {
        unsigned char c = *at, low = c | 0x20;

        if (c >= '0' && c <= '9')
            *value = *value * 16 + (c - '0');
        else if (low >= 'a' && low <= 'f')
            *value = *value * 16 + (low - 'a' + 10);
        else
            return trace_json_expected(scan, at, "a hexadecimal digit");
    }
    return at;
}

/* Behind the backslash stands u; the character it means. */
static const unsigned char *
string_unicode(struct json_scan *scan, const unsigned char *at, unsigned *value)
{
    const unsigned char *start = at - 1;
    unsigned low;

    at = string_hex4(scan, at + 1, value);
    if (!at)
        return NULL;
    if (*value == 0)
        return trace_json_bad(scan, start, "a string may not contain \\u0000");
    if (*value >= 0xdc00 && *value <= 0xdfff)
        return trace_json_bad(scan, start, "half a surrogate pair");
    if (*value < 0xd800 || *value > 0xdbff)
        return at;
    if (*at != '\\')
        return trace_json_expected(scan, at,
                                   "the second half of a surrogate pair");
    if (at[1] != 'u')
        return trace_json_expected(scan, at + 1,
                                   "the second half of a surrogate pair");
    at = string_hex4(scan, at + 2, &low);
    if (at && (low < 0xdc00 || low > 0xdfff))
        return trace_json_bad(scan, start, "half a surrogate pair");
    *value = 0x10000 + ((*value - 0xd800) << 10) + (low - 0xdc00);
    return at;
}

static char *string_encode(char *to, unsigned value)
{
    static const unsigned char marks[] = {0, 0, 0xc0, 0xe0, 0xf0};
    unsigned bytes = 1u + (value > 0x7f) + (value > 0x7ff) + (value > 0xffff);

    for (unsigned i = bytes - 1; i > 0; i--, value >>= 6)
        to[i] = (char)(0x80 | (value & 0x3f));
    to[0] = (char)(marks[bytes] | value);
    return to + bytes;
}

/* What a backslash and one letter mean; 0: nothing. */
static const char string_escapes[256] = {
    ['"'] = '"',  ['\\'] = '\\', ['/'] = '/',  ['b'] = '\b',
    ['f'] = '\f', ['n'] = '\n',  ['r'] = '\r', ['t'] = '\t',
};

static const unsigned char *string_escape(struct json_scan *scan,
                                          const unsigned char *at, char **to)
{
    unsigned value;

    if (*at == 'u') {
        at = string_unicode(scan, at, &value);
        if (at)
            *to = string_encode(*to, value);
        return at;
    }
    if (!string_escapes[*at])
        return trace_json_expected(scan, at, "an escape such as n or u0041");
    *(*to)++ = string_escapes[*at];
    return at + 1;
}

/* Behind the characters that mean themselves. */
static const unsigned char *string_plain(struct json_scan *scan,
                                         const unsigned char *at)
{
    while (at && *at >= ' ' && *at != '"' && *at != '\\')
        at = *at < 0x80 ? at + 1 : trace_json_utf8(scan, at);
    return at;
}

/* The end of a string by its quotes alone; scan->end if it is not there. */
static const unsigned char *string_quote(const struct json_scan *scan,
                                         const unsigned char *at)
{
    for (; at < scan->end && *at != '"'; at++)
        at += *at == '\\';
    return at < scan->end ? at : scan->end;
}

static bool string_reserve(struct json_scan *scan, size_t bytes)
{
    char *grown;

    if (bytes <= scan->scratch_bytes)
        return true;
    grown = realloc(scan->scratch, bytes);
    if (!grown)
        return trace_no_memory(scan->error);
    scan->scratch = grown;
    scan->scratch_bytes = bytes;
    return true;
}

/* The text is never longer than its escaped form. */
static const unsigned char *string_unescape(struct json_scan *scan,
                                            const unsigned char *first,
                                            const char **text, size_t *length)
{
    const unsigned char *at = first, *from;
    char *to;

    scan->bad = first;
    if (!string_reserve(scan, (size_t)(string_quote(scan, first) - first) + 4))
        return NULL;
    to = scan->scratch;
    while (at && *at != '"') {
        from = at;
        at = string_plain(scan, at);
        if (!at)
            return NULL;
        memcpy(to, from, (size_t)(at - from));
        to += at - from;
        if (*at == '\\')
            at = string_escape(scan, at + 1, &to);
        else if (*at != '"')
            return trace_json_expected(scan, at, "the end of the string");
    }
    *text = scan->scratch;
    *length = (size_t)(to - scan->scratch);
    return at ? at + 1 : NULL;
}

const unsigned char *trace_json_string(struct json_scan *scan,
                                       const unsigned char *at,
                                       const char **text, size_t *length)
{
    const unsigned char *first = at + 1, *quote;

    if (*at != '"')
        return trace_json_expected(scan, at, "a string");
    quote = string_plain(scan, first);
    if (!quote)
        return NULL;
    if (*quote == '\\')
        return string_unescape(scan, first, text, length);
    if (*quote != '"')
        return trace_json_expected(scan, quote, "the end of the string");
    *text = (const char *)first;
    *length = (size_t)(quote - first);
    return quote + 1;
}
