/* The compact form: its bytes, and what is wrong with others. */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "trace/ptrace.h"
#include "trace/trace.h"
#include "trace_dump.h"

/* The smallest header that there is; DENSE is the one flag. */
#define HEAD  "\x89ptrace\n\x01\x00\x02{}"
#define DENSE "\x89ptrace\n\x01\x01\x02{}"
#define END   "\x03"

struct row {
    const char *bytes;
    size_t count;
    const char *result;
    unsigned flags;
};
#define ROW(bytes, result)                                                     \
    {                                                                          \
        bytes, sizeof bytes - 1, result, 0                                     \
    }

static void check(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct dump_bytes from = {rows[i].bytes, rows[i].count, SIZE_MAX, 0};
        char *dump = dump_trace(&from, rows[i].flags | DUMP_NO_HEADER);

        if (strcmp(dump, rows[i].result) != 0)
            print_error("row %zu\n", i);
        assert_string_equal(dump, rows[i].result);
        free(dump);
    }
}

/* The bytes of docs/trace-format.md. */
static void layout(void **state)
{
    static const struct row rows[] = {
        ROW(HEAD END, ""),
        /* alloc, id the next one: 0 + 1, size of one byte */
        ROW(HEAD "\x20\x40" END, "alloc id=1 size=64\n"),
        /* then one more, of the same size; freed again by 3 bits */
        ROW(HEAD "\x20\x40\x00\x01\x21" END,
            "alloc id=1 size=64\nalloc id=2 size=64\nfree id=2\n"
            "free id=1\n"),
        /* an id 100 below, a size of two bytes */
        ROW(HEAD "\x44\xc7\x00\x01" END,
            "alloc id=18446744073709551517 size=256\n"),
        /* realloc of the last alloc, eight bytes of size */
        ROW(HEAD "\x20\x40\xe2\xff\xff\xff\xff\xff\xff\xff\xff" END,
            "alloc id=1 size=64\nrealloc id=1 size=18446744073709551615\n"),
        /* a text, a mark, a rewind, a reset */
        ROW(HEAD "\x07\x01m\x0f\x00\x13\x00\x17" END,
            "mark label=<m>\nrewind label=<m>\nreset\n"),
        /* align 64, zero; the next has neither */
        ROW(HEAD "\x43\x40\x47\x20\x40\x00" END,
            "alloc id=1 size=64 align=64 zero\nalloc id=2 size=64\n"),
        /* the example of the document */
        ROW(HEAD "\x43\x40\x20\x40\x00\x21" END,
            "alloc id=1 size=64 align=64\nalloc id=2 size=64\nfree id=1\n"),
        /* thread 5 until it says otherwise; time +1, then -1 */
        ROW(HEAD "\x57\x05\x5b\x02\x00\x5b\x01\x01\x23\x00" END,
            "alloc id=1 size=0 thread=5 time=1\n"
            "free id=1 thread=5 time=0\nalloc id=2 size=0\n"),
        ROW(DENSE "\x20\x40\x0b\x00\x7f\x01" END,
            "alloc id=1 size=64\ndestroy heap=0\nfree id=1 implied\n"),
    };

    (void)state;
    check(rows, sizeof rows / sizeof *rows);
}

static void damage(void **state)
{
    static const struct row rows[] = {
        ROW("\x89ptrace\n", "1:9:0: version 1 is the only one known here"),
        ROW("\x89ptrace\n\x02", "1:9:0: version 1 is the only one known here"),
        ROW("\x89ptrace\n\x01\x02", "1:10:0: an unknown flag is set"),
        ROW("\x89ptrace\n\x01\x00\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02",
            "1:11:0: a number above 2^64 - 1"),
        ROW("\x89ptrace\n\x01\x00\xff\xff\xff\x7f",
            "1:15:0: a text is longer than 1048576 bytes"),
        ROW("\x89ptrace\n\x01\x00\x03{}",
            "1:14:0: the trace ends before its end mark"),
        ROW("\x89ptrace\n\x01\x00\x03{} ", "1:14:0: expected the header's "
                                           "end"),
        /* What lies behind the header is none of it. */
        ROW("\x89ptrace\n\x01\x00\x01{\"\\n\":1}",
            "1:13:0: expected a key, but the trace ends"),
        ROW("\x89ptrace\n\x01\x00\x0c{\"name\":\"a\\n"
            "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\"}",
            "1:24:0: expected the end of the string, but the trace ends"),
        ROW("\x89ptrace\n\x01\x00\x09{\"x\":1.5}", "1:13:0: unknown key \"x\""),
        ROW(HEAD, "1:14:1: the trace ends before its end mark"),
        ROW(HEAD "\x20", "1:15:1: the trace ends before its end mark"),
        ROW(HEAD "\x20\x40", "alloc id=1 size=64\n1:16:2: the trace ends "
                             "before its end mark"),
        ROW(HEAD END "x", "1:15:0: expected nothing behind the end mark"),
        ROW(HEAD "\x27" END, "1:14:1: an unknown record"),
        ROW(HEAD "\x73" END, "1:14:1: an unknown record"),
        ROW(HEAD "\xff" END, "1:14:1: an unknown record"),
        ROW(HEAD "\x22\x00" END, "1:14:1: realloc to 0 bytes"),
        ROW(HEAD "\x0f\x00" END, "1:14:1: a text that was not stated before"),
        ROW(HEAD "\x07\x02\xc3(" END, "1:17:1: not UTF-8: the byte 0x28"),
        ROW(HEAD "\x07\x01\x00" END, "1:16:1: a NUL in a text"),
        ROW(HEAD "\x07\xff\xff\xff\x01" END,
            "1:19:1: a text is longer than 1048576 bytes"),
        ROW(HEAD "\x43\x03\x20\x01" END, "1:14:1: expected a power of two"),
        ROW(HEAD "\x4b\x00\x20\x01" END, "1:14:1: expected a value above 0"),
        ROW(HEAD "\x43\x01\x43\x01\x20\x01" END,
            "1:16:1: a member a second time"),
        ROW(HEAD "\x43\x01\x01" END,
            "1:16:1: a member that this operation does not take"),
        ROW(HEAD "\x43\x01" END, "1:16:0: members without an event"),
        ROW(HEAD "\x1b\x01" END, "1:14:1: this operation needs --misuse"),
        ROW(HEAD "\x67\x01\x01" END,
            "1:16:1: a member that this operation does not take"),
        ROW(HEAD "\x7f\x01" END, "1:14:1: only a dense trace has this"),
        ROW(DENSE "\x7f\x00" END,
            "1:15:1: a member that this operation does not take"),
        ROW(HEAD "\x0b\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f" END,
            "1:15:1: a number above 2^64 - 1"),
    };

    (void)state;
    check(rows, sizeof rows / sizeof *rows);
}

