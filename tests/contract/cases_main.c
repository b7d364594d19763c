/* cases_main.c - rows through cases: what their programs share. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cases.h"

static void case_fail(const char *message)
{
    fail_msg("%s", message);
}

int case_watch(void **state)
{
    (void)state;
    oracle_fail = case_fail;
    return 0;
}

/* Pages as small as they can be, for a region has to hold many; knobs that
   are no sizes as usual. */
static const polished_size *case_small_pages(const struct polished_ops *ops)
{
    static polished_size knobs[POLISHED_KNOBS];

    if (!(ops->caps & POLISHED_PAGES))
        return NULL;
    for (int i = 0; ops->knobs && ops->knobs[i].name; i++)
        knobs[i] = ops->knobs[i].form == POLISHED_POWER_OF_TWO
                       ? ops->knobs[i].least
                       : ops->knobs[i].usual;
    return knobs;
}

struct oracle_plan case_plan(const struct polished_ops *ops,
                             polished_size size_bytes)
{
    struct oracle_plan plan = {
        .ops = ops, .knobs = case_small_pages(ops), .size_bytes = size_bytes};

    return plan;
}

struct oracle_plan subject_plan(const struct subject *subject,
                                polished_size size_bytes)
{
    struct oracle_plan plan = {.ops = subject->ops,
                               .knobs = subject->knobs,
                               .source_ops = subject->source_ops,
                               .source_knobs = subject->source_knobs,
                               .size_bytes = size_bytes};

    return plan;
}

void case_open(struct oracle *oracle, const struct oracle_plan *plan)
{
    assert_int_equal(oracle_open(oracle, plan), POLISHED_OK);
}

enum polished_status case_refused(struct oracle *oracle,
                                  polished_size size_bytes,
                                  polished_size align_bytes)
{
    size_t count = oracle->count;
    enum polished_status status = oracle_alloc(oracle, size_bytes, align_bytes);

    assert_int_not_equal(status, POLISHED_OK);
    assert_int_equal(oracle->count, count);
    return status;
}

struct case_row {
    const char *name;
    CMUnitTestFunction function;
};

/* "best-fit.largest_is_the_largest" */
static char *case_name(const struct subject *subject, const char *name)
{
    size_t size = strlen(subject->name) + strlen(name) + 2;
    char *text = malloc(size);

    if (!text)
        abort();
    snprintf(text, size, "%s.%s", subject->name, name);
    return text;
}

int cases_run(const struct polished_ops *const *policies)
{
    static const struct case_row rows[] = {
#define CASE_ROW(name) {#name, name},
        CASES(CASE_ROW)
#undef CASE_ROW
    };
    const size_t row_count = sizeof rows / sizeof rows[0];
    struct subject *subjects;
    struct CMUnitTest *tests;
    size_t subject_count, count = 0;
    int failed;

    subjects = subjects_make(policies, &subject_count);
    tests = calloc(subject_count * row_count, sizeof *tests);
    if (!tests)
        abort();
    for (size_t i = 0; i < subject_count; i++)
        for (size_t j = 0; j < row_count; j++, count++) {
            tests[count].name = case_name(&subjects[i], rows[j].name);
            tests[count].test_func = rows[j].function;
            tests[count].initial_state = &subjects[i];
        }
    failed =
        _cmocka_run_group_tests("contract", tests, count, case_watch, NULL);
    for (size_t i = 0; i < count; i++)
        free((void *)tests[i].name);
    free(tests);
    free(subjects);
    return failed;
}
