/* tlsf and half-fit: the region as a whole.  The check reads every word that a
   decision rests on, and no other. */
#include <string.h>

#include "alloc/tlsf.h"
#include "polished/polished.h"
#include "tlsf_both.h"

enum { BYTES = 4096, SIZE = 100, COUNT = 7 };

static _Alignas(64) unsigned char memory[BYTES];
static bool is_live[BYTES / 4]; /* words that the check has to read */
static struct polished_heap heap;
static struct tlsf tlsf;

static void mark(const tlsf_word *word)
{
    is_live[((const unsigned char *)word - memory) / 4] = true;
}

/* Head, foot and links; the first of a list has no previous one, and the last
   block no links. */
static void mark_free(uint32_t block)
{
    uint32_t size = tlsf_size(tlsf.words, block);

    mark(tlsf_foot(tlsf.words, block + size));
    if (block == tlsf.state->last)
        return;
    mark(tlsf_next(tlsf.words, block));
    if (tlsf.state->head[tlsf_class(tlsf.detail, size)] != block)
        mark(tlsf_previous(tlsf.words, block));
}

static void mark_all(void)
{
    memset(is_live, 0, sizeof is_live);
    for (uint32_t block = TLSF_FIRST; block != tlsf.end;
         block = tlsf_right(tlsf.words, block)) {
        mark(tlsf_head(tlsf.words, block));
        if (tlsf_is_used(tlsf.words, block))
            mark(tlsf_head(tlsf.words, block) + 1);
        else
            mark_free(block);
    }
    mark(tlsf_head(tlsf.words, tlsf.end));
    mark(tlsf_head(tlsf.words, tlsf.end) + 1);
}

/* Blocks of one size and, between them, free ones, three in one list; without
   a free block at the end, if that is filled. */
static void open_heap(const struct polished_ops *ops, bool is_filled)
{
    void *blocks[COUNT];

    assert_int_equal(
        polished_open(&heap, ops, polished_memory(memory, BYTES), NULL),
        POLISHED_OK);
    tlsf = tlsf_open(&heap);
    for (int i = 0; i < COUNT; i++)
        blocks[i] = polished_malloc(&heap, SIZE, 16);
    if (is_filled)
        assert_non_null(polished_malloc(
            &heap, (tlsf.end - tlsf.state->last - 1) * TLSF_CELL, 16));
    for (int i = 1; i < COUNT; i += 2)
        assert_int_equal(polished_mfree(&heap, blocks[i]), POLISHED_OK);
    assert_true(is_filled == (tlsf.state->last == TLSF_NONE));
    assert_int_equal(polished_check(&heap), POLISHED_OK);
    mark_all();
}

static void expect_each_bit(tlsf_word *word, bool is_found)
{
    for (int bit = 0; bit < 32; bit++) {
        *word ^= UINT32_C(1) << bit;
        assert_int_equal(polished_check(&heap),
                         is_found ? POLISHED_CORRUPT : POLISHED_OK);
        *word ^= UINT32_C(1) << bit;
    }
}

/* No bit of data can be flipped unseen, if it matters. */
static void the_check_sees_every_bit(void **state)
{
    for (int is_filled = 0; is_filled < 2; is_filled++) {
        open_heap(*state, is_filled);
        for (uint32_t i = 0; i < 2 * tlsf.end; i++)
            expect_each_bit(&tlsf.words[i], is_live[i]);
    }
}

/* Nor one of the lists and of what says where they are. */
static void the_check_sees_every_list(void **state)
{
    for (int is_filled = 0; is_filled < 2; is_filled++) {
        struct tlsf_state *inner;

        open_heap(*state, is_filled);
        inner = tlsf.state;
        for (uint32_t i = 0; i < inner->class_count; i++)
            expect_each_bit(&inner->head[i], true);
        for (uint32_t i = 0; i < 2 * TLSF_WORDS; i++)
            expect_each_bit((tlsf_word *)inner->word + i, true);
        expect_each_bit(&inner->last, true);
    }
}

/* A block in two lists, or in the list of another class. */
static void the_check_counts(void **state)
{
    uint32_t own;

    open_heap(*state, false);
    own = tlsf_class(tlsf.detail, (SIZE + 28) / TLSF_CELL / 2 * 2);
    while (tlsf.state->head[own] == TLSF_NONE)
        own--;
    tlsf.state->head[own - 1] = tlsf.state->head[own];
    tlsf.state->word[0] |= UINT64_C(1) << (own - 1);
    assert_int_equal(polished_check(&heap), POLISHED_CORRUPT);
    tlsf.state->word[0] ^= UINT64_C(1) << own;
    tlsf.state->head[own] = TLSF_NONE;
    assert_int_equal(polished_check(&heap), POLISHED_CORRUPT);
}

/* A list that runs in a circle ends the check, not the other way round. */
static void a_circle_is_seen(void **state)
{
    uint32_t first;

    open_heap(*state, false);
    for (uint32_t i = 0; i < tlsf.state->class_count; i++)
        if ((first = tlsf.state->head[i]) != TLSF_NONE) {
            uint32_t second = *tlsf_next(tlsf.words, first);
            uint32_t third = *tlsf_next(tlsf.words, second);

            *tlsf_next(tlsf.words, third) = first;
            *tlsf_previous(tlsf.words, first) = third;
        }
    assert_int_equal(polished_check(&heap), POLISHED_CORRUPT);
}

