/* The four fits: which block is taken, and by how much data could be shorter.
 */
#include "fit_sample.h"

static polished_size take_aligned(polished_size size_bytes,
                                  polished_size align_bytes)
{
    const struct polished_request request = {size_bytes, align_bytes, 0, 0};
    polished_size offset;

    assert_int_equal(polished_alloc(&heap, &request, &offset), POLISHED_OK);
    return offset;
}

/* What is passed over for being too large, or taken for being the largest,
   would be smaller in a shorter region. */
static void slack_is_what_a_choice_would_not_change(void **state)
{
    (void)state;
    open_heap(&polished_best_fit);
    assert_int_equal(take(40), B);
    assert_int_equal(heap.slack_bytes, R_SIZE - 48);
    assert_int_equal(take(R_SIZE - BLOCK_HEAD - 64), R);
    heap.slack_bytes = SPAN;
    assert_int_equal(take(88), D); /* the last free block is smaller */
    assert_int_equal(heap.slack_bytes, END - E);
    open_heap(&polished_best_fit);
    assert_int_equal(take(R_SIZE - BLOCK_HEAD - 96), R);
    assert_int_equal(take(88), D); /* it is as large */
    assert_int_equal(heap.slack_bytes, 0);
    open_heap(&polished_worst_fit);
    assert_int_equal(take(24), R);
    assert_int_equal(heap.slack_bytes, R_SIZE - 96 - BLOCK_GRAIN);
    open_heap(&polished_worst_fit);
    assert_int_equal(take(R_SIZE - BLOCK_HEAD), R);
    assert_int_equal(damage_extend(&heap, 96, 0), POLISHED_OK);
    assert_int_equal(heap.slack_bytes, 0);
    heap.slack_bytes = SPAN;
    assert_int_equal(take_aligned(24, 256), END + 8); /* D is as large */
    assert_int_equal(heap.slack_bytes, 0);
}

static void the_rover_stays_out_of_free_blocks(void **state)
{
    (void)state;
    open_heap(&polished_next_fit);
    assert_int_equal(control.rover, R);
    assert_int_equal(drop(C), POLISHED_OK);
    assert_int_equal(control.rover, R);
    control.rover = G;
    assert_int_equal(drop(F), POLISHED_OK);
    assert_int_equal(control.rover, F);
    assert_int_equal(drop(G), POLISHED_OK);
    assert_int_equal(control.rover, F);
}

/* A gap before a block is a block, or nothing. */
static void gaps_are_blocks(void **state)
{
    (void)state;
    open_heap(&polished_first_fit);
    assert_int_equal(take(40), B);
    assert_int_equal(take(88), D);
    assert_int_equal(take_aligned(24, 32), R + 8);
    assert_int_equal(take_aligned(24, 64), R + 32 + 32 + 8);
    assert_int_equal(take_aligned(24, 32), R + 32 + 8);
    assert_int_equal(take_aligned(24, 64), R + 32 + 32 + 64 + 8);
    assert_int_equal(polished_check(&heap), POLISHED_OK);
}

/* Where the first head lies at the start of data. */
static void the_first_block_is_found_as_well(void **state)
{
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        const struct polished_setup setup = {
            .ops = fits[i], .data = {memory + 8, 88, 8}, .control = &control};

        assert_int_equal(polished_init(&heap, &setup), POLISHED_OK);
        assert_int_equal(heap.slack_bytes, 80 - 32);
        assert_int_equal(take(24), 0);
        assert_int_equal(heap.slack_bytes, 80 - 32);
        assert_int_equal(take(24), 32);
        assert_int_equal(drop(0), POLISHED_OK);
        assert_int_equal(take(24), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slack_is_what_a_choice_would_not_change),
        cmocka_unit_test(the_rover_stays_out_of_free_blocks),
        cmocka_unit_test(gaps_are_blocks),
        cmocka_unit_test(the_first_block_is_found_as_well),
    };

    return cmocka_run_group_tests_name("fit_choose", tests, NULL, NULL);
}
