/* A heap over a heap: whose memory is whose, and what reaches the source. */
#include "cases.h"

enum { NESTED_BYTES = 16384 };

/* Control is cut first for the outer heap, then for the inner. */
static void nested_heaps_are_carved_outside_in(void **state)
{
    static _Alignas(64) unsigned char memory[NESTED_BYTES];
    struct polished_region data = polished_memory(memory, sizeof memory);
    struct polished_heap buddy, slab;
    struct polished_setup setup = {.ops = &polished_slab, .source = &buddy};
    void *blocks[2];

    (void)state;
    setup.control = polished_carve(&data, &polished_slab, NULL);
    assert_non_null(setup.control);
    assert_int_equal(polished_open(&buddy, &polished_buddy, data, NULL),
                     POLISHED_OK);
    assert_true((uintptr_t)buddy.control < (uintptr_t)setup.control);
    assert_int_equal(polished_init(&slab, &setup), POLISHED_OK);
    assert_ptr_equal(slab.data.base, memory);
    blocks[0] = polished_malloc(&slab, 32, 32);
    blocks[1] = polished_malloc(&slab, 32, 32);
    assert_ptr_equal(blocks[1], (unsigned char *)blocks[0] + 32);
    assert_int_equal(polished_mfree(&slab, blocks[0]), POLISHED_OK);
    assert_int_equal(polished_mfree(&slab, blocks[0]), POLISHED_DOUBLE_FREE);
    assert_int_equal(polished_mfree(&slab, blocks[1]), POLISHED_OK);
    assert_int_equal(polished_check(&slab), POLISHED_OK);
}

static void nested_steps_and_reset_reach_the_source(void **state)
{
    const struct polished_request any = {1, 1, 0, 0};
    const struct oracle_plan plan = {.ops = &polished_slab,
                                     .source_ops = &polished_buddy,
                                     .size_bytes = NESTED_BYTES};
    struct oracle oracle;
    uint64_t own_steps, all_steps;

    (void)state;
    case_open(&oracle, &plan);
    own_steps = oracle.heap.own_steps;
    all_steps = polished_steps(&oracle.heap);
    assert_true(all_steps >= own_steps);
    assert_int_equal(oracle_alloc(&oracle, 32, 16), POLISHED_OK);
#ifndef POLISHED_NO_COUNTS
    assert_true(polished_steps(&oracle.heap) - all_steps >
                oracle.heap.own_steps - own_steps);
#endif
    assert_true(polished_largest(&oracle.source, &any) < NESTED_BYTES);
    oracle_reset(&oracle);
    assert_true(polished_largest(&oracle.source, &any) == NESTED_BYTES);
    oracle_close(&oracle);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nested_heaps_are_carved_outside_in),
        cmocka_unit_test(nested_steps_and_reset_reach_the_source),
    };

    return cmocka_run_group_tests_name("nested", tests, case_watch, NULL);
}
