/* Many events at once say what they say one by one. */
#include "unit.h"

#include <string.h>

#include "trace/live.h"

enum { EVENTS = 64, IDS = 48 };

/* Events of every kind, of which some are refused. */
static void make_events(struct trace_event *events, unsigned *seed)
{
    static const uint8_t ops[] = {TRACE_ALLOC,   TRACE_ALLOC, TRACE_ALLOC,
                                  TRACE_FREE,    TRACE_FREE,  TRACE_FREE,
                                  TRACE_REALLOC, TRACE_ALLOC};
    static const uint16_t has[] = {0, 0, 0, 0, 0, 0, 0, TRACE_HAS_ALIGN};

    for (size_t i = 0; i < EVENTS; i++) {
        unsigned random = *seed = *seed * 1103515245u + 12345u;
        struct trace_event *event = &events[i];

        *event = (struct trace_event){.op = ops[random >> 8 & 7],
                                      .has = has[random >> 12 & 7],
                                      .id = (random >> 16 & 0xff) % IDS * 77,
                                      .size_bytes = random >> 20,
                                      .heap = random >> 9 & 3,
                                      .align_bytes = 64};
        if (random >> 24 == 7)
            event->has = TRACE_HAS_HEAP;
        if (random >> 24 == 8)
            event->op = TRACE_DESTROY;
        if (random >> 24 == 9)
            event->has = TRACE_IS_IMPLIED;
    }
}

/* Is it one that has to go alone, whatever is alive? */
static bool goes_alone(const struct trace_event *event)
{
    return event->op > TRACE_REALLOC ||
           (event->has & (TRACE_HAS_HEAP | TRACE_IS_IMPLIED)) != 0;
}

/* The next of events goes one by one; how it went. */
static bool apply_one(struct trace_live *live, struct trace_event *event,
                      struct trace_error *error)
{
    struct trace_event implied;
    bool fine = trace_live_apply(live, event, error);

    while (fine && trace_live_implied(live, &implied))
        ;
    return fine;
}

static void agree(struct trace_live *live, struct trace_live *other)
{
    assert_int_equal(trace_live_count(live), trace_live_count(other));
    assert_int_equal(trace_live_bytes(live), trace_live_bytes(other));
    assert_int_equal(trace_live_slots(live), trace_live_slots(other));
    assert_int_equal(trace_live_renames(live), trace_live_renames(other));
}

/* How many of the events went at once. */
static size_t play(struct trace_live *live, struct trace_live *other,
                   struct trace_event *events)
{
    struct trace_event copies[EVENTS];
    uint64_t ended_bytes[EVENTS];
    struct trace_error error, same;
    size_t at_once = 0, i = 0;

    memcpy(copies, events, sizeof copies);
    while (i < EVENTS) {
        size_t count =
            trace_live_run(live, events + i, EVENTS - i, ended_bytes);

        for (size_t end = i + count; i < end; i++) {
            assert_false(goes_alone(&copies[i]));
            assert_true(trace_live_apply(other, &copies[i], &error));
            assert_memory_equal(&copies[i], &events[i], sizeof *copies);
            if (copies[i].op != TRACE_ALLOC)
                assert_int_equal(ended_bytes[i + count - end],
                                 trace_live_ended(other));
        }
        at_once += count;
        if (i == EVENTS)
            break;
        assert_int_equal(apply_one(live, &events[i], &error),
                         apply_one(other, &copies[i], &same));
        assert_memory_equal(&copies[i], &events[i], sizeof *copies);
        i++;
        agree(live, other);
    }
    return at_once;
}

static void as_one_by_one(void **state)
{
    struct trace_event events[EVENTS];
    struct trace_live *live = trace_live_new(false);
    struct trace_live *other = trace_live_new(false);
    size_t at_once = 0;
    unsigned seed = 3;

    (void)state;
    for (int i = 0; i < 2000; i++) {
        make_events(events, &seed);
        at_once += play(live, other, events);
    }
    agree(live, other);
    assert_true(at_once > 2000 * EVENTS / 4);
    trace_live_free(live);
    trace_live_free(other);
}

/* A trace that only grows goes at once as well, but where memory is wanted. */
static void growth_goes_at_once(void **state)
{
    struct trace_live *live = trace_live_new(false);
    struct trace_error error;
    uint64_t ended_bytes;
    size_t alone = 0;

    (void)state;
    for (uint64_t id = 0; id < 10000; id++) {
        struct trace_event event = {.op = TRACE_ALLOC, .id = id};

        if (trace_live_run(live, &event, 1, &ended_bytes) == 1)
            continue;
        assert_true(trace_live_apply(live, &event, &error));
        alone++;
    }
    assert_int_equal(trace_live_count(live), 10000);
    assert_false(trace_live_renames(live));
    assert_true(alone < 40);
    trace_live_free(live);
}

/* What is stale has to be found out one by one. */
static void misuse_goes_alone(void **state)
{
    struct trace_live *live = trace_live_new(true);
    struct trace_event event = {.op = TRACE_ALLOC};
    struct trace_error error;
    uint64_t ended_bytes;

    (void)state;
    assert_true(trace_live_apply(live, &event, &error));
    event = (struct trace_event){.op = TRACE_FREE};
    assert_int_equal(trace_live_run(live, &event, 1, &ended_bytes), 0);
    trace_live_free(live);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_one_by_one),
        cmocka_unit_test(growth_goes_at_once),
        cmocka_unit_test(misuse_goes_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
