/* Android's text: calls become events, addresses ids. */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "trace/live.h"
#include "trace/trace.h"
#include "trace_dump.h"

static void calls(void **state)
{
    static const struct dump_row rows[] = {
        {"7: malloc 0x1000 48\n7: free 0x1000\n",
         "alloc id=1 size=48 thread=7\nfree id=1 thread=7\n"},
        {"7: calloc 0xB4827400 4 16", "alloc id=1 size=64 thread=7 zero\n"},
        {"7: memalign 0x40 64 100\n",
         "alloc id=1 size=100 align=64 thread=7\n"},
        {"7: memalign 0x40 48 1\n7: memalign 0x80 0 1\n",
         "alloc id=1 size=1 align=64 thread=7\n"
         "alloc id=2 size=1 align=1 thread=7\n"},
        {"9: realloc 0x3000 0x0 96\n9: realloc 0x4000 0x3000 97\n"
         "9: malloc 0x3000 5\n9: free 0x4000\n",
         "alloc id=1 size=96 thread=9\nrealloc id=1 size=97 thread=9\n"
         "alloc id=2 size=5 thread=9\nfree id=1 thread=9\n"},
        {"9: malloc 0x3 1\n9: realloc 0x3 0x3 2\n9: realloc 0x0 0x3 0\n",
         "alloc id=1 size=1 thread=9\nrealloc id=1 size=2 thread=9\n"
         "free id=1 thread=9\n"},
        {"9: malloc 0x3 1\n9: realloc 0x4 0x3 0\n9: free 0x4\n",
         "alloc id=1 size=1 thread=9\nfree id=1 thread=9\n"
         "alloc id=1 size=0 thread=9\nfree id=1 thread=9\n"},
        {"1: malloc 0x10 1\n2: realloc 0x0 0x10 99999999999\n1: free 0x10\n",
         "alloc id=1 size=1 thread=1\nfree id=1 thread=1\n"},
        {"1: malloc 0x0 5\n1: calloc 0x0 18446744073709551615 9\n"
         "1: memalign 0x0 3 3\n1: free 0x0\n1: thread_done 0x0\n",
         ""},
        {"1: malloc 0x10 5 100 200\r\n\n1: free 0x10  300 400 \n"
         "1: thread_done 0x0 500\n1: thread_done 0x0 500 600\n",
         "alloc id=1 size=5 thread=1 time=100\n"
         "free id=1 thread=1 time=300\n"},
        {"\n 4294967295: malloc 0xffffffffffffffff 0\n",
         "alloc id=1 size=0 thread=4294967295\n"},
    };

    (void)state;
    dump_check(rows, sizeof rows / sizeof *rows, DUMP_NO_HEADER);
}

static void malformed(void **state)
{
#define WORDS "expected malloc, calloc, realloc, memalign, free or thread_done"
    static const struct dump_row rows[] = {
        {"7:\n", "1:3:1: " WORDS},
        {"7: mallocs 0x1 2\n", "1:4:1: " WORDS},
        {"7: malloc\n", "1:10:1: expected an address, 0x..."},
        {"7: malloc 16 2\n", "1:11:1: expected an address, 0x..."},
        {"7: malloc 0x 2\n", "1:13:1: expected a digit from 0 to f"},
        {"7: malloc 0x1g 2\n", "1:14:1: expected a digit from 0 to f"},
        {"7: free 0x10000000000000000\n", "1:9:1: an address above 2^64 - 1"},
        {"7: malloc 0x1\n", "1:14:1: expected a size"},
        {"7: malloc 0x1 -2\n", "1:15:1: expected a size"},
        {"7: calloc 0x1 2\n", "1:16:1: expected a size"},
        {"7: calloc 0x1 x 2\n", "1:15:1: expected a number"},
        {"7: calloc 0x1 4294967296 4294967296\n",
         "1:15:1: count times size is above 2^64 - 1"},
        {"7: memalign 0x1 9223372036854775809 1\n",
         "1:17:1: no power of two is as large"},
        {"7: malloc 0x1 5 1\n", "1:18:1: expected the time of its end"},
        {"7: malloc 0x1 5 1 2 3\n", "1:21:1: expected the end of the line"},
        {"7: free 0x1\n", "1:9:1: no block at this address is alive"},
        {"7: realloc 0x1 0x2 3\n", "1:16:1: no block at this address is alive"},
        {"7: realloc 0x1 0x2 0\n", "1:16:1: no block at this address is alive"},
        {"7: malloc 0x1 1\n8: malloc 0x1 1\n",
         "alloc id=1 size=1 thread=7\n"
         "2:11:2: a block at this address is alive"},
        {"7: malloc 0x1 1\n8: malloc 0x2 1\n8: realloc 0x2 0x1 9\n",
         "alloc id=1 size=1 thread=7\nalloc id=2 size=1 thread=8\n"
         "3:12:3: a block at this address is alive"},
        {"7: free 0x0\nx\n", "2:1:1: expected a thread"},
        {"7: free 0x0\n7 free 0x0\n", "2:3:1: expected a colon"},
        {"99999999999999999999: free 0x0\n", "1:1:1: a number above 2^64 - 1"},
    };

    (void)state;
    dump_check(rows, sizeof rows / sizeof *rows, DUMP_NO_HEADER);
}

