/* One failure per verdict, each on the edge to its neighbour. */
#include "unit.h"

#include <string.h>

#include "sim/verdict.h"

static enum sim_verdict judge(struct sim_failure failure, uint64_t fits)
{
    struct sim_evidence evidence = {failure.memory_bytes, fits};

    sim_judge(&failure, &evidence);
    return failure.verdict;
}

/* 1000 bytes of memory, 600 alive, 100 asked for. */
static struct sim_failure base(void)
{
    return (struct sim_failure){.size_bytes = 100,
                                .align_bytes = 16,
                                .status = POLISHED_NO_MEMORY,
                                .memory_bytes = 1000,
                                .live_bytes = 600,
                                .free_bytes = 300,
                                .largest_free_bytes = 200};
}

static void by_status(void **state)
{
    struct sim_failure failure = base();

    (void)state;
    failure.status = POLISHED_UNSUPPORTED;
    assert_int_equal(judge(failure, 1), SIM_UNSUPPORTED);
    failure.status = POLISHED_BAD_ORDER;
    assert_int_equal(judge(failure, 1), SIM_ORDER);
    failure.status = POLISHED_QUOTA;
    assert_int_equal(judge(failure, 1), SIM_QUOTA);
}

static void by_size(void **state)
{
    struct sim_failure failure = base();

    (void)state;
    failure.size_bytes = 1001;
    assert_int_equal(judge(failure, 0), SIM_IMPOSSIBLE);
    failure.size_bytes = 401;
    assert_int_equal(judge(failure, 0), SIM_EXHAUSTED);
    failure.size_bytes = 400;
    failure.free_bytes = 399;
    assert_int_equal(judge(failure, 0), SIM_OVERHEAD);
    failure.unreclaimed_bytes = 1;
    assert_int_equal(judge(failure, 0), SIM_POLICY);
    failure.live_bytes = 2000; /* more than there is, as in an ideal heap */
    assert_int_equal(judge(failure, 0), SIM_EXHAUSTED);
}

/* A realloc has some of its bytes already. */
static void by_growth(void **state)
{
    struct sim_failure failure = base();

    (void)state;
    failure.size_bytes = 700;
    failure.replaced_bytes = 299;
    assert_int_equal(judge(failure, 0), SIM_EXHAUSTED);
    failure.replaced_bytes = 300;
    assert_int_equal(judge(failure, 0), SIM_OVERHEAD);
    failure.replaced_bytes = 400;
    assert_int_equal(judge(failure, 0), SIM_FRAGMENTED);
}

static void by_holes(void **state)
{
    struct sim_failure failure = base();

    (void)state;
    failure.largest_free_bytes = 99;
    assert_int_equal(judge(failure, 0), SIM_FRAGMENTED);
    failure.largest_free_bytes = 100;
    assert_int_equal(judge(failure, 0), SIM_CONSTRAINT);
    assert_int_equal(judge(failure, 1), SIM_POLICY);
}

static void at_once_agrees(void **state)
{
    struct sim_failure failure = base();
    struct sim_evidence evidence = {1000, 1};

    (void)state;
    assert_false(sim_judge_at_once(&failure, &evidence));
    failure.size_bytes = 500;
    assert_true(sim_judge_at_once(&failure, &evidence));
    assert_int_equal(failure.verdict, SIM_EXHAUSTED);
}

static void every_verdict_has_words(void **state)
{
    char text[SIM_TEXT_BYTES];
    struct sim_failure failure = base();

    (void)state;
    for (int verdict = 0; verdict < SIM_VERDICT_COUNT; verdict++) {
        failure.verdict = (enum sim_verdict)verdict;
        sim_failure_text(&failure, text, sizeof text);
        assert_memory_equal(text, sim_verdict_name(failure.verdict),
                            strlen(sim_verdict_name(failure.verdict)));
    }
    failure.verdict = SIM_FRAGMENTED;
    failure.size_bytes = 1234567;
    sim_failure_text(&failure, text, sizeof text);
    assert_non_null(strstr(text, "1,234,567 bytes asked for"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_status),
        cmocka_unit_test(by_size),
        cmocka_unit_test(by_growth),
        cmocka_unit_test(by_holes),
        cmocka_unit_test(at_once_agrees),
        cmocka_unit_test(every_verdict_has_words),
    };

    return cmocka_run_group_tests_name("verdict", tests, NULL, NULL);
}
