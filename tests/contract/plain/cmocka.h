/*
 * contract/plain/cmocka.h - as much of cmocka as the contract tests use, for
 * builds that the library itself does not come for: other widths, and
 * sanitizers that want every library instrumented.
 *
 *     ./configure CMOCKA_CFLAGS=-I.../tests/contract/plain CMOCKA_LIBS=' '
 */
#ifndef PLAIN_CMOCKA_H
#define PLAIN_CMOCKA_H

#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

typedef void (*CMUnitTestFunction)(void **state);

struct CMUnitTest {
    const char *name;
    CMUnitTestFunction test_func;
    int (*setup_func)(void **state);
    int (*teardown_func)(void **state);
    void *initial_state;
};

#define cmocka_unit_test(function)                                             \
    {                                                                          \
        .name = #function, .test_func = (function)                             \
    }

static jmp_buf plain_failed;

#define plain_fail(...)                                                        \
    (printf("# %s:%d: ", __FILE__, __LINE__), printf(__VA_ARGS__),             \
     printf("\n"), longjmp(plain_failed, 1))
#define fail_msg                 plain_fail
#define assert_true(truth)       ((truth) ? (void)0 : plain_fail("%s", #truth))
#define assert_false(truth)      assert_true(!(truth))
#define assert_null(pointer)     assert_true((pointer) == NULL)
#define assert_non_null(pointer) assert_true((pointer) != NULL)
#define assert_ptr_equal(a, b)   assert_true((a) == (b))
#define assert_int_equal(a, b)   assert_true((uintmax_t)(a) == (uintmax_t)(b))
#define assert_int_not_equal(a, b)                                             \
    assert_false((uintmax_t)(a) == (uintmax_t)(b))
#define assert_in_range(a, least, most)                                        \
    assert_true((uintmax_t)(a) >= (least) && (uintmax_t)(a) <= (most))
#define assert_memory_equal(a, b, bytes) assert_true(memcmp(a, b, bytes) == 0)

/* false: the test, or what goes before it, has failed. */
static inline int plain_run(const struct CMUnitTest *test,
                            int (*setup)(void **state))
{
    void *state = test->initial_state;

    if (setjmp(plain_failed) != 0)
        return 0;
    if (setup && setup(&state) != 0)
        return 0;
    test->test_func(&state);
    return 1;
}

/* TAP on standard output; the answer is how many have failed. */
static inline int _cmocka_run_group_tests(const char *group,
                                          const struct CMUnitTest *tests,
                                          size_t count,
                                          int (*setup)(void **state),
                                          int (*teardown)(void **state))
{
    int failed = 0;

    (void)teardown;
    printf("1..%zu\n", count);
    for (size_t i = 0; i < count; i++) {
        int is_fine = plain_run(&tests[i], setup);

        printf("%s %zu - %s.%s\n", is_fine ? "ok" : "not ok", i + 1, group,
               tests[i].name);
        failed += !is_fine;
    }
    return failed;
}

#define cmocka_run_group_tests_name(group, tests, setup, teardown)             \
    _cmocka_run_group_tests(group, tests, sizeof(tests) / sizeof *(tests),     \
                            setup, teardown)
#define cmocka_run_group_tests(tests, setup, teardown)                         \
    cmocka_run_group_tests_name(#tests, tests, setup, teardown)

#endif
