/* polished: the largest that can be had, and what is left of slack. */
#include "thin_heap.h"

/* That much can be had with that alignment, and no granule more. */
static void expect_largest(polished_size size_bytes, polished_size align_bytes)
{
    struct polished_request request = {1, align_bytes, 0, 0};
    polished_size offset;

    assert_true(polished_largest(&heap, &request) == size_bytes);
    request.size_bytes = size_bytes + 1;
    assert_int_equal(polished_alloc(&heap, &request, &offset),
                     POLISHED_NO_MEMORY);
    request.size_bytes = size_bytes;
    assert_int_equal(polished_alloc(&heap, &request, &offset), OK);
}

/* The largest may be the eighth of a list, where the wild block has less from
 * its aligned place on. */
static void the_largest_is_in_a_list(void **state)
{
    polished_size hole, others[7];

    (void)state;
    open_heap(8);
    get(156);
    hole = get(156);
    assert_true(hole % 64 == 0);
    for (int i = 0; i < 7; i++) {
        get(132);
        others[i] = get(156);
        assert_true(others[i] % 64 != 0);
    }
    get(1364 + 128);
    put(hole);
    for (int i = 0; i < 7; i++)
        put(others[i]);
    expect_largest(156, 64);
}

/*
 * A block of 20 granules that has 15, or with a larger alignment 6, from its
 * aligned place on: a search for these finds only a smaller one, which has no
 * such place.  One for as few as each block of 20 has comes to it.
 */
static void the_largest_is_behind_another(void **state)
{
    polished_size small, hole;

    (void)state;
    open_heap(8);
    get(132);
    hole = get(156);
    get(132);
    small = get(132);
    get(124);
    assert_true(hole % 64 == 24 && small % 64 == 8);
    put(small);
    put(hole);
    get(3380);
    expect_largest(11 * 8 - 4, 64);
    open_heap(16);
    small = get(108);
    get(12);
    get(204);
    hole = get(156);
    get(124);
    assert_true(hole % 128 == 16 && small % 128 == 16);
    put(small);
    put(hole);
    get(3452);
    expect_largest(12, 128);
}

#ifndef POLISHED_NO_COUNTS
/* So many bytes are in the wild block beyond those that it has to have. */
static polished_size spare(polished_size wild)
{
    return BYTES - 4 - (wild - 4) - 32 * 8;
}

/* Small blocks can have all of the wild one but what makes it so; a large one
   is cut where data ends. */
static void slack_is_what_the_wild_block_can_miss(void **state)
{
    (void)state;
    open_heap(8);
    assert_true(heap.slack_bytes == spare(16));
    get(12);
    assert_true(heap.slack_bytes == spare(32));
    get(124);
    assert_true(heap.slack_bytes == 0);
    open_heap(8);
    for (int i = 0; i < 32; i++)
        get(116);
    assert_true(heap.slack_bytes == 0);
}

/* From 32 granules on a free block has to be smaller than the wild one. */
static void slack_is_less_than_to_a_large_block(void **state)
{
    polished_size blocks[6];

    (void)state;
    open_heap(8);
    for (int i = 0; i < 6; i++)
        blocks[i] = get(60);
    for (int i = 0; i < 4; i++)
        put(blocks[i]);
    assert_true(heap.slack_bytes == spare(16 + 6 * 64));
    put(blocks[4]);
    assert_true(heap.slack_bytes == spare(16 + 6 * 64) - 8 * 8);
}

/* So has one that joins none. */
static void slack_is_less_than_to_a_lone_block(void **state)
{
    const struct polished_request more = {300, 8, 0, 0};
    polished_size block;

    (void)state;
    open_heap(8);
    block = get(60);
    assert_int_equal(polished_resize(&heap, block, 0, &more), OK);
    get(12);
    assert_true(heap.slack_bytes == spare(16 + 304 + 16));
    put(block);
    assert_true(heap.slack_bytes == spare(16 + 304 + 16) - 6 * 8);
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_largest_is_in_a_list),
        cmocka_unit_test(the_largest_is_behind_another),
#ifndef POLISHED_NO_COUNTS
        cmocka_unit_test(slack_is_what_the_wild_block_can_miss),
        cmocka_unit_test(slack_is_less_than_to_a_large_block),
        cmocka_unit_test(slack_is_less_than_to_a_lone_block),
#endif
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
