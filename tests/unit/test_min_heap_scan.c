/* The min heap against brute force over every size, on random traces. */
#include "config.h"

#include "min_heap_sample.h"
#include "unit.h"

#include "polished/policies.h"

/* Traces for each policy; fewer in a build that takes ten times as long. */
#ifndef SCAN_ROUNDS
#define SCAN_ROUNDS 10000
#endif

enum { ROUNDS = SCAN_ROUNDS, PAGE = 64, SCAN_DATA = 1 << 15 };

/* Pages as small as the traces' blocks. */
static struct sim_spec scan_spec(const struct polished_ops *ops)
{
    struct sim_spec spec = spec_of(ops);

    for (int i = 0; (ops->caps & POLISHED_PAGES) && ops->knobs[i].name; i++)
        if (ops->knobs[i].form == POLISHED_POWER_OF_TWO)
            spec.layers[0].knobs[i] = PAGE;
    return spec;
}

/* A policy's scan on so many traces; how many had an anomaly. */
static unsigned scan_and_count(const struct polished_ops *ops)
{
    const struct sim_spec spec = scan_spec(ops);
    static struct program program;
    uint64_t control_bytes =
        ops->control_bytes(spec.layers[0].knobs, SCAN_DATA) / 16 * 16;
    unsigned anomalous = 0, passing = 0;

    program.only_bytes = ops->caps & POLISHED_ONE_SIZE ? PAGE : 0;
    dice_state = 20240607;
    for (unsigned round = 0; round < ROUNDS; round++) {
        struct search_tape tape;
        struct search_min_heap answer;
        struct search_verdict truth;
        bool in_order = !(ops->caps & POLISHED_ANY_ORDER) && round % 4 != 0;

        program_random(&program, in_order);
        tape_of(&tape, &program);
        struct search_ground ground = ground_of(&spec, &tape);
        /* need_bytes has 64 bytes a request more than any fit takes. */
        brute(&ground, tape.need_bytes / 16 * 16 + 1024 + control_bytes,
              &truth);
        assert_true(search_min_heap(&ground, SEARCH_MIN_HEAP_STEPS, &answer));
        assert_answer(&answer, &truth);
        anomalous += answer.anomalies != 0;
        passing += answer.bytes != 0;
        search_tape_free(&tape);
    }
    assert_true(passing > ROUNDS / 10);
    return anomalous;
}

static void scan_equals_brute_force(void **state)
{
    (void)state;
    for (size_t row = 0; polished_policies[row] != NULL; row++) {
        const struct polished_ops *ops = polished_policies[row];
        unsigned anomalous =
            ops->caps & POLISHED_SLACK ? scan_and_count(ops) : 0;

        /* The traces would be too tame had best fit passed wherever a
           smaller heap did. */
        if (ops == &polished_best_fit)
            assert_true(anomalous > ROUNDS / 1000);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scan_equals_brute_force),
    };

    return cmocka_run_group_tests_name("min heap scan", tests, NULL, NULL);
}
