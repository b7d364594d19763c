/* trace/json_print.c - one event as characters, by a table and fast. */
#include "trace/json_print.h"

#include <string.h>

#include "trace/rules.h"

/* Doubles are exact up to here, and so is every program that reads us. */
#define PRINT_EXACT ((uint64_t)1 << 53)

unsigned char *trace_json_print_decimal(unsigned char *to, uint64_t number)
{
    unsigned char digits[20];
    size_t at = sizeof digits;

    do {
        digits[--at] = (unsigned char)('0' + number % 10);
        number /= 10;
    } while (number);
    memcpy(to, digits + at, sizeof digits - at);
    return to + (sizeof digits - at);
}

static unsigned char *print_hex(unsigned char *to, uint64_t number)
{
    unsigned shift = 60;

    memcpy(to, "\"0x", 3);
    to += 3;
    while (number >> shift == 0)
        shift -= 4;
    for (;; shift -= 4) {
        *to++ = (unsigned char)"0123456789abcdef"[number >> shift & 15];
        if (shift == 0)
            break;
    }
    *to++ = '"';
    return to;
}

unsigned char *trace_json_print_count(unsigned char *to, uint64_t number)
{
    return number <= PRINT_EXACT ? trace_json_print_decimal(to, number)
                                 : print_hex(to, number);
}

static unsigned char *print_delta(unsigned char *to, int64_t delta)
{
    uint64_t size = delta < 0 ? 0 - (uint64_t)delta : (uint64_t)delta;

    if (delta < 0)
        *to++ = '-';
    return trace_json_print_decimal(to, size);
}

/* The key with its comma, quotes and colon, and where its value lies. */
enum print_kind { PRINT_COUNT, PRINT_TRUE, PRINT_TEXT, PRINT_DELTA };
struct print_member {
    unsigned bit; /* of event->has; 0: the operation says so */
    uint8_t offset, kind, length;
    char key[13];
};

#define MEMBER(bit, kind, name, member)                                        \
    {                                                                          \
        bit, (uint8_t)offsetof(struct trace_event, member), kind,              \
            sizeof name + 3, ",\"" name "\":"                                  \
    }

/* In the order in which they are written, behind the operation. */
static const struct print_member print_id = MEMBER(0, PRINT_COUNT, "id", id),
                                 print_size =
                                     MEMBER(0, PRINT_COUNT, "size", size_bytes),
                                 print_label =
                                     MEMBER(0, PRINT_TEXT, "label", label),
                                 print_name =
                                     MEMBER(0, PRINT_TEXT, "name", label);

static const struct print_member print_optional[] = {
    MEMBER(TRACE_HAS_ALIGN, PRINT_COUNT, "align", align_bytes),
    MEMBER(TRACE_HAS_ZERO, PRINT_TRUE, "zero", op),
    MEMBER(TRACE_HAS_BELOW, PRINT_COUNT, "below", below),
    MEMBER(TRACE_HAS_BOUNDARY, PRINT_COUNT, "boundary", boundary),
    MEMBER(TRACE_HAS_HEAP, PRINT_COUNT, "heap", heap),
    MEMBER(TRACE_HAS_DELTA, PRINT_DELTA, "delta", delta_bytes),
    MEMBER(TRACE_HAS_CLAIM, PRINT_COUNT, "claim", claim_bytes),
    MEMBER(TRACE_HAS_A, PRINT_COUNT, "a", a),
    MEMBER(TRACE_HAS_B, PRINT_COUNT, "b", b),
    MEMBER(TRACE_HAS_THREAD, PRINT_COUNT, "thread", thread),
    MEMBER(TRACE_HAS_TIME, PRINT_COUNT, "time", time_ns),
    MEMBER(TRACE_HAS_SITE, PRINT_TEXT, "site", site),
};

