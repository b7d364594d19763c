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
    assert_int_equal(take(R_SIZE - BLOCK_HEAD - 64), R);
    heap.slack_bytes = SPAN;
    assert_int_equal(take(24), D); /* the last free block is smaller */
    assert_int_equal(heap.slack_bytes, END - D - 32);
    open_heap(&polished_worst_fit);
    assert_int_equal(take(R_SIZE - BLOCK_HEAD), R);
    heap.slack_bytes = SPAN;
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

/* In a tree by address what is left of a block takes its place: no step is
   spent on a hole that goes and comes back. */
static void what_is_left_stays_in_its_place(void **state)
{
    uint64_t before;

    (void)state;
    open_heap(&polished_first_fit);
    before = polished_steps(&heap);
    assert_int_equal(take(200), R);
    assert_int_equal(polished_steps(&heap) - before, 4);
}

/* From the first block on the greatest sizes alone show the way. */
static void a_round_from_the_start_takes_few_steps(void **state)
{
    uint64_t before;

    (void)state;
    open_heap(&polished_next_fit);
    control.rover = A;
    before = polished_steps(&heap);
    assert_int_equal(take(600), R);
    assert_int_equal(polished_steps(&heap) - before, 4);
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
        assert_int_equal(polished_check(&heap), POLISHED_OK);
        control.root = BLOCK_NONE;
        assert_int_equal(polished_check(&heap), POLISHED_CORRUPT);
        control.root = 0;
        assert_int_equal(take(24), 0);
        assert_int_equal(heap.slack_bytes, 80 - 32);
        assert_int_equal(take(24), 32);
        assert_int_equal(drop(0), POLISHED_OK);
        assert_int_equal(take(24), 0);
    }
}

/* Is this free block to be taken rather than that one, by such a rule? */
static bool is_better(enum fit fit, polished_size block, polished_size other)
{
    polished_size size_bytes = block_size(&heap, block);

    if (other == BLOCK_NONE)
        return true;
    if (fit == FIT_NEXT)
        return block >= control.rover && other < control.rover;
    return (fit == FIT_BEST && size_bytes < block_size(&heap, other)) ||
           (fit == FIT_WORST && size_bytes > block_size(&heap, other));
}

/* Which one a look at each finds. */
static polished_size looked_for(enum fit fit, polished_size need_bytes)
{
    polished_size found = BLOCK_NONE;

    for (polished_size block = control.first; block != control.end;
         block += block_size(&heap, block))
        if (!block_is_used(&heap, block) &&
            block_size(&heap, block) >= need_bytes &&
            is_better(fit, block, found))
            found = block;
    return found;
}

/* Small blocks come and go at random; the rover is anywhere. */
static void a_rule_takes_what_a_look_at_each_finds(void **state)
{
    static _Alignas(16) unsigned char large[8192];
    polished_size blocks[128];

    (void)state;
    for (enum fit fit = FIT_FIRST; fit <= FIT_WORST; fit++) {
        const struct polished_setup setup = {.ops = fits[fit],
                                             .data = {large, sizeof large, 0},
                                             .control = &control};
        uint64_t random = 1;

        assert_int_equal(polished_init(&heap, &setup), POLISHED_OK);
        memset(blocks, 0xff, sizeof blocks);
        for (int i = 0; i < 4000; i++) {
            polished_size *block = &blocks[random >> 33 & 127];
            polished_size size_bytes = 24 + 16 * (random >> 40 & 7), expect;

            random = random * UINT64_C(6364136223846793005) + 1;
            if (blocks[random >> 50 & 127] != BLOCK_NONE)
                control.rover = blocks[random >> 50 & 127];
            expect = looked_for(fit, size_bytes + BLOCK_HEAD);
            if (*block != BLOCK_NONE) {
                assert_int_equal(drop(*block), POLISHED_OK);
                *block = BLOCK_NONE;
            } else if (expect != BLOCK_NONE) {
                *block = take(size_bytes);
                assert_int_equal(*block, expect);
            }
            assert_int_equal(polished_check(&heap), POLISHED_OK);
        }
    }
}

/* Four free blocks, of 32, 32, 64 and very many bytes: the second is the root
   of the tree, the fourth on its right, and the third on the left of that. */