/* Nothing is reset or reserved where a head leads astray. */
static void what_walks_stops_at_damage(void **state)
{
    static unsigned char before[BYTES];

    open_heap(*state, false);
    *tlsf_head(tlsf.words, TLSF_FIRST) ^= 8;
    memcpy(before, memory, BYTES);
    assert_int_equal(polished_reset(&heap), POLISHED_CORRUPT);
    assert_memory_equal(before, memory, BYTES);
    for (uint32_t size = 0; size < TLSF_LEAST; size++) {
        *tlsf_head(tlsf.words, TLSF_FIRST) = (TLSF_FIRST + size) & ~1u;
        assert_int_equal(polished_reserve(&heap, 1024, 16), POLISHED_CORRUPT);
    }
    *tlsf_head(tlsf.words, TLSF_FIRST) = tlsf.end + 2;
    assert_int_equal(polished_reserve(&heap, 1024, 16), POLISHED_CORRUPT);
}

/* The end mark is no block, not even where an offset in data leads to it. */
static void the_end_cannot_be_freed(void **state)
{
    const struct polished_ops *ops = *state;
    static _Alignas(16) unsigned char control[4096];
    const struct polished_request request = {1, 1, 0, 0};

    for (polished_size bytes = 512; bytes < 512 + 16; bytes++) {
        const struct polished_setup setup = {.ops = ops,
                                             .data =
                                                 polished_memory(memory, bytes),
                                             .control = control,
                                             .control_bytes = sizeof control};

        assert_int_equal(polished_init(&heap, &setup), POLISHED_OK);
        assert_int_equal(polished_free(&heap, 512, 0), POLISHED_NOT_OWNED);
        assert_int_equal(polished_free(&heap, 0, 0), POLISHED_NOT_OWNED);
        assert_int_equal(polished_resize(&heap, 512, 0, &request),
                         POLISHED_NOT_OWNED);
        assert_int_equal(polished_check(&heap), POLISHED_OK);
    }
}

/* More control than data needs is for data that will be; never for more lists
   than the largest data has. */
static void much_control_is_not_all_lists(void **state)
{
    static _Alignas(16) unsigned char control[8192];
    const struct polished_setup setup = {.ops = *state,
                                         .data = polished_memory(memory, 256),
                                         .control = control,
                                         .control_bytes = sizeof control};

    assert_int_equal(polished_init(&heap, &setup), POLISHED_OK);
    assert_int_equal(sizeof(struct tlsf_state) +
                         tlsf_state(&heap)->class_count * sizeof(uint32_t),
                     heap.ops->control_bytes(NULL, TLSF_SPAN));
    assert_int_equal(polished_check(&heap), POLISHED_OK);
    assert_int_equal(polished_extend(&heap, BYTES - 256), POLISHED_OK);
    assert_int_equal(polished_check(&heap), POLISHED_OK);
}

/* No more than the lists that control has room for, nor than 16 GiB. */
static void growth_has_limits(void **state)
{
    static _Alignas(16) unsigned char control[8192];
    const struct polished_setup setup = {.ops = *state,
                                         .data = polished_memory(memory, 256),
                                         .control = control,
                                         .control_bytes = sizeof control};

    open_heap(*state, false);
    assert_int_equal(polished_extend(&heap, heap.data.size_bytes * 2),
                     POLISHED_LIMIT);
    assert_int_equal(polished_check(&heap), POLISHED_OK);
    assert_int_equal(polished_init(&heap, &setup), POLISHED_OK);
    assert_int_equal(polished_extend(&heap, (polished_size)1 << 34),
                     POLISHED_LIMIT);
    assert_int_equal(polished_check(&heap), POLISHED_OK);
}

/* What is too little for a block waits for more; then it is one, or part of
   the last one. */
static void growth_by_small_steps(void **state)
{
    static _Alignas(16) unsigned char control[8192];

    for (int is_filled = 0; is_filled < 2; is_filled++) {
        const struct polished_setup setup = {.ops = *state,
                                             .data =
                                                 polished_memory(memory, 256),
                                             .control = control,
                                             .control_bytes = sizeof control};
        const struct polished_request least = {1, 16, 0, 0};
        polished_size before;

        assert_int_equal(polished_init(&heap, &setup), POLISHED_OK);
        before = polished_largest(&heap, &least);
        if (is_filled)
            assert_non_null(polished_malloc(&heap, (size_t)before, 16));
        for (polished_size more = 8; more <= 64; more += 8) {
            polished_size now;

            assert_int_equal(polished_extend(&heap, 8), POLISHED_OK);
            assert_int_equal(polished_check(&heap), POLISHED_OK);
            now = polished_largest(&heap, &least);
            if (!is_filled)
                assert_true(now == before + more / 16 * 16);
            else
                assert_true(now == (more < 32 ? 0 : more / 16 * 16 - 8));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOTH(the_check_sees_every_bit),
        BOTH(the_check_sees_every_list),
        BOTH(the_check_counts),
        BOTH(a_circle_is_seen),
        BOTH(what_walks_stops_at_damage),
        BOTH(the_end_cannot_be_freed),
        BOTH(much_control_is_not_all_lists),
        BOTH(growth_has_limits),
        BOTH(growth_by_small_steps),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
