/* tlsf and half-fit: what calls answer who meet a word of a free block that
   somebody wrote over. */
#include <string.h>

#include "alloc/tlsf.h"
#include "polished/polished.h"
#include "tlsf_both.h"

enum { BYTES = 8192, SIZE = 100, COUNT = 7 };

static _Alignas(64) unsigned char memory[BYTES];
static struct polished_heap heap;
static struct tlsf tlsf;
static void *blocks[COUNT];
static uint32_t number[COUNT]; /* of each block */

/* Blocks 0 to 6, then the last one; 1, 3 and 5 are free, all in one list: 5 is
   the first, then 3, then 1. */
static void open_heap(const struct polished_ops *ops)
{
    assert_int_equal(
        polished_open(&heap, ops, polished_memory(memory, BYTES), NULL),
        POLISHED_OK);
    tlsf = tlsf_open(&heap);
    for (int i = 0; i < COUNT; i++) {
        blocks[i] = polished_malloc(&heap, SIZE, 16);
        number[i] =
            (uint32_t)(((unsigned char *)blocks[i] - memory) / TLSF_CELL);
    }
    for (int i = 1; i < COUNT; i += 2)
        assert_int_equal(polished_mfree(&heap, blocks[i]), POLISHED_OK);
    assert_int_equal(polished_check(&heap), POLISHED_OK);
}

static enum polished_status alloc_one(polished_size align_bytes)
{
    const struct polished_request request = {align_bytes > 16 ? 1 : SIZE,
                                             align_bytes, 0, 0};
    polished_size offset;

    return polished_alloc(&heap, &request, &offset);
}

static enum polished_status grow(int index)
{
    const struct polished_request request = {SIZE + 64, 16, 0, 0};

    return polished_resize(
        &heap, (polished_size)((unsigned char *)blocks[index] - memory), 0,
        &request);
}

static enum polished_status reserve(int index)
{
    return polished_reserve(
        &heap, (polished_size)((unsigned char *)blocks[index] - memory), SIZE);
}

/* A word is written over; every call that meets it tells, and the check. */
static void expect_found(const struct polished_ops *ops, tlsf_word *word,
                         uint32_t value, int freed)
{
    uint32_t kept = *word;

    assert_true(kept != value);
    *word = value;
    assert_int_equal(polished_check(&heap), POLISHED_CORRUPT);
    assert_int_equal(polished_mfree(&heap, blocks[freed]), POLISHED_CORRUPT);
    open_heap(ops);
    *word = value;
}

/* The free block to the right: its head and foot lead to each other. */
static void a_right_neighbour_is_doubted(void **state)
{
    const struct polished_ops *ops = *state;
    tlsf_word *head, *foot;

    open_heap(ops);
    head = tlsf_head(tlsf.words, number[3]);
    foot = tlsf_foot(tlsf.words, number[4]);
    expect_found(ops, head, number[3], 2);
    assert_int_equal(grow(2), POLISHED_CORRUPT);
    open_heap(ops);
    expect_found(ops, head, number[3] - 2, 2);
    assert_int_equal(grow(2), POLISHED_CORRUPT);
    assert_int_equal(reserve(3), POLISHED_CORRUPT);
    open_heap(ops);
    expect_found(ops, head, tlsf.end + 2, 2);
    assert_int_equal(grow(2), POLISHED_CORRUPT);
    open_heap(ops);
    expect_found(ops, head, number[4] + 2, 2);
    assert_int_equal(reserve(3), POLISHED_CORRUPT);
    open_heap(ops);
    expect_found(ops, foot, number[3] + 2, 2);
    assert_int_equal(grow(2), POLISHED_CORRUPT);
    assert_int_equal(reserve(3), POLISHED_CORRUPT);
}

/* The one to the left: the foot leads to a head that leads back. */
static void a_left_neighbour_is_doubted(void **state)
{
    const struct polished_ops *ops = *state;
    tlsf_word *head, *foot;

    open_heap(ops);
    head = tlsf_head(tlsf.words, number[3]);
    foot = tlsf_foot(tlsf.words, number[4]);
    expect_found(ops, head, number[4] + 4, 4);
    open_heap(ops);
    expect_found(ops, foot, 0, 4);
    open_heap(ops);
    expect_found(ops, foot, number[4], 4);
    open_heap(ops);
    expect_found(ops, foot, tlsf.end, 4);
    open_heap(ops);
    expect_found(ops, foot, number[1], 4);
}

