/* The malloc lab's text, with the variants that are met in the wild. */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "trace/live.h"
#include "trace/trace.h"
#include "trace_dump.h"

static void variants(void **state)
{
    static const struct dump_row rows[] = {
        {"1\n3\n5\n64\na 0 40\nf 0\n", "alloc id=0 size=40\nfree id=0\n"},
        {"3\n5\na 0 40\n", "alloc id=0 size=40\n"},
        {"3\n5\n1\na 0 40", "alloc id=0 size=40\n"},
        {"3 5 1 0\r\n\r\na 0 40\r\nf 0\r\n", "alloc id=0 size=40\nfree id=0\n"},
        {"a 0 40\n", "alloc id=0 size=40\n"},
        {"2\n2\n1 a 3 840\n2 f 3\n",
         "alloc id=3 size=840 thread=1\nfree id=3 thread=2\n"},
        {"1\n1\nf -1\na 1 1\nf  -1 \nf 1\n", "alloc id=1 size=1\nfree id=1\n"},
        {"1\n1\nr 5 10\nr 5 20\nf 5\n",
         "alloc id=5 size=10\nrealloc id=5 size=20\nfree id=5\n"},
        {"1\n1\na 1 8\nr 1 0\nf 1\nr 1 9\n",
         "alloc id=1 size=8\nfree id=1\nalloc id=1 size=9\n"},
        {"1\n1\nr 1 0\na 2 0\n", "alloc id=1 size=0\nalloc id=2 size=0\n"},
        {"1\n1\na 1 8\nf 1\na 1 9\nr 1 10\n",
         "alloc id=1 size=8\nfree id=1\nalloc id=1 size=9\n"
         "realloc id=1 size=10\n"},
        {"9\n9\n9\n9\na 1 38600000000\na 2 18446744073709551615\n",
         "alloc id=1 size=38600000000\nalloc id=2 "
         "size=18446744073709551615\n"},
        {"a 1 1\na 2 2 \n a 3 08\nf 2\nf  3\na 12345678 1\nf 12345678\nf 1",
         "alloc id=1 size=1\nalloc id=2 size=2\nalloc id=3 size=8\n"
         "free id=2\nfree id=3\nalloc id=12345678 size=1\n"
         "free id=12345678\nfree id=1\n"},
        {"7\n", ""},
    };

    (void)state;
    dump_check(rows, sizeof rows / sizeof *rows, DUMP_NO_HEADER);
}

static void malformed(void **state)
{
    static const struct dump_row rows[] = {
        {"1\n2\n3\n4\n5\na 1 1\n", "5:1:0: expected a, f or r"},
        {"1\n2\na 1\n", "3:4:1: expected a size"},
        {"1\n2\na\n", "3:2:1: expected an id"},
        {"1\n2\na 1 1\nf\n", "alloc id=1 size=1\n4:2:2: expected an id"},
        {"1\n2\na 1 1 1\n", "3:7:1: expected the end of the line"},
        {"1\n2\na 1 -1\n", "3:5:1: expected a size"},
        {"1\n2\na -1 1\n", "3:3:1: expected an id"},
        {"1\n2\nf -2\n", "3:3:1: expected an id"},
        {"1\n2\nf -1 1\n", "3:6:1: expected the end of the line"},
        {"1\n2\na 1 1x\n", "3:6:1: expected a size"},
        {"1\n2\na 1 1\n5\n", "alloc id=1 size=1\n4:1:2: expected a, f or r"},
        {"a 1 1\na 2 2\n\nf 1\nf x\n",
         "alloc id=1 size=1\nalloc id=2 size=2\nfree id=1\n"
         "5:3:4: expected an id"},
        {"a 1 1\na 2 2\nf 1\na 3 4 5\n",
         "alloc id=1 size=1\nalloc id=2 size=2\nfree id=1\n"
         "4:7:4: expected the end of the line"},
        {"1\n2\nx 1 1\n", "3:1:0: expected a, f or r"},
        {"1\n2\nab 1 1\n", "3:1:0: expected a, f or r"},
        {"1\n2\na 1 18446744073709551616\n", "3:5:1: a number above 2^64 - 1"},
        {"1,2\n", "1:1:0: not a trace of any known format"},
        {"abc\n", "1:1:0: not a trace of any known format"},
    };

    (void)state;
    dump_check(rows, sizeof rows / sizeof *rows, DUMP_NO_HEADER);
}

