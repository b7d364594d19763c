/* polished: which block is cut, and what becomes of its rest. */
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

static polished_size get_aligned(polished_size size_bytes,
                                 polished_size align_bytes)
{
    const struct polished_request request = {size_bytes, align_bytes, 0, 0};
    polished_size offset;

    assert_int_equal(polished_alloc(&heap, &request, &offset), OK);
    return offset;
}

/* Of several blocks with an aligned place, the smallest; the first of these. */
static void the_best_aligned_block_is_taken(void **state)
{
    polished_size blocks[2];

    (void)state;
    open_heap(8);
    get(44);
    blocks[0] = get(28);
    get(28);
    blocks[1] = get(28);
    get(12);
    put(blocks[0]);
    put(blocks[1]);
    assert_true(get_aligned(28, 64) == blocks[1]);
    open_heap(8);
    get(180);
    blocks[0] = get(260);
    get(172);
    blocks[1] = get(268);
    get(124);
    put(blocks[0]);
    put(blocks[1]);
    assert_true(get_aligned(252, 64) == blocks[0]);
}

/* Who is no larger than the wild block is not wild. */
static void the_wild_block_stays_it_among_equals(void **state)
{
    polished_size block;

    (void)state;
    open_heap(8);
    block = get(28);
    get(12);
    get(BYTES - 16 - 4 - 32 - 16 - 32);
    put(block);
    assert_true(get(28) == block);
}

/* Who is larger is wild, though it joins none, and the old one has a list. */
static void a_larger_block_is_wild(void **state)
{
    polished_size block;

    (void)state;
    open_heap(8);
    block = get(92);
    get(12);
    get(BYTES - 16 - 4 - 96 - 16 - 32);
    put(block);
    assert_true(get(28) == block + 96 + 16);
    assert_true(get(28) == block);
}

/* The victim is not, when it has grown as large. */
static void the_victim_stays_it_among_equals(void **state)
{
    polished_size small, hole, guard;

    (void)state;
    open_heap(8);
    small = get(20);
    get(12);
    hole = get(92);
    guard = get(12);
    get(12);
    get(BYTES - 16 - 4 - 168 - 96);
    put(hole);
    assert_true(get(12) == hole);
    put(small);
    put(guard);
    assert_true(get(12) == hole + 16);
}

/* A block that grows within its bin stays where it was in the list: behind one
   that is as large now, and came later. */
static void a_block_grows_in_its_list(void **state)
{
    polished_size blocks[3], last, later;

    (void)state;
    open_heap(8);
    blocks[0] = get(116);
    blocks[1] = get(116);
    blocks[2] = get(12);
    last = get(60);
    get(12);
    later = get(316);
    get(124);
    for (int i = 0; i < 3; i++)
        put(blocks[i]);
    put(later);
    put(last);
    assert_true(get(316) == later);
    assert_true(get(316) == blocks[0]);
}

/* An alignment that each block has is none, and costs no more. */
static void the_least_alignment_is_free(void **state)
{
    uint64_t steps[2];

    (void)state;
    for (polished_size i = 0; i < 2; i++) {
        const struct polished_request request = {28, i == 0 ? 1 : 8, 0, 0};
        polished_size offset;

        open_three();
        steps[i] = polished_steps(&heap);
        assert_int_equal(polished_alloc(&heap, &request, &offset), OK);
        steps[i] = polished_steps(&heap) - steps[i];
    }
    assert_true(steps[0] == steps[1]);
}

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
        cmocka_unit_test(the_best_aligned_block_is_taken),
        cmocka_unit_test(the_wild_block_stays_it_among_equals),
        cmocka_unit_test(a_larger_block_is_wild),
        cmocka_unit_test(the_victim_stays_it_among_equals),
        cmocka_unit_test(a_block_grows_in_its_list),
        cmocka_unit_test(the_least_alignment_is_free),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