static void the_lowest_is_taken_below_a_root_too_small(void **state)
{
    static const polished_size sizes[] = {24, 24, 24, 24, 56, 24, 120, 24};
    const struct polished_setup setup = {.ops = &polished_first_fit,
                                         .data = {memory, SPAN, 0},
                                         .control = &control};
    polished_size blocks[8];

    (void)state;
    assert_int_equal(polished_init(&heap, &setup), POLISHED_OK);
    for (int i = 0; i < 8; i++)
        blocks[i] = take(sizes[i]);
    for (int i = 0; i < 6; i += 2)
        assert_int_equal(drop(blocks[i]), POLISHED_OK);
    assert_int_equal(control.root, blocks[2]);
    assert_int_equal(take(56), blocks[4]);
    assert_int_equal(take(24), blocks[0]);
    assert_int_equal(take(24), blocks[2]);
}

static enum polished_status reserve(polished_size offset,
                                    polished_size size_bytes)
{
    return polished_reserve(&heap, offset, size_bytes);
}

static void ranges_to_reserve_may_begin_where_blocks_do(void **state)
{
    const struct polished_setup setup = {.ops = &polished_first_fit,
                                         .data = {memory + 4, 84, 4},
                                         .control = &control};

    (void)state;
    open_heap(&polished_first_fit);
    assert_int_equal(reserve(AT(B), 41), POLISHED_OVERLAP);
    assert_int_equal(reserve(AT(B), 40), POLISHED_OK);
    assert_int_equal(reserve(AT(D) + 16, 24), POLISHED_NO_MEMORY);
    assert_int_equal(reserve(AT(D) + 8, 24), POLISHED_BAD_ALIGN);
    assert_int_equal(reserve(AT(R), 24), POLISHED_OK);
    assert_int_equal(reserve(END, 8), POLISHED_OVERLAP);
    assert_int_equal(reserve(A, 8), POLISHED_OVERLAP);
    assert_int_equal(drop(A), POLISHED_OK);
    assert_int_equal(reserve(AT(A), 24), POLISHED_OK);
    assert_int_equal(polished_check(&heap), POLISHED_OK);
    assert_int_equal(polished_init(&heap, &setup), POLISHED_OK);
    assert_int_equal(reserve(4 + BLOCK_HEAD, 8), POLISHED_OK);
}

static void what_is_no_block_is_not_freed(void **state)
{
    (void)state;
    open_heap(&polished_first_fit);
    assert_int_equal(polished_free(&heap, E + 1, 0), POLISHED_NOT_OWNED);
    assert_int_equal(polished_free(&heap, END, 0), POLISHED_NOT_OWNED);
    assert_int_equal(polished_free(&heap, END + 4, 0), POLISHED_NOT_OWNED);
    assert_int_equal(polished_free(&heap, AT(B) + 32, 0), POLISHED_DOUBLE_FREE);
    assert_int_equal(drop(A), POLISHED_OK);
    assert_int_equal(polished_free(&heap, A - 4, 0), POLISHED_NOT_OWNED);
    assert_int_equal(polished_free(&heap, A, 0), POLISHED_DOUBLE_FREE);
    /* Heads do not stay behind. */
    assert_int_equal(polished_reset(&heap), POLISHED_OK);
    assert_int_equal(drop(E), POLISHED_DOUBLE_FREE);
    assert_int_equal(drop(A), POLISHED_DOUBLE_FREE);
}

static void what_is_extended_becomes_a_block_of_32(void **state)
{
    const struct polished_request any = {1, 1, 0, 0};

    (void)state;
    open_heap(&polished_first_fit);
    assert_int_equal(take(R_SIZE - BLOCK_HEAD), R);
    assert_int_equal(damage_extend(&heap, 31, 0), POLISHED_OK);
    assert_int_equal(polished_largest(&heap, &any), 88);
    assert_int_equal(damage_extend(&heap, 1, 0), POLISHED_OK);
    assert_int_equal(take(88), D);
    assert_int_equal(take(40), B);
    assert_int_equal(take(24), END);
    assert_int_equal(polished_largest(&heap, &any), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slack_is_what_a_choice_would_not_change),
        cmocka_unit_test(the_rover_stays_out_of_free_blocks),
        cmocka_unit_test(what_is_left_stays_in_its_place),
        cmocka_unit_test(a_round_from_the_start_takes_few_steps),
        cmocka_unit_test(a_rule_takes_what_a_look_at_each_finds),
        cmocka_unit_test(gaps_are_blocks),
        cmocka_unit_test(ranges_to_reserve_may_begin_where_blocks_do),
        cmocka_unit_test(what_is_no_block_is_not_freed),
        cmocka_unit_test(what_is_extended_becomes_a_block_of_32),
        cmocka_unit_test(the_lowest_is_taken_below_a_root_too_small),
        cmocka_unit_test(the_first_block_is_found_as_well),
    };

    return cmocka_run_group_tests_name("fit_choose", tests, NULL, NULL);
}
