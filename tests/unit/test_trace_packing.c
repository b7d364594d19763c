/* Lives as CSV: sorted into events, and written back. */
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

#include "trace/live.h"
#include "trace/trace.h"
#include "trace_dump.h"

#define TITLES "id,lower,upper,size\n"

static void rows_become_events(void **state)
{
    static const struct dump_row rows[] = {
        {TITLES, ""},
        {TITLES "7,0,1,64\n", "alloc id=7 size=64\nfree id=7\n"},
        {TITLES "1,5,9,10\n2,0,5,20",
         "alloc id=2 size=20\nfree id=2\nalloc id=1 size=10\nfree id=1\n"},
        /* At one time: frees first, then as the rows stand. */
        {TITLES "5,0,3,1\n4,0,3,2\n3,3,4,3\n2,3,4,4\n",
         "alloc id=5 size=1\nalloc id=4 size=2\nfree id=5\nfree id=4\n"
         "alloc id=3 size=3\nalloc id=2 size=4\nfree id=3\nfree id=2\n"},
        {"size, upper ,offset,id\t,lower\r\n\r\n64, 9 ,128,3,8\r\n",
         "alloc id=3 size=64\nfree id=3\n"},
        {TITLES "b1,0,2,4\n b2 ,1,18446744073709551615,4\n",
         "alloc id=0 size=4 site=<b1>\nalloc id=1 size=4 site=<b2>\n"
         "free id=0 site=<b1>\nfree id=1 site=<b2>\n"},
        {TITLES "9,0,1,4\nx,0,1,4\n",
         "alloc id=0 size=4\nalloc id=1 size=4 site=<x>\n"
         "free id=0\nfree id=1 site=<x>\n"},
    };

    (void)state;
    dump_check(rows, sizeof rows / sizeof *rows, DUMP_NO_HEADER);
}

static void malformed(void **state)
{
    static const struct dump_row rows[] = {
        {"id,lower,upper\n1,2,3\n",
         "1:15:0: id, lower, upper and size are needed"},
        {"id,lower,upper,size,gaps\n",
         "1:21:0: expected id, lower, upper, size or offset"},
        {"id,lower,upper,size,\n",
         "1:21:0: expected id, lower, upper, size or offset"},
        {"id,lower,upper,size,id\n", "1:21:0: the column stands here twice"},
        {"1,2,3,4\n", "1:1:0: not a trace of any known format"},
        {TITLES "1,2,3\n", "2:6:0: expected a comma"},
        {TITLES "1,2,3,\n", "2:7:0: expected a size"},
        {TITLES ",2,3,4\n", "2:1:0: expected an id"},
        {TITLES "1,x,3,4\n", "2:3:0: expected the time of its begin"},
        {TITLES "1,0,-3,4\n", "2:5:0: expected the time of its end"},
        {TITLES "1,0,3,4.5\n", "2:8:0: expected a size"},
        {TITLES "1,0,3,4,5\n", "2:8:0: expected the end of the line"},
        {TITLES "1,3,3,4\n", "2:1:0: upper must be above lower"},
        {TITLES "1,0,3,18446744073709551616\n",
         "2:7:0: a number above 2^64 - 1"},
        {TITLES "\xff,0,3,4\n", "2:1:0: expected plain text"},
    };

    (void)state;
    dump_check(rows, sizeof rows / sizeof *rows, DUMP_NO_HEADER);
}

/* A packer places at any byte. */
static void header(void **state)
{
    char *dump = dump_text(TITLES, 0);

    (void)state;
    assert_non_null(strstr(dump, "align=1"));
    free(dump);
}

static void two_at_once(void **state)
{
    static const char text[] = TITLES "1,0,9,4\n1,5,6,4\n";
    struct dump_bytes from = {text, sizeof text - 1, SIZE_MAX, 0};
    char *dump = dump_trace(&from, DUMP_NO_HEADER | DUMP_PLACES);

    (void)state;
    /* Whoever judges the order of events can say which row is wrong. */
    assert_non_null(strstr(dump, "3:1 alloc id=1"));
    free(dump);
}

