/*
 * Defects of other allocators that any policy of ours could have, numbered as
 * in our notes on them: none has.  Those of one kind of policy stand in the
 * tests of that kind; tests/gates/regressions.t knows all names.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "cases.h"
#include "program.h"

/* A heap of any sizes, freed in any order, by itself. */
static bool is_general(const struct polished_ops *ops)
{
    return (ops->caps & POLISHED_RECLAIMS) &&
           (ops->caps & POLISHED_ANY_ORDER) &&
           !(ops->caps & (POLISHED_SOURCE | POLISHED_ONE_SIZE));
}

static polished_size largest(struct oracle *oracle)
{
    const struct polished_request request = {1, 1, 0, 0};

    return polished_largest(&oracle->heap, &request);
}

/* A region so small, grown byte by byte, used whenever it can be; in the end
   it has to be worth as much as one that was so large at once. */
static void grow_from(const struct polished_ops *ops, polished_size size_bytes,
                      polished_size more_bytes)
{
    struct oracle oracle, fresh;
    struct oracle_plan plan = case_plan(ops, size_bytes);

    plan.more_bytes = more_bytes;
    if (oracle_open(&oracle, &plan) != POLISHED_OK)
        return;
    for (polished_size i = 0; i < more_bytes; i++) {
        if (oracle_alloc(&oracle, largest(&oracle), 1) == POLISHED_OK)
            assert_int_equal(oracle_free(&oracle, 0, true), POLISHED_OK);
        assert_int_not_equal(oracle_alloc(&oracle, POLISHED_SIZE_MAX - i, 1),
                             POLISHED_OK);
        assert_int_equal(oracle_extend(&oracle, 1), POLISHED_OK);
    }
    plan = case_plan(ops, size_bytes + more_bytes);
    case_open(&fresh, &plan);
    assert_true(largest(&oracle) == largest(&fresh));
    oracle_close(&fresh);
    oracle_close(&oracle);
}

/* linked-list-allocator wrote beyond tiny heaps and small extends
   (CVE-2022-36086), lost small tails, and later hung in free. */
static void B12_tiny_heaps_and_small_extends_are_safe(void **state)
{
    (void)state;
    for (size_t row = 0; polished_policies[row]; row++)
        for (polished_size size_bytes = 1; size_bytes < 120; size_bytes += 7)
            if (is_general(polished_policies[row]) &&
                polished_policies[row]->extend)
                grow_from(polished_policies[row], size_bytes, 130);
}

/* The top bit of FreeRTOS's sizes says "allocated": half of all addresses and
   more are misread. */
static void B13_the_top_bit_belongs_to_the_size(void **state)
{
    const polished_size half = POLISHED_SIZE_MAX / 2 + 1;
    struct polished_heap heap;
    const struct polished_setup setup = {.ops = &polished_bump,
                                         .data = {NULL, half + 4096, 0},
                                         .control = calloc(1, 4096),
                                         .control_bytes = 4096};
    const struct polished_request request = {half + 1, 16, 0, 0};
    polished_size offset;

    (void)state;
    assert_int_equal(polished_init(&heap, &setup), POLISHED_OK);
    assert_int_equal(polished_alloc(&heap, &request, &offset), POLISHED_OK);
    assert_true(polished_largest(&heap, &request) < 4096);
    free(setup.control);
    for (size_t row = 0; polished_policies[row]; row++) {
        const struct polished_ops *ops = polished_policies[row];
        struct oracle oracle;
        struct oracle_plan plan = case_plan(ops, 1024);

        if (ops->caps & POLISHED_SOURCE)
            continue;
        case_open(&oracle, &plan);
        for (polished_size more = 0; more < 64; more++) {
            assert_int_equal(oracle_alloc(&oracle, half + more, 16),
                             POLISHED_NO_MEMORY);
            assert_int_equal(oracle_alloc(&oracle, half - more, 16),
                             POLISHED_NO_MEMORY);
        }
        oracle_close(&oracle);
    }
}

/* One life of a heap, and what it came to. */
struct life {
    const struct polished_ops *ops;
    struct oracle oracle;
    uint64_t decisions;
};

