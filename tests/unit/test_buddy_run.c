/*
 * buddy: ranges and runs, and what each call costs.  Built once more with few
 * orders: then a block of 512 grains is one of the highest, which merges with
 * no other.
 */
#include "buddy_parts.h"
#include "polished/policies.h"

enum { TOP = 512, IS_TINY = BUDDY_ORDERS == 10 };

static _Alignas(512) unsigned char memory[(2 * TOP + 16) * GRAIN];
static _Alignas(16) unsigned char control[2 * TOP + 256];
static struct polished_heap heap;

/* Grain 0 lies so many grains behind a place that is aligned to 32. */
static void open_at(polished_size grain, polished_size count)
{
    static const polished_size knobs[POLISHED_KNOBS] = {GRAIN};
    const polished_size start = grain * GRAIN;
    const struct polished_setup setup = {
        .ops = &polished_buddy,
        .data = {memory + start, count * GRAIN, start},
        .control = control,
        .control_bytes = sizeof control,
        .knobs = knobs};

    memset(memory, 0, sizeof memory);
    assert_int_equal(polished_init(&heap, &setup), POLISHED_OK);
}

static polished_size take(polished_size grains, polished_size align_grains)
{
    const struct polished_request request = {grains * GRAIN,
                                             align_grains * GRAIN, 0, 0};
    polished_size offset;

    assert_int_equal(polished_alloc(&heap, &request, &offset), POLISHED_OK);
    assert_int_equal(offset % GRAIN, 0);
    return offset / GRAIN;
}

static uint64_t steps_of(enum polished_status status)
{
    static uint64_t before;
    uint64_t steps = heap.own_steps - before;

    assert_int_equal(status, POLISHED_OK);
    before = heap.own_steps;
    return steps;
}

static enum polished_status resize(polished_size grain, polished_size grains)
{
    return damage_resize(&heap, grain * GRAIN, grains * GRAIN);
}

static enum polished_status reserve(polished_size grain, polished_size grains)
{
    return polished_reserve(&heap, grain * GRAIN, grains * GRAIN);
}

/* One for each block that is looked at, taken out of a list or put into one. */
static void each_block_is_a_step(void **state)
{
    (void)state;
    open_at(0, 32);
    steps_of(POLISHED_OK);
    assert_int_equal(take(2, 1), 0);
    assert_int_equal(steps_of(POLISHED_OK), 1 + 4);
    assert_int_equal(steps_of(resize(0, 8)), 1 + 2 + 2);
    assert_int_equal(steps_of(resize(0, 1)), 1 + 3);
    assert_int_equal(steps_of(polished_free(&heap, 0, 0)), 1 + 5);
    assert_int_equal(steps_of(reserve(11, 1)), 4 + 3 + 2);
    assert_int_equal(steps_of(polished_free(&heap, 11 * GRAIN, 0)), 1 + 5);
    assert_int_equal(take(1, 1), 0);
    steps_of(POLISHED_OK);
    assert_int_equal(steps_of(reserve(2, 2)), 4);
    assert_int_equal(steps_of(reserve(4, 5)), 6 + 3);
    assert_int_equal(polished_check(&heap), POLISHED_OK);
}

/* What could have been cut from a larger block is one of its halves. */
static void ranges_that_can_be_blocks_are_blocks(void **state)
{
    (void)state;
    open_at(0, 64);
    assert_int_equal(reserve(4, 4), POLISHED_OK);
    assert_int_equal(reserve(9, 2), POLISHED_OK);
    assert_int_equal(reserve(32, 3), POLISHED_OK);
    assert_int_equal(resize(9, 3), POLISHED_NO_MEMORY);
    assert_int_equal(resize(32, 4), POLISHED_NO_MEMORY);
    assert_int_equal(resize(4, 5), POLISHED_NO_MEMORY);
    assert_int_equal(reserve(16, 4), POLISHED_OK);
    assert_int_equal(resize(16, 9), POLISHED_OK);
    assert_int_equal(polished_free(&heap, 16 * GRAIN, 16 * GRAIN), POLISHED_OK);
    assert_int_equal(polished_check(&heap), POLISHED_OK);
}

/* The free block before a run is not the one that its grains lie in. */
static void grains_of_a_run_are_no_free_ones(void **state)
{
    (void)state;
    open_at(0, 32);
    assert_int_equal(reserve(3, 3), POLISHED_OK);
    assert_int_equal(polished_free(&heap, 5 * GRAIN, 0), POLISHED_INTERIOR);
    assert_int_equal(polished_free(&heap, 4 * GRAIN, 0), POLISHED_INTERIOR);
    assert_int_equal(polished_free(&heap, 1 * GRAIN, 0), POLISHED_DOUBLE_FREE);
    assert_int_equal(reserve(5, 2), POLISHED_OVERLAP);
    assert_int_equal(reserve(0, 2), POLISHED_OK);
}

