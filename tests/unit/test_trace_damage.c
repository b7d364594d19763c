/*
 * Traces of every format, whole and damaged: read in pieces of any size they
 * say the same; cut anywhere, or with a byte changed, they end or are refused.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "trace/trace.h"
#include "trace_dump.h"

static const char rep[] = "1\n3\n9\n64\na 0 40\nr 0 48\n7 a 1 24\r\n"
                          "f -1\nr 2 0\nf 1\nf 0\n";

static const char android[] =
    "7: malloc 0x10a0 48\n7: calloc 0x20 4 16 5 6\r\n"
    "9: realloc 0x30 0x10a0 96\n\n9: memalign 0x40 64 100\n7: free 0x20\n"
    "7: free 0x0\n9: realloc 0x50 0x40 0\n9: thread_done 0x0 7\n";

static const char lives[] = "size,id,lower,upper,offset\n64,a1,0,5,0\n"
                            "128, 7,3,9,64\r\n\n1,9,5,6,18446744073709551615\n";

/* Those that cannot say everything have a trace of their own. */
static const struct own {
    const char *format, *text;
} owns[] = {
    {"json", dump_everything},
    {"rep", rep},
    {"memory-replay", android},
    {"csv", lives},
};

static const char *own(const char *format)
{
    for (size_t i = 0; i < sizeof owns / sizeof *owns; i++)
        if (strcmp(owns[i].format, format) == 0)
            return owns[i].text;
    return NULL;
}

/* The trace of everything in one of the formats, or its own. */
static struct dump_bytes sample(const char *format)
{
    const char *text = own(format);
    struct dump_bytes from = {text ? text : dump_everything, 0, SIZE_MAX, 0};

    from.count = strlen(from.bytes);
    if (!text)
        from.bytes = dump_convert(&from, DUMP_MISUSE, format, &from.count);
    return from;
}

static void release(const char *format, struct dump_bytes *from)
{
    if (!own(format))
        free((char *)from->bytes);
}

static const char *const formats[] = {"json", "jsonl",         "ptrace",
                                      "rep",  "memory-replay", "csv"};
enum { FORMATS = sizeof formats / sizeof *formats };

/* Every conversion from JSON and back says the same. */
static void round_trips(void **state)
{
    char *original = dump_text(dump_everything, DUMP_MISUSE);

    (void)state;
    for (size_t a = 0; a < 3; a++)
        for (size_t b = 0; b < 3; b++) {
            struct dump_bytes first = sample(formats[a]), second;
            char *dump;

            second = first;
            second.bytes =
                dump_convert(&first, DUMP_MISUSE, formats[b], &second.count);
            dump = dump_trace(&second, DUMP_MISUSE);
            assert_string_equal(dump, original);
            free(dump);
            free((char *)second.bytes);
            release(formats[a], &first);
        }
    free(original);
}

/* By way of .ptrace, where ids and all else are kept. */
static void own_round_trips(void **state)
{
    (void)state;
    for (size_t i = 3; i < FORMATS; i++) {
        struct dump_bytes first = sample(formats[i]), second = first;
        char *before = dump_trace(&first, DUMP_NO_HEADER), *after;

        second.bytes = dump_convert(&first, 0, "ptrace", &second.count);
        after = dump_trace(&second, DUMP_NO_HEADER);
        assert_string_equal(after, before);
        free(before);
        free(after);
        free((char *)second.bytes);
    }
}

/* Whatever pieces it comes in, also when it is damaged. */
static void check_pieces(struct dump_bytes from)
{
    char *whole = dump_trace(&from, DUMP_MISUSE | DUMP_PLACES), *pieces;

    for (from.seed = 1; from.seed < 6; from.seed++) {
        from.chunk = from.seed < 4 ? from.seed : 0;
        pieces = dump_trace(&from, DUMP_MISUSE | DUMP_PLACES);
        assert_string_equal(pieces, whole);
        free(pieces);
    }
    free(whole);
}

