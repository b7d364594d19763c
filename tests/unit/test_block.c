/* block.h: what is written in words of data, up to the largest sizes. */
#include <string.h>

#include "alloc/block.h"
#include "unit.h"

enum { FIRST = 8, BLOCK = 40, RIGHT = 88, END = 248 };

static _Alignas(16) uint64_t memory[32];
static struct block_state control;
static struct polished_heap heap;

static void open_heap(void)
{
    memset(memory, 0, sizeof memory);
    control.first = FIRST;
    control.end = END;
    control.root = BLOCK_NONE;
    heap.data.base = memory;
    heap.data.size_bytes = sizeof memory;
    heap.control = &control;
}

/* Whoever reads a dump of a heap knows a head by its tag. */
static void heads_are_what_they_were(void **state)
{
    (void)state;
    open_heap();
    block_set_used(&heap, BLOCK, 48, false);
    assert_true(memory[5] == UINT64_C(0x1393000000000031));
    block_set_used(&heap, BLOCK, 48, true);
    assert_true(memory[5] == UINT64_C(0x4499000000000033));
    assert_int_equal(block_size(&heap, BLOCK), 48);
    for (int bit = 0; bit < 64; bit++) {
        assert_true(block_is_sealed(&heap, BLOCK));
        memory[5] ^= UINT64_C(1) << bit;
        assert_false(block_is_sealed(&heap, BLOCK));
        memory[5] ^= UINT64_C(1) << bit;
    }
    memory[5] = block_seal(BLOCK, 48); /* sealed, but of no used block */
    assert_false(block_is_sealed(&heap, BLOCK));
}

static void nodes_hold_the_largest_sizes(void **state)
{
    static const polished_size grains[] = {2,
                                           0xffff,
                                           0x10000,
                                           0xffff0000,
                                           UINT64_C(1) << 32,
                                           (UINT64_C(1) << 42) - 1,
                                           UINT64_C(0x2aaaaaaaaaa)};
    static const polished_size children[] = {BLOCK_NONE, FIRST, RIGHT,
                                             END - BLOCK_GRAIN};

    (void)state;
    for (size_t i = 0; i < 7 * 4 * 4; i++) {
        const struct block_node node = {
            .child = {children[i % 4], children[i / 4 % 4]},
            .height = (unsigned)(i % 3 * 31 + 1),
            .most_bytes = grains[i / 16] * BLOCK_GRAIN};

        open_heap();
        block_set_free(&heap, BLOCK, 48);
        block_set_node(&heap, BLOCK, &node);
        assert_int_equal(block_child(&heap, BLOCK, 0), node.child[0]);
        assert_int_equal(block_child(&heap, BLOCK, 1), node.child[1]);
        assert_int_equal(block_height(&heap, BLOCK), node.height);
        assert_int_equal(block_most(&heap, BLOCK), node.most_bytes);
        assert_int_equal(block_size(&heap, BLOCK), 48);
        assert_true(block_left_is_used(&heap, BLOCK));
        assert_false(block_is_used(&heap, BLOCK));
        assert_true((memory[6] << 16 == 0) == (node.child[0] == BLOCK_NONE));
    }
    assert_int_equal(block_most(&heap, BLOCK_NONE), 0);
    assert_int_equal(block_height(&heap, BLOCK_NONE), 0);
}

/* A link that leads out of data is none. */
static void links_end_with_data(void **state)
{
    (void)state;
    open_heap();
    for (int side = 0; side < 2; side++) {
        uint64_t *link = &memory[BLOCK / 8 + 1 + side];

        assert_int_equal(block_child(&heap, BLOCK, side), BLOCK_NONE);
        *link = END - FIRST;
        assert_int_equal(block_child(&heap, BLOCK, side), END - BLOCK_GRAIN);
        *link = END - FIRST + BLOCK_GRAIN;
        assert_int_equal(block_child(&heap, BLOCK, side), BLOCK_NONE);
    }
}

static void sizes_have_limits(void **state)
{
    uint64_t *foot = &memory[RIGHT / 8 - 1];

    (void)state;
    open_heap();
    assert_false(block_fits_in(&heap, BLOCK, BLOCK_LEAST - 1));
    assert_true(block_fits_in(&heap, BLOCK, BLOCK_LEAST));
    assert_true(block_fits_in(&heap, BLOCK, END - BLOCK));
    assert_false(block_fits_in(&heap, BLOCK, END - BLOCK + 1));
    for (*foot = 0; *foot < END; ++*foot)
        assert_int_equal(block_left(&heap, RIGHT),
                         *foot % BLOCK_GRAIN != 0 || *foot < BLOCK_LEAST ||
                                 *foot > RIGHT - FIRST
                             ? BLOCK_NONE
                             : RIGHT - *foot);
}

/* Head, foot and the head behind say the same. */
static void a_free_block_is_told_by_three_words(void **state)
{
    static const struct {
        int word;
        uint64_t flip;
    } rows[] = {{BLOCK / 8, BLOCK_USED},
                {BLOCK / 8, BLOCK_LEFT_USED},
                {BLOCK / 8, 48},
                {BLOCK / 8, 512},
                {RIGHT / 8 - 1, 1},
                {RIGHT / 8, BLOCK_USED},
                {RIGHT / 8, BLOCK_LEFT_USED}};

    (void)state;
    open_heap();
    block_set_free(&heap, BLOCK, 48);
    block_set_used(&heap, RIGHT, 32, false);
    for (size_t i = 0; i < 7; i++) {
        assert_true(block_is_free(&heap, BLOCK));
        memory[rows[i].word] ^= rows[i].flip;
        assert_false(block_is_free(&heap, BLOCK));
        memory[rows[i].word] ^= rows[i].flip;
    }
    block_tell_left(&heap, RIGHT, true);
    assert_true(block_left_is_used(&heap, RIGHT));
    assert_int_equal(block_size(&heap, RIGHT), 32);
    block_clear(&heap, RIGHT);
    assert_true(memory[RIGHT / 8] == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(heads_are_what_they_were),
        cmocka_unit_test(nodes_hold_the_largest_sizes),
        cmocka_unit_test(links_end_with_data),
        cmocka_unit_test(sizes_have_limits),
        cmocka_unit_test(a_free_block_is_told_by_three_words),
    };

    return cmocka_run_group_tests_name("block", tests, NULL, NULL);
}
