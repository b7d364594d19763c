/* polished: which block is cut, what becomes of its rest, and what that leaves
   of slack. */
#include "thin_heap.h"

/* A gap of one granule would be no block: the next aligned place is taken. */
static void a_gap_is_a_block_or_none(void **state)
{
    const struct polished_request request = {28, 16, 0, 0};
    const struct polished_request aligned = {28, 32, 0, 0};
    polished_size offset;

    (void)state;
    open_heap(8);
    assert_true(get(20) == 16);
    assert_int_equal(polished_alloc(&heap, &request, &offset), OK);
    assert_true(offset == 64);
    open_heap(8);
    assert_int_equal(polished_alloc(&heap, &aligned, &offset), OK);
    assert_true(offset == 32);
}

/* What a block gives back goes to its list: the victim stays what it is. */
static void a_tail_is_no_victim(void **state)
{
    const struct polished_request less = {20, 8, 0, 0};
    polished_size hole, block;

    (void)state;
    open_heap(8);
    hole = get(92);
    get(12);
    put(hole);
    assert_true(get(12) == hole);
    block = get(92);
    get(116);
    assert_int_equal(polished_resize(&heap, block, 0, &less), OK);
    assert_true(get(12) == hole + 16);
}

/* Nor does what an aligned block, or one whose place was told, leaves before
   and behind it. */
static void a_gap_is_no_victim(void **state)
{
    const struct polished_request request = {28, 256, 0, 0};

    (void)state;
    for (int i = 0; i < 2; i++) {
        polished_size hole, offset = 256;

        open_heap(8);
        hole = get(92);
        get(12);
        put(hole);
        assert_true(get(12) == hole);
        assert_int_equal(i == 0 ? polished_alloc(&heap, &request, &offset)
                                : polished_reserve(&heap, offset, 28),
                         OK);
        assert_true(offset == 256);
        assert_true(get(12) == hole + 16);
    }
}

/* Of a hole; of up to 31 granules a request leaves a victim, else none. */
static void large_ones_leave_no_victim(void **state)
{
    (void)state;
    for (polished_size need = 31; need <= 32; need++) {
        polished_size small, hole;

        open_heap(8);
        small = get(20);
        get(12);
        hole = get(508);
        get(124);
        put(hole);
        put(small);
        assert_true(get(need * 8 - 4) == hole + 512 - need * 8);
        assert_true(get(12) == (need < 32 ? hole : small));
    }
}

/* A rest that is as large as a block becomes one: of the wild block from either
   end, of one from a list, of the victim. */
static void the_least_rest_is_a_block(void **state)
{
    polished_size hole;

    (void)state;
    open_heap(8);
    get(BYTES - 16 - 4 - 32);
    assert_true(get(12) == 16);
    assert_true(get(12) == 32);
    open_heap(8);
    get(BYTES - 16 - 4 - 16);
    assert_true(get(12) == 16);
    open_heap(8);
    hole = get(92);
    get(12);
    put(hole);
    assert_true(get(76) == hole);
    assert_true(get(12) == hole + 80);
    put(hole);
    assert_true(get(12) == hole);
    assert_true(get(60) == hole + 16);
}

/* Where there was no victim, none is filed: block 0 would lie before data. */
static void the_first_victim_replaces_none(void **state)
{
    static const unsigned char before[4] = {1, 2, 3, 4};
    polished_size hole;

    (void)state;
    memcpy(memory, before, sizeof before);
    open_at(memory + 4, 8, sizeof control);
    hole = get(92);
    get(12);
    put(hole);
    assert_true(get(12) == hole);
    assert_memory_equal(memory, before, sizeof before);
}

/* Though it has the least size: it grows again, and is cut before a list is. */
static void a_small_victim_stays_one(void **state)
{
    const struct polished_request more = {60, 8, 0, 0};
    polished_size listed, hole;

    (void)state;
    open_heap(8);
    listed = get(20);
    get(12);
    hole = get(92);
    get(12);
    put(hole);
    assert_true(get(12) == hole);
    assert_true(get(20) == hole + 16);
    put(listed);
    assert_int_equal(polished_resize(&heap, hole + 16, 0, &more), OK);
    put(hole + 16);
    assert_true(get(12) == hole + 16);
}

/* Between the wild block and the victim: both are wild then. */
static void the_wild_block_takes_the_victim(void **state)
{
    polished_size hole, block;

    (void)state;
    open_heap(8);
    hole = get(124);
    block = get(124);
    put(hole);
    assert_true(get(12) == hole);
    put(block);
    put(hole);
    assert_true(get(28) == A);
    assert_true(get(12) == A + 32);
    put(A);
    assert_true(get(20) == A);
}

/* A block of the own bin that is too small, or none, and one of the next. */
static void the_next_bin_is_looked_at(void **state)
{
    (void)state;
    for (polished_size other = 124; other <= 260; other += 136) {
        polished_size small, large;

        open_heap(8);
        small = get(other);
        get(124);
        large = get(396);
        get(124);
        put(small);
        put(large);
        assert_true(get(284) == large + 112);
    }
}

/* A larger block has an aligned place for sure, and it need not be wild. */
static void an_aligned_place_is_found_above(void **state)
{
    const struct polished_request request = {28, 64, 0, 0};
    polished_size small, large, offset;

    (void)state;
    open_heap(8);
    small = get(36);
    get(12);
    large = get(100);
    get(12);
    put(small);
    put(large);
    assert_int_equal(polished_alloc(&heap, &request, &offset), OK);
    assert_true(offset == 128);
}

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

/* The largest may be in a list, where the wild block has less from its aligned
 * place on. */
static void the_largest_is_in_a_list(void **state)
{
    polished_size hole;

    (void)state;
    open_heap(8);
    get(156);
    hole = get(156);
    assert_true(hole % 64 == 0);
    get(BYTES - 16 - 4 - 320 - 192);
    put(hole);
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

/* An alignment that each block has is none, and costs no more. */
static void the_least_alignment_is_free(void **state)
{
    uint64_t steps[2];

    (void)state;
    for (polished_size i = 0; i < 2; i++) {
        const struct polished_request request = {12, i == 0 ? 1 : 8, 0, 0};
        polished_size offset;

        open_heap(8);
        steps[i] = polished_steps(&heap);
        assert_int_equal(polished_alloc(&heap, &request, &offset), OK);
        steps[i] = polished_steps(&heap) - steps[i];
    }
    assert_true(steps[0] == steps[1]);
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
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_gap_is_a_block_or_none),
        cmocka_unit_test(a_tail_is_no_victim),
        cmocka_unit_test(a_gap_is_no_victim),
        cmocka_unit_test(large_ones_leave_no_victim),
        cmocka_unit_test(the_least_rest_is_a_block),
        cmocka_unit_test(the_first_victim_replaces_none),
        cmocka_unit_test(a_small_victim_stays_one),
        cmocka_unit_test(the_wild_block_takes_the_victim),
        cmocka_unit_test(the_next_bin_is_looked_at),
        cmocka_unit_test(an_aligned_place_is_found_above),
        cmocka_unit_test(the_largest_is_in_a_list),
        cmocka_unit_test(the_largest_is_behind_another),
        cmocka_unit_test(the_least_alignment_is_free),
#ifndef POLISHED_NO_COUNTS
        cmocka_unit_test(slack_is_what_the_wild_block_can_miss),
        cmocka_unit_test(slack_is_less_than_to_a_large_block),
#endif
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