/* The links of a block in the middle of its list, and of the last one. */
static void links_are_doubted(void **state)
{
    const struct polished_ops *ops = *state;

    open_heap(ops);
    expect_found(ops, tlsf_next(tlsf.words, number[3]), tlsf.end, 2);
    assert_int_equal(reserve(3), POLISHED_CORRUPT);
    open_heap(ops);
    expect_found(ops, tlsf_next(tlsf.words, number[3]), tlsf.end, 4);
    open_heap(ops);
    expect_found(ops, tlsf_previous(tlsf.words, number[3]), TLSF_NONE, 2);
    assert_int_equal(reserve(3), POLISHED_CORRUPT);
    open_heap(ops);
    expect_found(ops, tlsf_previous(tlsf.words, number[3]), tlsf.end, 2);
    assert_int_equal(grow(2), POLISHED_CORRUPT);
    open_heap(ops);
    expect_found(ops, tlsf_next(tlsf.words, number[5]), number[1], 2);
    assert_int_equal(grow(2), POLISHED_CORRUPT);
    open_heap(ops);
    expect_found(ops, tlsf_previous(tlsf.words, number[1]), number[5], 0);
    open_heap(ops);
    *tlsf_next(tlsf.words, number[3]) = number[5];
    assert_int_equal(polished_check(&heap), POLISHED_CORRUPT);
}

/* The first block of a list is looked at before it is taken. */
static void the_first_block_is_doubted(void **state)
{
    const struct polished_ops *ops = *state;
    tlsf_word *head, *next;

    open_heap(ops);
    head = tlsf_head(tlsf.words, number[5]);
    next = tlsf_next(tlsf.words, number[5]);
    *head = tlsf.end;
    assert_int_equal(alloc_one(16), POLISHED_CORRUPT);
    assert_int_equal(alloc_one(64), POLISHED_CORRUPT);
    open_heap(ops);
    *head |= TLSF_USED;
    assert_int_equal(alloc_one(16), POLISHED_CORRUPT);
    open_heap(ops);
    *next = tlsf.end;
    assert_int_equal(alloc_one(64), POLISHED_CORRUPT);
    assert_int_equal(alloc_one(16), POLISHED_CORRUPT);
    assert_int_equal(polished_mfree(&heap, blocks[4]), POLISHED_CORRUPT);
    open_heap(ops);
    expect_found(ops, next, UINT32_MAX, 6);
}

/* A list that leads out of data, or to nothing, is not followed. */
static void a_search_does_not_leave_data(void **state)
{
    const struct polished_ops *ops = *state;

    for (int i = 0; i < 3; i++) {
        const struct polished_request request = {SIZE + 300, 16, 0, 0};
        polished_size offset;

        open_heap(ops);
        *tlsf_next(tlsf.words, number[5]) = i == 0 ? 1 : tlsf.end + i - 1;
        assert_int_equal(polished_alloc(&heap, &request, &offset), POLISHED_OK);
        assert_true(offset > (polished_size)TLSF_CELL * number[6]);
    }
}

/* A heap of no more than a few blocks that live in turn: nothing is left in
   any list that is not there. */
static void the_last_block_is_no_list(void **state)
{
    const struct tlsf_state *inner;
    void *block;

    assert_int_equal(
        polished_open(&heap, *state, polished_memory(memory, BYTES), NULL),
        POLISHED_OK);
    inner = tlsf_state(&heap);
    assert_int_equal(inner->last, TLSF_FIRST);
    block = polished_malloc(&heap, SIZE, 16);
    assert_true(inner->last > TLSF_FIRST);
    for (int i = 0; i < TLSF_WORDS; i++)
        assert_true(inner->word[i] == 0);
    assert_int_equal(polished_mfree(&heap, block), POLISHED_OK);
    assert_int_equal(inner->last, TLSF_FIRST);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOTH(a_right_neighbour_is_doubted),
        BOTH(a_left_neighbour_is_doubted),
        BOTH(links_are_doubted),
        BOTH(the_first_block_is_doubted),
        BOTH(a_search_does_not_leave_data),
        BOTH(the_last_block_is_no_list),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
