/* What helps: for each verdict, as far as it is known. */
#include "unit.h"

#include <string.h>

#include "report/advice.h"
#include "report_sample.h"

static struct report_sample sample;
static char text[REPORT_ADVICE_BYTES];

/* The third policy failed, in 4,096 bytes; the first two passed. */
static struct sim_policy *failed(enum sim_verdict verdict)
{
    struct sim_policy *policy = &sample.policies[2];

    report_sample_fill(&sample);
    policy->first.verdict = verdict;
    policy->first.memory_bytes = 4096;
    policy->first.live_bytes = 4000;
    policy->first.size_bytes = 600;
    return policy;
}

/* So that no other policy is of any help. */
static void alone(void)
{
    sample.policies[0].outcome = sample.policies[1].outcome = SIM_UNSUITED;
}

static const char *advice(void)
{
    return report_advice_text(text, &sample.run, &sample.policies[2], 0);
}

static void the_best_that_passes_is_named(void **state)
{
    (void)state;
    failed(SIM_ORDER);
    assert_string_equal(advice(), "what helps: best-fit, which passes");
}

static void a_larger_heap_is_told_with_the_difference(void **state)
{
    (void)state;
    failed(SIM_FRAGMENTED)->min_heap_bytes = 5120;
    assert_string_equal(advice(),
                        "what helps: a heap of 5 KiB (5,120 bytes, 1 KiB "
                        "more), or best-fit, which passes");
    /* That of a policy that fails too, if it needs less. */
    alone();
    sample.policies[1].outcome = SIM_FAILED;
    sample.policies[1].min_heap_bytes = 4608;
    assert_string_equal(advice(),
                        "what helps: a heap of 5 KiB (5,120 bytes, 1 KiB "
                        "more), or first-fit, which needs 4.50 KiB");
    sample.policies[1].min_heap_bytes = 5121;
    assert_string_equal(advice(), "what helps: a heap of 5 KiB (5,120 bytes, "
                                  "1 KiB more)");
}

/* What is alive and the request have to be somewhere. */
static void a_failure_alone_bounds_the_heap(void **state)
{
    (void)state;
    failed(SIM_EXHAUSTED);
    alone();
    assert_string_equal(advice(), "what helps: a heap of at least 4.49 KiB "
                                  "(4,600 bytes, 504 B more)");
    failed(SIM_EXHAUSTED)->first.replaced_bytes = 100;
    alone();
    assert_string_equal(advice(), "what helps: a heap of at least 4.39 KiB "
                                  "(4,500 bytes, 404 B more)");
    failed(SIM_IMPOSSIBLE)->first.size_bytes = 8192;
    alone();
    assert_string_equal(advice(), "what helps: a heap of at least 8 KiB "
                                  "(8,192 bytes, 4 KiB more)");
}

static void an_alignment_is_told_if_it_would_do(void **state)
{
    (void)state;
    failed(SIM_CONSTRAINT)->first.fit_align_bytes = 2048;
    assert_string_equal(advice(), "what helps: alignment 2,048, or best-fit, "
                                  "which passes");
}

static void no_heap_helps_against_an_order(void **state)
{
    (void)state;
    failed(SIM_ORDER)->min_heap_bytes = 8192;
    alone();
    assert_string_equal(advice(), "what helps: another order of frees");
    failed(SIM_QUOTA);
    alone();
    assert_string_equal(advice(), "what helps: a larger quota");
}

/* What L alone needs is more than there is. */
static void what_no_policy_can_is_told(void **state)
{
    (void)state;
    failed(SIM_FRAGMENTED);
    alone();
    sample.run.trace.packing = SIM_OPTIMAL;
    sample.run.trace.load_bytes = sample.run.trace.packed_bytes = 6144;
    assert_string_equal(advice(),
                        "what helps: more memory (--min-heap says how much); "
                        "no policy needs less than 6 KiB");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_best_that_passes_is_named),
        cmocka_unit_test(a_larger_heap_is_told_with_the_difference),
        cmocka_unit_test(a_failure_alone_bounds_the_heap),
        cmocka_unit_test(an_alignment_is_told_if_it_would_do),
        cmocka_unit_test(no_heap_helps_against_an_order),
        cmocka_unit_test(what_no_policy_can_is_told),
    };

    return cmocka_run_group_tests_name("report advice", tests, NULL, NULL);
}
