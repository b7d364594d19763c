/* tlsf and half-fit: the borders of regions, of lists, and of what a heap says
   that it has. */
#include "tlsf_heap.h"

static void a_row_says_what_it_can(void **state)
{
    const struct polished_ops *ops = *state;

    assert_int_equal(ops->caps, POLISHED_RECLAIMS | POLISHED_ANY_ORDER |
                                    POLISHED_EXACT_WALK | POLISHED_SLACK);
}

/* From an address that is 8 more than a multiple of 16. */
static void regions_have_a_least_and_a_most(void **state)
{
    const struct polished_ops *ops = *state;
    const polished_size span = TLSF_SPAN;

    assert_int_equal(try_open(ops, 8, 55, sizeof control), POLISHED_BAD_SIZE);
    open_heap(ops, 8, 56);
    assert_int_equal(heap.slack_bytes, 0);
    assert_int_equal(take(24), 24);
    open_heap(ops, 8, BYTES);
    assert_int_equal(heap.slack_bytes, BYTES - 16 - 48);
    assert_int_not_equal(ops->control_bytes(NULL, span), 0);
    assert_int_equal(ops->control_bytes(NULL, span + 1), 0);
    assert_int_equal(try_open(ops, 8, 56, sizeof control), POLISHED_OK);
    if (span <= SPAN)
        assert_int_equal(polished_extend(&heap, span - 56), POLISHED_OK);
    assert_int_equal(polished_extend(&heap, span - 55), POLISHED_LIMIT);
}

/* No larger than the lists are for that control has room for. */
static void growth_ends_with_the_lists(void **state)
{
    const struct polished_ops *ops = *state;
    polished_size control_bytes = ops->control_bytes(NULL, 1000);

    for (polished_size bytes = 257; bytes <= BYTES; bytes++) {
        bool is_enough = ops->control_bytes(NULL, bytes) <= control_bytes;

        assert_int_equal(try_open(ops, 0, 256, control_bytes), POLISHED_OK);
        assert_int_equal(polished_extend(&heap, bytes - 256),
                         is_enough ? POLISHED_OK : POLISHED_LIMIT);
    }
}

/* In a shorter region, too, the last block has to be there. */
static void slack_is_what_lies_behind_the_last_block(void **state)
{
    const struct polished_ops *ops = *state;
    polished_size end_bytes;

    assert_int_equal(try_open(ops, 0, 512, sizeof control), POLISHED_OK);
    assert_int_equal(take(56), 16);
    assert_int_equal(heap.slack_bytes, 512 - 16 - 64);
    assert_int_equal(polished_extend(&heap, 96), POLISHED_OK);
    assert_int_equal(heap.slack_bytes, 512 - 16 - 64 - 32);
    end_bytes = largest(16);
    assert_int_equal(end_bytes, 512 + 96 - 16 - 64 - 8);
    assert_int_equal(take(end_bytes), 16 + 64);
    assert_int_equal(heap.slack_bytes, 0);
    heap.slack_bytes = BYTES;
    assert_int_equal(polished_extend(&heap, 8), POLISHED_OK);
    assert_int_equal(heap.slack_bytes, 0);
}

static void ranges_to_reserve_may_begin_where_blocks_do(void **state)
{
    static const struct {
        polished_size offset, size_bytes;
        enum polished_status expect;
    } rows[] = {
        {0, 8, POLISHED_OVERLAP},    {8, 8, POLISHED_OVERLAP},
        {23, 8, POLISHED_OVERLAP},   {32, 8, POLISHED_BAD_ALIGN},
        {40, 8, POLISHED_NO_MEMORY}, {520, 8, POLISHED_OVERLAP},
        {504, 8, POLISHED_OVERLAP},  {488, 24, POLISHED_OK},
        {360, 128 - 8, POLISHED_OK}, {328, 25, POLISHED_OVERLAP},
        {24, 24, POLISHED_OK},       {24, 24, POLISHED_OVERLAP},
        {56 + 32, 24, POLISHED_OK},  {56 + 32, 24, POLISHED_OVERLAP},
        {56, 25, POLISHED_OVERLAP},  {56, 24, POLISHED_OK},
    };

    open_heap(*state, 8, 528);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(
            polished_reserve(&heap, rows[i].offset, rows[i].size_bytes),
            rows[i].expect);
        assert_int_equal(polished_check(&heap), POLISHED_OK);
    }
}

/* Heads do not stay behind. */
static void a_reset_buries_all(void **state)
{
    polished_size offsets[3];

    open_heap(*state, 8, BYTES);
    for (int i = 0; i < 3; i++)
        offsets[i] = take(40);
    assert_int_equal(polished_reset(&heap), POLISHED_OK);
    for (int i = 0; i < 3; i++)
        assert_int_equal(polished_free(&heap, offsets[i], 0),
                         POLISHED_DOUBLE_FREE);
}

static polished_size usable(polished_size offset)
{
    polished_size bytes;

    assert_int_equal(polished_usable(&heap, offset, &bytes), POLISHED_OK);
    return bytes;
}