/* What an operation always states. */
static const struct print_member *const print_needs[TRACE_OP_COUNT][2] = {
    [TRACE_ALLOC] = {&print_id, &print_size},
    [TRACE_FREE] = {&print_id},
    [TRACE_REALLOC] = {&print_id, &print_size},
    [TRACE_MARK] = {&print_label},
    [TRACE_REWIND] = {&print_label},
    [TRACE_EXTEND] = {&print_size},
    [TRACE_EXTRA] = {&print_name},
};

/* One character of a string, escaped if it must be. */
static unsigned char *print_char(unsigned char *to, unsigned char c)
{
    if (c == '"' || c == '\\') {
        *to++ = '\\';
    } else if (c < ' ') {
        memcpy(to, "\\u00", 4);
        to[4] = (unsigned char)('0' + (c >> 4));
        to[5] = (unsigned char)"0123456789abcdef"[c & 15];
        return to + 6;
    }
    *to++ = c;
    return to;
}

static bool print_text(struct trace_writer *writer, const char *text)
{
    unsigned char *to = trace_writer_room(writer, TRACE_WRITE_ROOM);
    unsigned char *full = to + TRACE_WRITE_ROOM - 16;

    if (!to)
        return false;
    *to++ = '"';
    for (; *text && to < full; text++)
        to = print_char(to, (unsigned char)*text);
    writer->used_bytes = (size_t)(to - writer->buffer);
    while (*text) {
        to = trace_writer_room(writer, 8);
        if (!to)
            return false;
        to = print_char(to, (unsigned char)*text++);
        writer->used_bytes = (size_t)(to - writer->buffer);
    }
    return trace_writer_put(writer, "\"", 1);
}

static const void *print_at(const struct trace_event *event,
                            const struct print_member *member)
{
    return (const char *)event + member->offset;
}

static unsigned char *print_value(unsigned char *to,
                                  const struct trace_event *event,
                                  const struct print_member *member)
{
    const int64_t *delta;
    const uint64_t *count;

    switch (member->kind) {
    case PRINT_TRUE:
        memcpy(to, "true", 4);
        return to + 4;
    case PRINT_DELTA:
        delta = print_at(event, member);
        return print_delta(to, *delta);
    default:
        count = print_at(event, member);
        return trace_json_print_count(to, *count);
    }
}

static bool print_member(struct trace_writer *writer,
                         const struct trace_event *event,
                         const struct print_member *member)
{
    unsigned char *to = trace_writer_room(writer, 64);
    const trace_string *number;

    if (!to)
        return false;
    memcpy(to, member->key, sizeof member->key);
    to += member->length;
    if (member->kind != PRINT_TEXT)
        to = print_value(to, event, member);
    writer->used_bytes = (size_t)(to - writer->buffer);
    if (member->kind != PRINT_TEXT)
        return true;
    number = print_at(event, member);
    return print_text(writer, writer->strings.texts[*number]);
}

static bool print_members(struct trace_writer *writer,
                          const struct trace_event *event, unsigned has)
{
    size_t count = sizeof print_optional / sizeof *print_optional;

    for (size_t i = 0; i < 2 && print_needs[event->op][i]; i++)
        if (!print_member(writer, event, print_needs[event->op][i]))
            return false;
    for (size_t i = 0; has && i < count; i++) {
        if ((has & print_optional[i].bit) &&
            !print_member(writer, event, &print_optional[i]))
            return false;
        has &= ~print_optional[i].bit;
    }
    return true;
}

bool trace_json_print_event(struct trace_writer *writer,
                            const struct trace_event *event)
{
    unsigned has = event->has & 0xfff;
    const char *op = trace_rules[event->op].name;
    size_t length = strlen(op);
    unsigned char *to = trace_writer_room(writer, 32);

    if (!to)
        return false;
    if (event->op == TRACE_DESTROY)
        has |= TRACE_HAS_HEAP;
    memcpy(to, "{\"op\":\"", 7);
    memcpy(to + 7, op, length);
    to[7 + length] = '"';
    writer->used_bytes += 8 + length;
    return print_members(writer, event, has) &&
           trace_writer_put(writer, "}", 1);
}