static void writing(void **state)
{
    static const char text[] =
        "{\"op\":\"alloc\",\"id\":3,\"size\":100,\"align\":64}\n"
        "{\"op\":\"mark\",\"label\":\"m\"}\n"
        "{\"op\":\"realloc\",\"id\":3,\"size\":50}\n"
        "{\"op\":\"alloc\",\"id\":9,\"size\":\"0x100000000\"}\n"
        "{\"op\":\"free\",\"id\":3}\n"
        "{\"op\":\"alloc\",\"id\":3,\"size\":0}\n";
    static const char reset[] = "{\"op\":\"reset\"}\n";
    struct dump_bytes from = {text, sizeof text - 1, SIZE_MAX, 0};
    size_t count;
    char *rows = dump_convert(&from, 0, "csv", &count), *again;

    (void)state;
    assert_string_equal(rows, TITLES "1,1,2,100\n2,2,4,50\n5,5,6,0\n"
                                     "3,3,6,4294967296\n");
    again = dump_text(rows, DUMP_NO_HEADER);
    assert_string_equal(again, "alloc id=1 size=100\nfree id=1\n"
                               "alloc id=2 size=50\n"
                               "alloc id=3 size=4294967296\nfree id=2\n"
                               "alloc id=5 size=0\nfree id=5\nfree id=3\n");
    free(again);
    free(rows);
    from = (struct dump_bytes){reset, sizeof reset - 1, SIZE_MAX, 0};
    rows = dump_convert(&from, 0, "csv", &count);
    assert_non_null(strstr(rows, "the format \"csv\" has no word for reset"));
    free(rows);
}

/* More rows than any table has at first: each live from its number on, for
   as long as its number's lowest digit; the peak is counted in a plain array.
 */
static void many_rows(void **state)
{
    enum { ROWS = 5000, LONGEST = 100 };
    static uint64_t load[ROWS + LONGEST];
    char *text = malloc(ROWS * 40), *to = text + sprintf(text, TITLES);
    struct dump_bytes from = {text, 0, 0, 3};
    uint64_t peak = 0, found = 0, now = 0;
    unsigned blocks = 0;
    char *dump, *line;

    (void)state;
    for (unsigned i = 0; i < ROWS; i++) {
        unsigned row = i * 1999 % ROWS, life = 1 + row * 7 % LONGEST;

        to += sprintf(to, "%u,%u,%u,%u\n", row, row, row + life, row % 97);
        for (unsigned at = row; at < row + life; at++)
            load[at] += row % 97;
    }
    for (unsigned at = 0; at < ROWS; at++)
        peak = load[at] > peak ? load[at] : peak;
    from.count = (size_t)(to - text);
    dump = dump_trace(&from, DUMP_NO_HEADER);
    for (line = dump; *line; line = strchr(line, '\n') + 1) {
        unsigned id, size;

        if (sscanf(line, "alloc id=%u size=%u", &id, &size) == 2) {
            now += size;
            blocks++;
        } else {
            assert_int_equal(sscanf(line, "free id=%u", &id), 1);
            now -= id % 97;
        }
        found = now > found ? now : found;
    }
    assert_int_equal(blocks, ROWS);
    assert_int_equal(found, peak);
    free(dump);
    free(text);
}

/* Others' instances, given apart: what is known of their loads. */
static void published(void **state)
{
    static const struct {
        const char *path;
        uint64_t load_bytes;
    } rows[] = {
        {"idealloc/resnet50.csv", 1515472556},
        {"minimalloc/A.1048576.csv", 1048576},
        {"minimalloc/B.1048576.csv", 1048576},
        {"minimalloc/F.1048576.csv", 1048576},
        {"minimalloc/example-input.12.csv", 12},
    };
    const char *folder = getenv("POLISHED_DATA");

    (void)state;
    assert_non_null(folder);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct trace_live *live = trace_live_new(false);
        struct trace_event events[64];
        struct trace_error error;
        struct trace_reader *reader;
        uint64_t peak = 0;
        char path[4096];

        snprintf(path, sizeof path, "%s/%s", folder, rows[i].path);
        reader = trace_open(path, 0, &error);
        assert_non_null(reader);
        for (size_t count; (count = trace_read(reader, events, 64)) > 0;)
            for (size_t j = 0; j < count; j++) {
                assert_true(trace_live_apply(live, &events[j], &error));
                if (trace_live_bytes(live) > peak)
                    peak = trace_live_bytes(live);
            }
        assert_null(trace_failed(reader));
        assert_int_equal(peak, rows[i].load_bytes);
        trace_close(reader);
        trace_live_free(live);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_become_events),
        cmocka_unit_test(malformed),
        cmocka_unit_test(header),
        cmocka_unit_test(two_at_once),
        cmocka_unit_test(writing),
        cmocka_unit_test(many_rows),
        cmocka_unit_test(published),
    };

    size_t count = sizeof tests / sizeof *tests;

    /* The last one is of others' data: only where POLISHED_DATA says so. */
    return _cmocka_run_group_tests(
        "tests", tests, count - !getenv("POLISHED_DATA"), NULL, NULL);
}