/* Half-fit rounds up what grows as well, where there is room for that. */
static void what_grows_is_cut_as_if_it_were_new(void **state)
{
    const struct polished_request request = {80, 1, 0, 0};
    bool is_half = *state == &polished_half_fit;
    polished_size block, next;

    open_heap(*state, 0, BYTES);
    block = take(56);
    next = take(56);
    take(56);
    drop(next);
    assert_int_equal(polished_resize(&heap, block, 0, &request), POLISHED_OK);
    assert_int_equal(usable(block), is_half ? 120 : 88);
}

/* A block of 128 bytes, for all that may have been asked. */
static void a_told_size_has_borders(void **state)
{
    static const struct {
        polished_size told_bytes;
        bool is_tlsf_s, is_half_fit_s;
    } rows[] = {{56, false, false}, {57, false, true}, {88, false, true},
                {89, true, true},   {120, true, true}, {121, false, false}};

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        bool is_good = *state == &polished_tlsf ? rows[i].is_tlsf_s
                                                : rows[i].is_half_fit_s;

        open_heap(*state, 8, BYTES);
        assert_int_equal(polished_free(&heap, take(120), rows[i].told_bytes),
                         is_good ? POLISHED_OK : POLISHED_SIZE_MISMATCH);
    }
    open_heap(*state, 8, BYTES);
    assert_int_equal(polished_reserve(&heap, 24, 128 + 24), POLISHED_OK);
    assert_int_equal(polished_free(&heap, 24, 100), POLISHED_SIZE_MISMATCH);
    assert_int_equal(polished_free(&heap, 24, 128 + 9), POLISHED_OK);
}

/* Its tag is older than what it was when it went. */
static void a_swallowed_block_is_told(void **state)
{
    const struct polished_request request = {120, 1, 0, 0};
    polished_size blocks[4];

    open_heap(*state, 0, BYTES);
    for (int i = 0; i < 4; i++)
        blocks[i] = take(120 - 64 * (i == 0));
    drop(blocks[2]);
    drop(blocks[1]);
    assert_int_equal(polished_resize(&heap, blocks[0], 0, &request),
                     POLISHED_OK);
    assert_int_equal(polished_free(&heap, blocks[1], 0), POLISHED_DOUBLE_FREE);
    assert_int_equal(polished_free(&heap, blocks[2], 0), POLISHED_DOUBLE_FREE);
    open_heap(*state, 0, BYTES);
    for (int i = 0; i < 4; i++)
        blocks[i] = take(120);
    for (int i = 3; i-- > 0;)
        drop(blocks[i]);
    for (int i = 0; i < 3; i++)
        assert_int_equal(polished_free(&heap, blocks[i], 0),
                         POLISHED_DOUBLE_FREE);
}

/* What looks like the head of a block before cell 0 is none. */
static void the_base_is_no_block(void **state)
{
    tlsf_word *head;

    open_heap(*state, 8, BYTES);
    head = tlsf_open(&heap).words - 2;
    head[0] = 16 | TLSF_USED;
    head[1] = 16 ^ TLSF_WAS_USED;
    assert_int_equal(polished_free(&heap, 8, 0), POLISHED_NOT_OWNED);
}

/* No size above the largest can be had, in any alignment. */
static void nothing_is_larger_than_the_largest(void)
{
    for (polished_size align = 16; align <= 512; align *= 2) {
        polished_size most = largest(align);
        struct polished_request request = {most, align, 0, 0};
        polished_size offset;

        if (most != 0) {
            assert_int_equal(polished_alloc(&heap, &request, &offset),
                             POLISHED_OK);
            assert_int_equal(polished_free(&heap, offset, 0), POLISHED_OK);
        }
        most = largest(align);
        for (request.size_bytes = most + 1; request.size_bytes <= BYTES;
             request.size_bytes += 8)
            assert_int_equal(polished_alloc(&heap, &request, &offset),
                             POLISHED_NO_MEMORY);
    }
}

/* Blocks of many sizes come and go. */
static void the_largest_is_the_largest(void **state)
{
    polished_size blocks[64] = {0};
    uint64_t random = 1;

    open_heap(*state, 0, BYTES);
    for (int i = 0; i < 600; i++) {
        polished_size *block = &blocks[random >> 58];
        const struct polished_request request = {
            1 + (random >> 40 & (random >> 46 & 1 ? 255 : 63)), 16, 0, 0};

        random = random * UINT64_C(6364136223846793005) + 1;
        if (*block != 0) {
            assert_int_equal(polished_free(&heap, *block, 0), POLISHED_OK);
            *block = 0;
        } else if (polished_alloc(&heap, &request, block) != POLISHED_OK) {
            *block = 0;
        }
        nothing_is_larger_than_the_largest();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOTH(a_row_says_what_it_can),
        BOTH(regions_have_a_least_and_a_most),
        BOTH(growth_ends_with_the_lists),
        BOTH(slack_is_what_lies_behind_the_last_block),
        BOTH(ranges_to_reserve_may_begin_where_blocks_do),
        BOTH(a_reset_buries_all),
        BOTH(what_grows_is_cut_as_if_it_were_new),
        BOTH(a_told_size_has_borders),
        BOTH(a_swallowed_block_is_told),
        BOTH(the_base_is_no_block),
        BOTH(the_largest_is_the_largest),
    };

    return cmocka_run_group_tests_name("tlsf_edges", tests, NULL, NULL);
}