static void writing(void **state)
{
    static const char text[] =
        "{\"op\":\"alloc\",\"id\":\"0xffffffffffffffff\",\"size\":9}\n"
        "{\"op\":\"alloc\",\"id\":0,\"size\":100,\"align\":64,\"thread\":3}\n"
        "{\"op\":\"mark\",\"label\":\"m\"}\n"
        "{\"op\":\"realloc\",\"id\":0,\"size\":50,\"time\":7}\n"
        "{\"op\":\"free\",\"id\":\"0xffffffffffffffff\"}\n"
        "{\"op\":\"alloc\",\"id\":1,\"size\":0,\"zero\":true}\n";
    static const char result[] =
        "0: malloc 0x10 9\n3: memalign 0x20 64 100\n"
        "0: realloc 0x20 0x20 50 7 7\n0: free 0x10\n0: calloc 0x10 1 0\n";
    static const char reset[] = "{\"op\":\"reset\"}\n";
    struct dump_bytes from = {text, sizeof text - 1, SIZE_MAX, 0};
    size_t count;
    char *lines = dump_convert(&from, 0, "memory-replay", &count);

    (void)state;
    assert_string_equal(lines, result);
    free(lines);
    from = (struct dump_bytes){result, sizeof result - 1, SIZE_MAX, 0};
    lines = dump_convert(&from, 0, "memory-replay", &count);
    assert_string_equal(lines, result);
    free(lines);
    from = (struct dump_bytes){reset, sizeof reset - 1, SIZE_MAX, 0};
    lines = dump_convert(&from, 0, "memory-replay", &count);
    assert_string_equal(
        lines, "0:0:0: the format \"memory-replay\" has no word for reset");
    free(lines);
}

/* A real one, whose numbers others have counted: given apart. */
static void android(void **state)
{
    const char *folder = getenv("POLISHED_DATA");
    struct trace_live *live = trace_live_new(false);
    uint64_t peak_bytes = 0, peak_blocks = 0;
    struct trace_event events[64];
    struct trace_error error;
    struct trace_reader *reader;
    char command[4096];
    FILE *pipe;

    (void)state;
    assert_non_null(folder);
    snprintf(command, sizeof command, "xz -dc '%s/systemui.txt.xz'", folder);
    pipe = popen(command, "r");
    reader = trace_open_fd(dup(fileno(pipe)), "-", 0, &error);
    assert_non_null(reader);
    for (size_t count; (count = trace_read(reader, events, 64)) > 0;)
        for (size_t i = 0; i < count; i++) {
            assert_true(trace_live_apply(live, &events[i], &error));
            if (trace_live_bytes(live) > peak_bytes)
                peak_bytes = trace_live_bytes(live);
            if (trace_live_count(live) > peak_blocks)
                peak_blocks = trace_live_count(live);
        }
    assert_null(trace_failed(reader));
    assert_int_equal(peak_bytes, 10441709);
    assert_int_equal(peak_blocks, 60097);
    assert_int_equal(trace_live_count(live), 53645);
    trace_close(reader);
    trace_live_free(live);
    assert_int_equal(pclose(pipe), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calls),
        cmocka_unit_test(malformed),
        cmocka_unit_test(writing),
        cmocka_unit_test(android),
    };

    size_t count = sizeof tests / sizeof *tests;

    /* The last one is of others' data: only where POLISHED_DATA says so. */
    return _cmocka_run_group_tests(
        "tests", tests, count - !getenv("POLISHED_DATA"), NULL, NULL);
}
