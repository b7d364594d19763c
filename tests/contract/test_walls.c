/*
 * The walls of the contract: a slab over a buddy, two policies that need all
 * of it (a source, owners, control in proportion to data, untouched data).
 */
#include <stdlib.h>
#include <string.h>

#include "cases.h"
#include "walls.h"

#define WALL_BYTES 4096

static struct oracle_plan slab_over_buddy(void)
{
    const struct oracle_plan plan = {
        .ops = &wall_slab, .source_ops = &wall_buddy, .size_bytes = WALL_BYTES};

    return plan;
}

/* Control is cut first for the outer heap, then for the inner. */
static void nested_heaps_are_carved_outside_in(void **state)
{
    static _Alignas(64) unsigned char memory[WALL_BYTES + 40];
    struct polished_region data = polished_memory(memory, sizeof memory);
    struct polished_heap buddy, slab;
    struct polished_setup setup = {.ops = &wall_slab, .source = &buddy};
    void *blocks[2];

    (void)state;
    setup.control = polished_carve(&data, &wall_slab, NULL);
    assert_non_null(setup.control);
    assert_int_equal(polished_open(&buddy, &wall_buddy, data, NULL),
                     POLISHED_OK);
    assert_true((uintptr_t)buddy.control < (uintptr_t)setup.control);
    assert_int_equal(polished_init(&slab, &setup), POLISHED_OK);
    assert_ptr_equal(slab.data.base, memory);
    blocks[0] = polished_malloc(&slab, 32, 32);
    blocks[1] = polished_malloc(&slab, 1, 1);
    assert_ptr_equal(blocks[1], (unsigned char *)blocks[0] + 32);
    assert_int_equal(polished_mfree(&slab, blocks[0]), POLISHED_OK);
    assert_int_equal(polished_mfree(&slab, blocks[0]), POLISHED_DOUBLE_FREE);
    assert_int_equal(polished_mfree(&slab, blocks[1]), POLISHED_OK);
    assert_int_equal(polished_check(&slab), POLISHED_OK);
}

static void nested_steps_and_reset_reach_the_source(void **state)
{
    struct oracle oracle;
    struct oracle_plan plan = slab_over_buddy();
    uint64_t own_steps, all_steps;

    (void)state;
    case_open(&oracle, &plan);
    own_steps = oracle.heap.own_steps;
    all_steps = polished_steps(&oracle.heap);
    assert_int_equal(oracle_alloc(&oracle, 32, 16), POLISHED_OK);
    assert_true(polished_steps(&oracle.heap) - all_steps >
                oracle.heap.own_steps - own_steps);
    oracle_reset(&oracle);
    assert_true(polished_largest(&oracle.source,
                                 &(struct polished_request){1, 1, 0, 0}) ==
                WALL_BYTES);
    oracle_close(&oracle);
}

/* The oracle holds control and data of both heaps against what they were. */
static void nested_refusals_leave_the_source_alone(void **state)
{
    struct oracle oracle;
    struct oracle_plan plan = slab_over_buddy();

    (void)state;
    case_open(&oracle, &plan);
    while (oracle_alloc(&oracle, 32, 32) == POLISHED_OK)
        continue;
    assert_int_equal(oracle.count, WALL_BYTES / 32);
    assert_int_equal(case_refused(&oracle, 32, 32), POLISHED_NO_MEMORY);
    assert_int_equal(case_refused(&oracle, 33, 32), POLISHED_NO_MEMORY);
    for (polished_size at = 0; at < WALL_BYTES; at++)
        if (at % 32 != 0)
            oracle_misuse(&oracle, at, 0);
    oracle_free_all(&oracle);
    assert_true(polished_largest(&oracle.source,
                                 &(struct polished_request){1, 1, 0, 0}) ==
                WALL_BYTES);
    oracle_close(&oracle);
}

static void owners_are_told_apart(void **state)
{
    struct oracle oracle;
    struct oracle_plan plan = slab_over_buddy();

    (void)state;
    case_open(&oracle, &plan);
    for (uint32_t owner = 0; owner < 3; owner++) {
        oracle.heap.owner = owner;
        assert_int_equal(oracle_alloc(&oracle, 32, 32), POLISHED_OK);
        assert_int_equal(oracle_alloc(&oracle, 32, 32), POLISHED_OK);
    }
    oracle.heap.owner = 1;
    oracle_misuse(&oracle, oracle.live[0].offset, 0);
    oracle_misuse(&oracle, oracle.live[5].offset, 32);
    assert_int_equal(polished_destroy(&oracle.heap, 2), POLISHED_OK);
    oracle.count = 4;
    oracle_inspect(&oracle);
    assert_int_equal(oracle_free(&oracle, 3, true), POLISHED_OK);
    assert_int_equal(oracle_free(&oracle, 2, true), POLISHED_OK);
    oracle.heap.owner = 0;
    oracle_free_all(&oracle);
    oracle_close(&oracle);
}

/* A bus far away, and addresses that are the bus's, not the program's. */
static void alignment_is_the_bus_address_s(void **state)
{
    struct oracle oracle;
    struct oracle_plan plan = {.ops = &wall_buddy, .size_bytes = 8192 + 48};
    size_t aligned = 0;

    (void)state;
    plan.bus_base = (UINT64_C(1) << 40) + 4096 - 48;
    case_open(&oracle, &plan);
    while (oracle_alloc(&oracle, 1, 4096) == POLISHED_OK)
        aligned++;
    assert_int_equal(aligned, 2);
    assert_true(oracle.live[0].offset == 48);
    oracle_close(&oracle);
}

/* A gigabyte of addresses that nothing stands behind. */
static void a_map_needs_no_memory(void **state)
{
    const polished_size knobs[] = {4096};
    struct polished_heap heap;
    struct polished_setup setup = {
        .ops = &wall_buddy,
        .data = {NULL, (polished_size)1 << 30, 1 << 20},
        .knobs = knobs};
    const struct polished_request request = {1 << 21, 1 << 21, 0, 0};
    polished_size offset;

    (void)state;
    assert_int_equal(polished_init(&heap, &setup), POLISHED_UNSUPPORTED);
    setup.control =
        malloc((size_t)wall_buddy.control_bytes(knobs, setup.data.size_bytes));
    assert_int_equal(polished_init(&heap, &setup), POLISHED_OK);
    assert_int_equal(polished_alloc(&heap, &request, &offset), POLISHED_OK);
    assert_true((setup.data.bus_base + offset) % (1 << 21) == 0);
    assert_int_equal(polished_free(&heap, offset, 1 << 21), POLISHED_OK);
    assert_int_equal(polished_check(&heap), POLISHED_OK);
    free(setup.control);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nested_heaps_are_carved_outside_in),
        cmocka_unit_test(nested_steps_and_reset_reach_the_source),
        cmocka_unit_test(nested_refusals_leave_the_source_alone),
        cmocka_unit_test(owners_are_told_apart),
        cmocka_unit_test(alignment_is_the_bus_address_s),
        cmocka_unit_test(a_map_needs_no_memory),
    };
    return cmocka_run_group_tests(tests, case_watch, NULL);
}
