/* A trace read ahead by a thread is the trace read in turns. */
#include "config.h"

#include "unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sim/relay.h"

/* Enough for every lot to be filled several times. */
enum { EVENTS = 3 * SIM_LOTS * SIM_LOT_EVENTS + 100 };

static struct trace_event direct[2 * EVENTS];
static struct sim_feed feed;
static struct sim_relay relay;

/* Blocks that live for 100 events, and all of them end now and then. */
static void write_events(FILE *file, bool is_good)
{
    unsigned first = 0;

    for (unsigned i = 0; i < EVENTS; i++)
        if (i % 1000 == 999) {
            fprintf(file, "{\"op\":\"reset\"}\n");
            first = i + 1;
        } else if (i % 2 != 0 && i >= first + 101) {
            fprintf(file, "{\"op\":\"free\",\"id\":%u}\n", i - 101);
        } else {
            fprintf(file, "{\"op\":\"alloc\",\"id\":%u,\"size\":%u}\n", i,
                    i % 77);
        }
    if (!is_good)
        fprintf(file, "{\"op\":\"free\",\"id\":%u}\n", EVENTS);
    fflush(file);
}

static void open_feed(int fd)
{
    struct trace_error error;
    struct trace_reader *reader = trace_open_fd(fd, "trace", 0, &error);

    assert_non_null(reader);
    assert_true(sim_feed_open(&feed, reader, true, false, 16));
}

static void open_file(FILE *file)
{
    int fd = dup(fileno(file));

    assert_true(fd >= 0 && lseek(fd, 0, SEEK_SET) == 0);
    open_feed(fd);
}

static size_t read_directly(FILE *file)
{
    size_t count = 0, more;

    open_file(file);
    while ((more = sim_feed_read(&feed, direct + count, 33)) > 0)
        count += more;
    return count;
}

static void both_ways_agree(void **state)
{
    FILE *file = tmpfile();
    struct measure_census census;
    struct trace_error error;
    const struct sim_lot *lot;
    size_t count, at = 0;

    assert_non_null(file);
    write_events(file, *state == NULL);
    count = read_directly(file);
    assert_true(count > EVENTS);
    census = feed.census;
    error = feed.error;
    sim_feed_close(&feed);

    open_file(file);
    assert_true(sim_relay_start(&relay, &feed));
    for (; (lot = sim_relay_take(&relay))->count > 0; sim_relay_give(&relay))
        for (size_t i = 0; i < lot->count; i++, at++) {
            assert_true(at < count);
            assert_int_equal(lot->events[i].op, direct[at].op);
            assert_int_equal(lot->events[i].has, direct[at].has);
            if (direct[at].op <= TRACE_REALLOC)
                assert_int_equal(lot->events[i].id, direct[at].id);
            if (direct[at].op == TRACE_ALLOC)
                assert_int_equal(lot->events[i].size_bytes,
                                 direct[at].size_bytes);
        }
    sim_relay_stop(&relay);
    assert_int_equal(at, count);
    assert_memory_equal(&feed.census, &census, sizeof census);
    assert_int_equal(feed.error.kind, error.kind);
    assert_int_equal(feed.error.event, error.event);
    assert_int_equal(feed.error.line, error.line);
    assert_int_equal(error.kind != TRACE_FINE, *state != NULL);
    sim_feed_close(&feed);
    fclose(file);
}

/* The reader waits for lots that nobody gives back, or for a pipe into which
   nobody writes: neither keeps it from being stopped. */
static void it_can_be_stopped(void **state)
{
    FILE *file = tmpfile();
    int ends[2];
    FILE *pen;

    (void)state;
    assert_non_null(file);
    write_events(file, true);
    open_file(file);
    assert_true(sim_relay_start(&relay, &feed));
    assert_int_equal(sim_relay_take(&relay)->count, SIM_LOT_EVENTS);
    sim_relay_stop(&relay);
    sim_feed_close(&feed);
    fclose(file);

    /* It has room for more than a reader must see to know the format. */
    assert_int_equal(pipe(ends), 0);
    assert_true(fcntl(ends[1], F_SETPIPE_SZ, 1 << 20) >= 1 << 20);
    pen = fdopen(ends[1], "w");
    assert_non_null(pen);
    for (int i = 0; i < 3000; i++)
        fprintf(pen, "{\"op\":\"alloc\",\"id\":%d,\"size\":1}\n", i);
    fflush(pen);
    open_feed(ends[0]);
    assert_true(sim_relay_start(&relay, &feed));
    sim_relay_stop(&relay);
    sim_feed_close(&feed);
    fclose(pen);
}

int main(void)
{
    static char bad;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_ways_agree),
        {"both_ways_find_the_error", both_ways_agree, NULL, NULL, &bad},
        cmocka_unit_test(it_can_be_stopped),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