/* What a trace in memory is read back as. */
static void check_events(const struct trace_event *events, size_t count,
                         const struct trace_header *header,
                         const char *expected)
{
    struct trace_error error;
    char *bytes = NULL, *dump;
    size_t size;
    FILE *out = open_memstream(&bytes, &size);
    struct trace_writer *writer = trace_create(out, "ptrace", header, &error);
    struct dump_bytes from;

    assert_non_null(writer);
    assert_true(trace_write_text(writer, "a"));
    assert_true(trace_write_text(writer, "a"));
    assert_true(trace_write_text(writer, "b"));
    assert_true(trace_write(writer, events, count));
    assert_true(trace_finish(writer, &error));
    fclose(out);
    from = (struct dump_bytes){bytes, size, SIZE_MAX, 0};
    dump = dump_trace(&from, DUMP_MISUSE);
    assert_string_equal(dump, expected);
    free(dump);
    free(bytes);
}

/* What no text format can say: slots, implied frees, texts given twice. */
static void dense(void **state)
{
    const struct trace_header header = {.align_bytes = 8, .dense = 1};
    const struct trace_event events[] = {
        {.op = TRACE_ALLOC, .id = 0, .size_bytes = 5},
        {.op = TRACE_ALLOC, .id = 1, .has = TRACE_HAS_SITE, .site = 2},
        {.op = TRACE_FREE, .id = 1, .has = TRACE_IS_STALE},
        {.op = TRACE_REALLOC,
         .id = 0,
         .size_bytes = 5,
         .has = TRACE_IS_STALE | TRACE_HAS_CLAIM,
         .claim_bytes = 3},
        {.op = TRACE_MARK, .label = 1},
        {.op = TRACE_RESET, .has = TRACE_HAS_TIME, .time_ns = UINT64_MAX},
        {.op = TRACE_FREE, .id = 0, .has = TRACE_IS_IMPLIED},
    };

    (void)state;
    check_events(events, sizeof events / sizeof *events, &header,
                 "name=(none) source=(none) spec=(none) align=8 dense=1\n"
                 "alloc id=0 size=5\n"
                 "alloc id=1 size=0 site=<b>\n"
                 "free id=1 stale\n"
                 "realloc id=0 size=5 claim=3 stale\n"
                 "mark label=<a>\n"
                 "reset time=18446744073709551615\n"
                 "free id=0 implied\n");
}

/* Ids and sizes of every length, up and down. */
static void all_lengths(void **state)
{
    enum { COUNT = 64 * 6 };
    static struct trace_event events[COUNT];
    static char expected[1 << 16];
    const struct trace_header header = {.dense = 0};
    char *to = expected;

    (void)state;
    to += sprintf(to, "name=(none) source=(none) spec=(none) align=0 "
                      "dense=0\n");
    for (unsigned i = 0; i < COUNT; i++) {
        static const char *const names[] = {"alloc", "free", "realloc"};
        struct trace_event *event = &events[i];

        event->op = i % 3;
        event->id = ((uint64_t)1 << i / 6) - (i & 1);
        event->size_bytes = ((uint64_t)3 << i / 6) + (i & 1);
        to += sprintf(to, "%s id=%llu", names[event->op],
                      (unsigned long long)event->id);
        if (event->op != TRACE_FREE)
            to += sprintf(to, " size=%llu",
                          (unsigned long long)event->size_bytes);
        to += sprintf(to, "\n");
    }
    check_events(events, COUNT, &header, expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(layout),
        cmocka_unit_test(damage),
        cmocka_unit_test(dense),
        cmocka_unit_test(all_lengths),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