static void long_line(void **state)
{
    size_t count = 2 << 20;
    char *text = malloc(count), *error;
    struct dump_bytes from = {text, count, 4096, 0};

    (void)state;
    memset(text, '1', count);
    error = dump_error(&from, 0);
    assert_string_equal(error, "1:1:0: longer than 1048576 bytes");
    free(error);
    free(text);
}

/* What trace_live makes of a trace: the most bytes alive at once. */
static uint64_t peak_bytes(FILE *file)
{
    struct trace_error error;
    struct trace_reader *reader =
        trace_open_fd(dup(fileno(file)), "-", 0, &error);
    struct trace_live *live = trace_live_new(false);
    struct trace_event events[64];
    uint64_t peak = 0;
    size_t count;

    assert_non_null(reader);
    while ((count = trace_read(reader, events, 64)) > 0)
        for (size_t i = 0; i < count; i++) {
            assert_true(trace_live_apply(live, &events[i], &error));
            if (trace_live_bytes(live) > peak)
                peak = trace_live_bytes(live);
        }
    assert_null(trace_failed(reader));
    trace_live_free(live);
    trace_close(reader);
    return peak;
}

/* A random trace written line by line, its sizes kept in a plain array. */
static uint64_t generate(FILE *file, unsigned seed, unsigned ops)
{
    enum { IDS = 500 };
    uint64_t sizes[IDS], live = 0, peak = 0;
    bool alive[IDS] = {false};

    fprintf(file, "1\n%d\n%u\n0\n", IDS, ops);
    for (unsigned i = 0; i < ops; i++) {
        unsigned id = (seed = seed * 1103515245u + 12345u) >> 8 & 0xffff;
        unsigned size = (seed = seed * 1103515245u + 12345u) >> 12;
        bool was;

        id %= IDS;
        was = alive[id];
        if (was)
            live -= sizes[id];
        sizes[id] = size;
        alive[id] = !was || size % 3 == 0;
        if (alive[id])
            live += size;
        if (was && !alive[id])
            fprintf(file, "f %u\n", id);
        else
            fprintf(file, "%c %u %u\n", was || size % 5 == 0 ? 'r' : 'a', id,
                    size);
        if (live > peak)
            peak = live;
    }
    fflush(file);
    rewind(file);
    return peak;
}

static void peak_is_an_independent_count(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= 20; seed++) {
        FILE *file = tmpfile();
        uint64_t peak = generate(file, seed, 2000);

        assert_int_equal(peak_bytes(file), peak);
        fclose(file);
    }
}

static void writing(void **state)
{
    static const char text[] =
        "{\"op\":\"alloc\",\"id\":3,\"size\":100,\"align\":64}\n"
        "{\"op\":\"mark\",\"label\":\"m\"}\n"
        "{\"op\":\"realloc\",\"id\":3,\"size\":50}\n"
        "{\"op\":\"alloc\",\"id\":0,\"size\":\"0x100000000\"}\n"
        "{\"op\":\"free\",\"id\":3}\n";
    static const char reset[] = "{\"op\":\"reset\"}\n";
    struct dump_bytes from = {text, sizeof text - 1, SIZE_MAX, 0};
    size_t count;
    char *rep = dump_convert(&from, 0, "rep", &count);

    (void)state;
    assert_string_equal(rep, "1\n4\n4\n4294967346\na 3 100\nr 3 50\n"
                             "a 0 4294967296\nf 3\n");
    free(rep);
    from = (struct dump_bytes){reset, sizeof reset - 1, SIZE_MAX, 0};
    rep = dump_convert(&from, 0, "rep", &count);
    assert_string_equal(rep, "0:0:0: the format \"rep\" has no word for reset");
    free(rep);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(variants),
        cmocka_unit_test(malformed),
        cmocka_unit_test(long_line),
        cmocka_unit_test(peak_is_an_independent_count),
        cmocka_unit_test(writing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
