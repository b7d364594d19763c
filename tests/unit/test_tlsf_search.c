/* tlsf and half-fit: which block is taken, and what is passed over. */
#include "tlsf_heap.h"

/* Bytes of blocks of 32 and 34 grains, which are in one class. */
enum { SMALL = 512 - 8, LARGE = 544 - 8, BAR = 24 };

static void fill(void)
{
    for (polished_size bytes = largest(16); bytes != 0; bytes = largest(16))
        take(bytes);
}

/* A gap before a block is a block, or nothing. */
static void gaps_are_blocks(void **state)
{
    polished_size block;

    open_heap(*state, 0, BYTES);
    assert_int_equal(take_aligned(24, 32), 16 + 16 + 32);
    open_heap(*state, 16, BYTES);
    assert_int_equal(take_aligned(24, 64), 16 + 32);
    open_heap(*state, 0, BYTES);
    block = take_aligned(56, 64);
    assert_int_equal(block, 64);
    fill();
    drop(block);
    assert_int_equal(take_aligned(56, 64), block);
    assert_int_equal(polished_check(&heap), POLISHED_OK);
}

/* The least block of the next class. */
static polished_size take_wide(void)
{
    const unsigned detail = tlsf_state(&heap)->detail;
    uint32_t class = tlsf_class(detail, (LARGE + 8) / TLSF_CELL) + 1;

    return take(TLSF_CELL * tlsf_floor(detail, class) - 8);
}

/* A list whose first blocks are small ones, and then one that is large, apart
   from each other; all else is taken, and given back if it is wide. */
static polished_size make_list(const struct polished_ops *ops, int count)
{
    polished_size large, wide, small[TLSF_TRIES + 1];

    open_heap(ops, 0, 16384);
    assert_int_equal(polished_reserve(&heap, 16, LARGE), POLISHED_OK);
    large = 16;
    for (int i = 0; i <= TLSF_TRIES; i++) {
        take(BAR);
        small[i] = take(SMALL);
    }
    take(BAR);
    wide = take_wide();
    fill();
    drop(large);
    for (int i = 0; i < count; i++)
        drop(small[i]);
    assert_int_equal(polished_check(&heap), POLISHED_OK);
    return wide;
}

/* Only the first few blocks of a list are looked at. */
static void the_first_of_a_list_are_tried(void **state)
{
    const struct polished_request request = {LARGE, 1, 0, 0};
    polished_size wide, offset;

    for (int count = 0; count < TLSF_TRIES; count++) {
        make_list(*state, count);
        assert_int_equal(largest(16), LARGE);
        assert_int_equal(take(LARGE), 16);
    }
    wide = make_list(*state, TLSF_TRIES);
    assert_int_equal(largest(16), SMALL);
    assert_int_equal(polished_alloc(&heap, &request, &offset),
                     POLISHED_NO_MEMORY);
    drop(wide);
    assert_int_equal(take(LARGE), wide);
}

/* Where no block that is as large as needed can be aligned, one is that surely
   can; but not before. */
static void an_aligned_block_is_looked_for_twice(void **state)
{
    static const polished_size sizes[] = {24, 24, 24, 56, 72, 24, 24, 504};
    polished_size blocks[8], offset = 16;

    open_heap(*state, 0, BYTES);
    for (int i = 0; i < 8; i++) {
        blocks[i] = offset;
        assert_int_equal(polished_reserve(&heap, offset, sizes[i]),
                         POLISHED_OK);
        offset += sizes[i] + 8;
    }
    fill();
    drop(blocks[1]);
    drop(blocks[3]);
    drop(blocks[7]);
    assert_int_equal(take_aligned(24, 256), 512);
    assert_int_equal(blocks[5], 256);
    drop(blocks[5]);
    assert_int_equal(take_aligned(24, 256), 256);
    assert_int_equal(polished_check(&heap), POLISHED_OK);
}

/* No search is made in vain, or for more than data has. */
static void what_is_not_there_takes_few_steps(void **state)
{
    static const struct {
        polished_size size_bytes, align_bytes;
        uint64_t tlsf_steps, half_fit_steps;
    } rows[] = {
        {24, 1, 8, 2},        {24, 16, 8, 2},     {24, 32, 10, 4},
        {2024, 2048, 10, 6},  {2040, 2048, 5, 2}, {BYTES - 8, 1, 8, 2},
        {BYTES - 7, 1, 3, 0},
    };

    open_heap(*state, 0, BYTES);
    fill();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct polished_request request = {rows[i].size_bytes,
                                                 rows[i].align_bytes, 0, 0};
        uint64_t before = polished_steps(&heap);
        polished_size offset;

        assert_int_equal(polished_alloc(&heap, &request, &offset),
                         POLISHED_NO_MEMORY);
        assert_int_equal(polished_steps(&heap) - before,
                         *state == &polished_tlsf ? rows[i].tlsf_steps
                                                  : rows[i].half_fit_steps);
    }
}

/* Of each class, in whatever word its bit is: a block is found for the least
   request, and for one of its size although there is a smaller one. */
static void every_list_has_a_bit(void **state)
{
    enum { REGION = 24 << 20 };
    static _Alignas(64) unsigned char region[REGION];
    uint64_t cells = TLSF_LEAST;

    for (uint32_t class = 0; cells * TLSF_CELL < REGION / 2; class ++) {
        polished_size payload_bytes, block, least;

        assert_int_equal(
            polished_open(&heap, *state, polished_memory(region, REGION), NULL),
            POLISHED_OK);
        cells = tlsf_floor(tlsf_state(&heap)->detail, class);
        if (cells < TLSF_LEAST)
            continue;
        payload_bytes = cells * TLSF_CELL - TLSF_CELL;
        least = take(1);
        take(1);
        block = take(payload_bytes);
        take(1);
        drop(block);
        assert_int_equal(take(1), block);
        drop(least);
        drop(block);
        assert_int_equal(polished_check(&heap), POLISHED_OK);
        assert_int_equal(take(payload_bytes), block);
        assert_int_equal(polished_check(&heap), POLISHED_OK);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOTH(gaps_are_blocks),
        BOTH(the_first_of_a_list_are_tried),
        BOTH(an_aligned_block_is_looked_for_twice),
        BOTH(what_is_not_there_takes_few_steps),
        BOTH(every_list_has_a_bit),
    };

    return cmocka_run_group_tests_name("tlsf_search", tests, NULL, NULL);
}
