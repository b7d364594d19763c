/* Trials that go on from where others were alike, against those that begin
   afresh: same answer, same class, fewer steps. */
#include "config.h"

#include "min_heap_sample.h"
#include "unit.h"

#include "polished/policies.h"

enum { EVENTS = 1000, BLOCKS = 60, SIZES = 150, ROUNDS = 4 };

/* A long life: blocks come, are resized, and go, some 30 at once. */
static void tape_make(struct search_tape *tape)
{
    bool alive[BLOCKS] = {false};

    search_tape_begin(tape, 16);
    for (unsigned i = 0; i < EVENTS; i++) {
        uint64_t slot = dice(BLOCKS);
        bool resized = alive[slot] && dice(8) == 0;
        struct trace_event event = {.op = resized       ? TRACE_REALLOC
                                          : alive[slot] ? TRACE_FREE
                                                        : TRACE_ALLOC,
                                    .id = slot,
                                    .size_bytes = 1 + dice(2000)};

        if (event.op == TRACE_ALLOC && dice(8) == 0) {
            event.has = TRACE_HAS_ALIGN;
            event.align_bytes = UINT64_C(1) << dice(8);
        }
        alive[slot] = event.op != TRACE_FREE;
        assert_true(search_tape_add(tape, &event, 1));
    }
}

static struct search_trial resumed, afresh;
static uint64_t resumed_steps, afresh_steps;

/* One size, both ways. */
static uint64_t try_both(uint64_t bytes)
{
    struct search_class found, truth;

    search_trial_run(&resumed, bytes, &found);
    search_trial_run(&afresh, bytes, &truth);
    assert_int_equal(found.passed, truth.passed);
    assert_int_equal(found.step, truth.step);
    assert_int_equal(found.status, truth.status);
    assert_int_equal(found.low_bytes, truth.low_bytes);
    return truth.low_bytes;
}

static void begin(const struct search_ground *ground)
{
    assert_true(search_trial_begin(&resumed, ground));
    assert_true(search_trial_begin(&afresh, ground));
    resumed.ground.steps = &resumed_steps;
    afresh.ground.steps = &afresh_steps;
    afresh.resume.can = false;
}

static void end(void)
{
    search_trial_end(&resumed);
    search_trial_end(&afresh);
}

/* Down class by class, as a scan goes, and then from size to size. */
static void compare(const struct polished_ops *ops)
{
    const struct sim_spec spec = spec_of(ops);
    struct search_tape tape;
    uint64_t bytes;

    tape_make(&tape);
    struct search_ground ground = ground_of(&spec, &tape);
    begin(&ground);
    bytes = (2 * tape.peak_live_bytes + 16384) / SEARCH_GRAIN * SEARCH_GRAIN;
    for (unsigned i = 0; i < SIZES && bytes >= tape.peak_live_bytes; i++)
        bytes = try_both(bytes) - SEARCH_GRAIN;
    for (unsigned i = 0; i < SIZES; i++)
        try_both(bytes + SEARCH_GRAIN * dice(2048));
    end();
    search_tape_free(&tape);
}

static void a_trial_resumed_is_one_made_afresh(void **state)
{
    unsigned compared = 0;

    (void)state;
    dice_state = 4711;
    for (size_t row = 0; polished_policies[row] != NULL; row++)
        for (unsigned round = 0;
             (polished_policies[row]->caps & POLISHED_GROWS) && round < ROUNDS;
             round++, compared++)
            compare(polished_policies[row]);
    assert_true(compared > 0);
    assert_true(resumed_steps < afresh_steps / 4 * 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_trial_resumed_is_one_made_afresh),
    };

    return cmocka_run_group_tests_name("search resume", tests, NULL, NULL);
}