static void any_pieces(void **state)
{
    (void)state;
    for (size_t i = 0; i < FORMATS; i++) {
        struct dump_bytes from = sample(formats[i]);
        size_t count = from.count;

        for (from.count = 0; from.count < count; from.count += 7)
            check_pieces(from);
        from.count = count;
        check_pieces(from);
        release(formats[i], &from);
    }
}

/* Longer than any buffer. */
static void many_events(void **state)
{
    enum { EVENTS = 100000 };
    char *text = malloc(EVENTS * 40), *to = text, *whole, *pieces;
    struct dump_bytes from = {text, 0, SIZE_MAX, 9};

    (void)state;
    for (unsigned i = 0; i < EVENTS; i++)
        to += sprintf(to, "{\"op\":\"alloc\",\"id\":%u,\"size\":%u}\n", i,
                      i * 7919 % 5000);
    from.count = (size_t)(to - text);
    whole = dump_trace(&from, DUMP_PLACES);
    from.chunk = 0;
    pieces = dump_trace(&from, DUMP_PLACES);
    assert_true(strcmp(whole, pieces) == 0);
    free(pieces);
    from.chunk = SIZE_MAX;
    from.bytes = dump_convert(&from, 0, "ptrace", &from.count);
    pieces = dump_trace(&from, 0);
    from.chunk = 0;
    free(whole);
    whole = dump_trace(&from, 0);
    assert_true(strcmp(whole, pieces) == 0);
    assert_true(from.count < 4 * EVENTS);
    free(pieces);
    free(whole);
    free((char *)from.bytes);
    free(text);
}

static void check_fault(const struct dump_bytes *from)
{
    /* A copy of its own length, so that a sanitizer sees a byte too far. */
    char *copy = malloc(from->count + 1);
    struct dump_bytes tight = {copy, from->count, SIZE_MAX, 0};
    int fault;

    memcpy(copy, from->bytes, from->count);
    fault = dump_fault(&tight, DUMP_MISUSE);
    assert_true(fault == TRACE_FINE || fault == TRACE_BAD);
    free(copy);
}

static void cut_anywhere(void **state)
{
    (void)state;
    for (size_t i = 0; i < FORMATS; i++) {
        struct dump_bytes from = sample(formats[i]);
        size_t count = from.count;

        for (from.count = 0; from.count < count; from.count++)
            check_fault(&from);
        release(formats[i], &from);
    }
}

static void any_byte_wrong(void **state)
{
    static const unsigned char changes[] = {0x01, 0x02, 0x10, 0x20,
                                            0x80, 0xff, '"',  '{'};

    (void)state;
    for (size_t i = 0; i < FORMATS; i++) {
        struct dump_bytes from = sample(formats[i]), wrong = from;
        unsigned char *copy = malloc(from.count);

        memcpy(copy, from.bytes, from.count);
        wrong.bytes = copy;
        for (size_t at = 0; at < from.count; at++)
            for (size_t j = 0; j < sizeof changes; j++) {
                copy[at] ^= changes[j];
                check_fault(&wrong);
                copy[at] ^= changes[j];
            }
        free(copy);
        release(formats[i], &from);
    }
}

/* A truncated document or .ptrace never passes as whole. */
static void cut_is_seen(void **state)
{
    (void)state;
    for (size_t i = 0; i < FORMATS; i++) {
        struct dump_bytes from = sample(formats[i]);
        size_t count = from.count - (i == 0);

        if (strcmp(formats[i], "json") == 0 ||
            strcmp(formats[i], "ptrace") == 0)
            for (from.count = 0; from.count < count; from.count++)
                assert_int_equal(dump_fault(&from, DUMP_MISUSE), TRACE_BAD);
        release(formats[i], &from);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(round_trips),  cmocka_unit_test(own_round_trips),
        cmocka_unit_test(any_pieces),   cmocka_unit_test(many_events),
        cmocka_unit_test(cut_anywhere), cmocka_unit_test(any_byte_wrong),
        cmocka_unit_test(cut_is_seen),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