static void *life_live(void *context)
{
    struct life *life = context;
    const struct oracle_plan plan = case_plan(life->ops, 2048);
    struct program program = {
        .random = 77, .bound_bytes = 200, .live_limit = 40};

    if (oracle_open(&life->oracle, &plan) != POLISHED_OK)
        return NULL;
    program_run(&program, &life->oracle, 300);
    life->decisions = program.decisions;
    oracle_close(&life->oracle);
    return life;
}

/* AROS judges a free before it takes the lock.  We take none: two threads
   with a heap each, and freeing all twice, never meet. */
static void B14_heaps_of_two_threads_never_meet(void **state)
{
    static struct life alone, both[2];

    (void)state;
    for (size_t row = 0; polished_policies[row]; row++) {
        pthread_t threads[2];
        void *lived;

        if (polished_policies[row]->caps & POLISHED_SOURCE)
            continue;
        alone.ops = both[0].ops = both[1].ops = polished_policies[row];
        assert_non_null(life_live(&alone));
        for (int i = 0; i < 2; i++)
            assert_int_equal(
                pthread_create(&threads[i], NULL, life_live, &both[i]), 0);
        for (int i = 0; i < 2; i++) {
            assert_int_equal(pthread_join(threads[i], &lived), 0);
            assert_ptr_equal(lived, &both[i]);
            assert_true(both[i].decisions == alone.decisions);
        }
    }
}

static jmp_buf broken;

static void note_broken(const char *message)
{
    (void)message;
    longjmp(broken, 1);
}

/* The fuzzer of buddy_alloc wrote the 256th block of 255.  The oracle has a
   table too: it says so when that is full, and writes nothing behind it. */
static void B15_the_oracle_keeps_its_own_bounds(void **state)
{
    static struct {
        struct oracle oracle;
        unsigned char behind[64];
    } watched;
    static const unsigned char zeros[64];
    const struct oracle_plan plan =
        case_plan(&polished_first_fit, 128 * ORACLE_BLOCKS);
    struct program program = {
        .random = 5, .bound_bytes = 8, .live_limit = ORACLE_BLOCKS};
    void (*usual)(const char *) = oracle_fail;

    (void)state;
    case_open(&watched.oracle, &plan);
    watched.oracle.is_shallow = true;
    while (watched.oracle.count < ORACLE_BLOCKS)
        assert_int_equal(oracle_alloc(&watched.oracle, 1, 1), POLISHED_OK);
    program_run(&program, &watched.oracle, 200);
    assert_in_range(watched.oracle.count, 1, ORACLE_BLOCKS);
    while (watched.oracle.count < ORACLE_BLOCKS)
        assert_int_equal(oracle_alloc(&watched.oracle, 1, 1), POLISHED_OK);
    oracle_fail = note_broken;
    if (setjmp(broken) == 0) {
        oracle_alloc(&watched.oracle, 1, 1);
        oracle_fail = usual;
        fail_msg("a block too many went unnoticed");
    }
    oracle_fail = usual;
    assert_memory_equal(watched.behind, zeros, sizeof zeros);
    oracle_close(&watched.oracle);
}

/* blog_os lost the gap before an aligned block for ever. */
static void B16_the_gap_before_an_aligned_block_comes_back(void **state)
{
    (void)state;
    for (size_t row = 0; polished_policies[row]; row++) {
        struct oracle oracle;
        struct oracle_plan plan = case_plan(polished_policies[row], 8192);
        polished_size whole;

        if (!is_general(polished_policies[row]))
            continue;
        plan.bus_base = (1 << 20) + 48;
        case_open(&oracle, &plan);
        whole = largest(&oracle);
        for (polished_size align = 2; align <= 2048; align *= 2) {
            assert_int_equal(oracle_alloc(&oracle, 100, align), POLISHED_OK);
            assert_int_equal(oracle_alloc(&oracle, 100, align), POLISHED_OK);
            oracle_free_all(&oracle);
            assert_true(largest(&oracle) == whole);
        }
        oracle_close(&oracle);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(B12_tiny_heaps_and_small_extends_are_safe),
        cmocka_unit_test(B13_the_top_bit_belongs_to_the_size),
        cmocka_unit_test(B14_heaps_of_two_threads_never_meet),
        cmocka_unit_test(B15_the_oracle_keeps_its_own_bounds),
        cmocka_unit_test(B16_the_gap_before_an_aligned_block_comes_back),
    };

    return cmocka_run_group_tests_name("siblings", tests, case_watch, NULL);
}