/* 5 bits in each tag, the lowest first. */
static void lengths_are_told_in_digits(void **state)
{
    const uint8_t *tag;

    (void)state;
    open_at(0, TOP);
    tag = buddy_state(&heap)->tag;
    assert_int_equal(reserve(1, 2 + 3 * 32), POLISHED_OK);
    assert_int_equal(tag[1], BUDDY_RUN | 2);
    assert_int_equal(tag[2], 3);
    assert_int_equal(tag[3], 0);
}

/* Small free blocks are nearer, but none has a place that is aligned so. */
static void runs_are_cut_from_large_enough_blocks(void **state)
{
    (void)state;
    open_at(13, 64);
    assert_int_equal(take(1, 1), 0);
    assert_int_equal(damage_largest(&heap, (32 - 3) * GRAIN, 16 * GRAIN),
                     POLISHED_OK);
    assert_int_equal(take(1, 16), 16 + 3);
    assert_int_equal(polished_check(&heap), POLISHED_OK);
}

/* Blocks that were forged: what is left of one merges beyond it. */
static const struct damage_row forged[] = {
    ANSWERS(POLISHED_OK, alloc, GRAIN, 8 * GRAIN, "nothing", {TAG(0), FLIP(0)}),
    TOLD(alloc, GRAIN, 16 * GRAIN, "before a block that starts too late",
         {HEAD(5), SET(4)}, {TAG(4), SET(BUDDY_FREE | 5)},
         {NEXT(4), SET(BUDDY_NONE)}, {TAG(0), SET(BUDDY_FREE | 2)},
         {PREVIOUS(0), SET(1)}),
    TOLD(alloc, GRAIN, 8 * GRAIN, "behind a block that starts too late",
         {ORDERS, SET(1 << 4)}, {HEAD(4), SET(4)},
         {TAG(4), SET(BUDDY_FREE | 4)}, {NEXT(4), SET(BUDDY_NONE)},
         {TAG(20), SET(BUDDY_FREE | 2)}),
};

static void runs_see_damage(void **state)
{
    (void)state;
    open_at(1, 32);
    DAMAGE_ALL(&heap, forged);
}

static void blocks_of_the_highest_order_stay_apart(void **state)
{
    (void)state;
    open_at(0, TOP);
    steps_of(POLISHED_OK);
    assert_int_equal(steps_of(polished_extend(&heap, TOP * GRAIN)),
                     IS_TINY ? 1 : 2);
    assert_int_equal(
        damage_largest(&heap, (IS_TINY ? TOP : 2 * TOP) * GRAIN, 1),
        POLISHED_OK);
    assert_int_equal(reserve(0, 2 * TOP), POLISHED_OK);
    assert_int_equal(polished_check(&heap), POLISHED_OK);
    assert_int_equal(polished_free(&heap, 0, 2 * TOP * GRAIN), POLISHED_OK);
    assert_int_equal(reserve(0, TOP), POLISHED_OK);
    assert_int_equal(resize(0, 2 * TOP),
                     IS_TINY ? POLISHED_NO_MEMORY : POLISHED_OK);
    assert_int_equal(polished_check(&heap), POLISHED_OK);
}

static const struct damage_row tops[] = {
    ANSWERS(IS_TINY ? POLISHED_CORRUPT : POLISHED_OK, check, 0, 0,
            "a block of an order that there is not",
            {TAG(0), SET(BUDDY_USED | 10)}, {TAG(TOP), SET(BUDDY_INSIDE)}),
};

static const struct damage_row halves[] = {
    SEEN("two halves of a block of the highest order",
         {TAG(0), SET(BUDDY_FREE | 8)}, {HEAD(8), SET(0)},
         {NEXT(0), SET(TOP / 2)}, {PREVIOUS(TOP / 2), SET(0)}),
};

static void checks_know_the_highest_order(void **state)
{
    (void)state;
    open_at(0, 2 * TOP);
    take(TOP, 1);
    take(TOP, 1);
    DAMAGE_ALL(&heap, tops);
    open_at(0, TOP);
    take(TOP / 2, 1);
    DAMAGE_ALL(&heap, halves);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_block_is_a_step),
        cmocka_unit_test(ranges_that_can_be_blocks_are_blocks),
        cmocka_unit_test(grains_of_a_run_are_no_free_ones),
        cmocka_unit_test(lengths_are_told_in_digits),
        cmocka_unit_test(runs_are_cut_from_large_enough_blocks),
        cmocka_unit_test(runs_see_damage),
        cmocka_unit_test(blocks_of_the_highest_order_stay_apart),
        cmocka_unit_test(checks_know_the_highest_order),
    };

    return cmocka_run_group_tests_name("buddy_run", tests, NULL, NULL);
}
