/* The four fits: blocks, trees and control that somebody wrote over. */
#include "fit_sample.h"

/* Words of a block: its head, its links and what lies beside them. */
#define HEAD(block)    IN_DATA(block)
#define LEFT(block)    IN_DATA((block) + BLOCK_HEAD)
#define RIGHT(block)   IN_DATA((block) + 2 * BLOCK_HEAD)
#define FOOT(block)    IN_DATA((block)-BLOCK_HEAD) /* of what lies before it */
#define LINK(block)    ((uint64_t)(block)-A + BLOCK_GRAIN)
#define HEIGHT(height) ((uint64_t)(height) << BLOCK_HEIGHT_SHIFT)
#define MOST(bytes)    ((uint64_t)(bytes) / BLOCK_GRAIN << 48)
#define TAG            (UINT64_C(1) << 60)

/* What the walk sees, and the check behind it, by whatever rule. */
static void checks_see_damage(void **state)
{
    static const struct damage_row rows[] = {
        SEEN("head of a used block", {HEAD(C), EACH(~UINT64_C(12))}),
        SEEN("used, left and size of a free block",
             {HEAD(D), EACH(BLOCK_SIZE | BLOCK_USED | BLOCK_LEFT_USED)}),
        SEEN("height of a free block", {HEAD(B), EACH(HEIGHT(BLOCK_HEIGHT))}),
        SEEN("foot of a free block", {FOOT(C), EACH(UINT64_MAX)}),
        SEEN("links of the root", {LEFT(D), EACH(BLOCK_SIZE)}),
        SEEN("the other link", {RIGHT(D), EACH(BLOCK_SIZE)}),
        SEEN("a leaf's links", {LEFT(R), EACH(LINK(END) - 1 - 15)}),
        SEEN("the greatest size", {LEFT(D), EACH(~UINT64_C(0) << 48)}),
        SEEN("more of the greatest size", {RIGHT(D), EACH(~UINT64_C(0) << 48)}),
        SEEN("the end mark", {HEAD(END), EACH(~UINT64_C(12))}),
        TOLD(own_check, 0, 0, "the end mark: the check",
             {HEAD(END), FLIP(TAG)}),
        FINE("the rover is the first block",
             {IN_CONTROL(struct block_state, rover), SET(A)}),
        SEEN("the rover is before it",
             {IN_CONTROL(struct block_state, rover), SET(A - 1)}),
        FINE("the rover is the end",
             {IN_CONTROL(struct block_state, rover), SET(END)}),
        SEEN("the rover is behind it",
             {IN_CONTROL(struct block_state, rover), SET(END + 1)}),
        SEEN("no root",
             {IN_CONTROL(struct block_state, root), SET(BLOCK_NONE)}),
        SEEN("a node that is a used block", {LEFT(D), FLIP(LINK(B) ^ LINK(A))}),
        SEEN("a free block is missing in the tree", {LEFT(D), FLIP(LINK(B))}),
        SEEN("nodes in the wrong order", {LEFT(D), FLIP(LINK(B) ^ LINK(R))},
             {RIGHT(D), FLIP(LINK(B) ^ LINK(R))}),
        SEEN("a ring of nodes", {LEFT(D), FLIP(LINK(B) ^ LINK(D))}),
        SEEN("nothing on the left, too much on the right",
             {IN_CONTROL(struct block_state, root), SET(B)},
             {RIGHT(B), FLIP(LINK(D))},
             {LEFT(B), FLIP(MOST(48) ^ MOST(R_SIZE))},
             {HEAD(B), FLIP(HEIGHT(1 ^ 3))}, {LEFT(D), FLIP(LINK(B))}),
        SEEN("nothing on the right, too much on the left",
             {IN_CONTROL(struct block_state, root), SET(R)},
             {LEFT(R), FLIP(LINK(D))}, {HEAD(R), FLIP(HEIGHT(1 ^ 3))},
             {RIGHT(D), FLIP(LINK(R))},
             {LEFT(D), FLIP(MOST(R_SIZE) ^ MOST(96))}),
        SEEN("behind the last node one that is before it",
             {RIGHT(R), FLIP(LINK(E + 16))}, {HEAD(R), FLIP(HEIGHT(1 ^ 2))},
             {HEAD(D), FLIP(HEIGHT(2 ^ 3))}),
        SEEN("behind the last node a ring", {LEFT(E + 16), FLIP(LINK(E + 16))},
             {RIGHT(R), FLIP(LINK(E + 16))}, {HEAD(R), FLIP(HEIGHT(1 ^ 2))},
             {HEAD(D), FLIP(HEIGHT(2 ^ 3))}),
        TOLD(reset, 0, 0, "the size of a block is 0: the whole heap",
             {HEAD(A), SET(0)}),
        ANSWERS(POLISHED_OK, largest, 0, 1,
                "the size of a block is 0: the largest", {HEAD(A), SET(0)}),
    };

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        open_heap(fits[i]);
        DAMAGE_ALL(&heap, rows);
    }
}

/* As many nodes as free blocks, but one of them is what an owner wrote. */
static void a_forged_node_is_no_free_block(void **state)
{
    static const struct damage_row rows[] = {
        SEEN("a forged node in place of R",
             {RIGHT(D), FLIP(LINK(R) ^ LINK(E + 16))},
             {LEFT(D), FLIP(MOST(R_SIZE) ^ MOST(96))}),
    };

    (void)state;
    open_heap(&polished_first_fit);
    DAMAGE_ALL(&heap, rows);
}

/* Each call sees what stands in its way. */
static void allocations_see_damage(void **state)
{
    static const uint64_t huge = BLOCK_SIZE & ~UINT64_C(0xfffff);
    const struct damage_row rows[] = {
        TOLD(alloc, 40, 1, "the chosen block is used",
             {HEAD(B), FLIP(BLOCK_USED)}),
        TOLD(alloc, 40, 1, "the chosen block has a free left neighbour",
             {HEAD(B), FLIP(BLOCK_LEFT_USED)}),
        TOLD(alloc, 400, 1, "the chosen block reaches out of data",
             {HEAD(R), FLIP(huge)}),
        TOLD(alloc, 40, 1, "its foot tells another size", {FOOT(C), ADD(16)}),
        TOLD(alloc, 40, 1, "what is behind it is not used",
             {HEAD(C), FLIP(BLOCK_USED)}),
        TOLD(alloc, 40, 1, "what is behind it says that it is used",
             {HEAD(C), FLIP(BLOCK_LEFT_USED)}),
    };

    (void)state;
    open_heap(&polished_best_fit);
    DAMAGE_ALL(&heap, rows);
}

/* As free of the block at a, if that takes b steps. */
static enum polished_status damage_free_in(struct polished_heap *heap,
                                           polished_size a, polished_size b)
{
    uint64_t before = polished_steps(heap);
    enum polished_status status = damage_free(heap, a, 0);

    return polished_steps(heap) - before == b ? status : POLISHED_LIMIT;
}

static void calls_for_blocks_see_damage(void **state)
{
    const struct damage_row rows[] = {
        TOLD(free, AT(C), 0, "free: the foot before it is no size",
             {FOOT(C), ADD(1)}),
        TOLD(free, AT(C), 0, "free: the foot before it is too small",
             {FOOT(C), SET(16)}),
        TOLD(free, AT(C), 0, "free: it leads to before the first block",
             {FOOT(C), SET(C - A + 16)}),
        TOLD(free, AT(C), 0, "free: it leads to a used block",
             {FOOT(C), SET(C - A)}),
        TOLD(free, AT(C), 0, "free: the left neighbour is damaged",
             {HEAD(B), FLIP(BLOCK_LEFT_USED)}),
        TOLD(free, AT(A), 0, "free: the right neighbour is damaged",
             {FOOT(C), ADD(16)}),
        TOLD(free, AT(A), 0, "free: the right neighbour is not in the tree",
             {LEFT(D), FLIP(LINK(B))}),
        TOLD(free, AT(C), 0, "free: the left neighbour is not in the tree",
             {LEFT(D), FLIP(LINK(B))}),
        TOLD(free_in, AT(G), 62, "free: the way to the right one has no end",
             {RIGHT(D), FLIP(LINK(R) ^ LINK(D))}),
        TOLD(free, AT(C), 0, "free: the way leads past the right neighbour",
             {IN_CONTROL(struct block_state, root), SET(B)}),
        TOLD(free, AT(C), 0, "free: its tag", {HEAD(C), FLIP(TAG)}),
        TOLD(free, AT(E) + 8, 0, "free: the tag of the block it is inside of",
             {HEAD(E), FLIP(TAG)}),
        TOLD(free, AT(C), 0, "free: the block behind says that it is free",
             {HEAD(D), FLIP(BLOCK_LEFT_USED)}),
        TOLD(free, AT(C), 0, "free: a good tag, and a size that cannot be",
             {HEAD(C), SET(block_seal(C, 0x100000 | BLOCK_USED))}),
        TOLD(free, AT(C), 0, "free: a good tag, and no size",
             {HEAD(C), SET(block_seal(C, BLOCK_USED))}),
        TOLD(free, AT(E) + 8, 0, "free: a block on the way has no size",
             {HEAD(A), SET(0)}),
        TOLD(usable, AT(C), 0, "usable: as free", {HEAD(C), FLIP(TAG)}),
        TOLD(resize, AT(A), 40, "resize: the right neighbour is damaged",
             {FOOT(C), ADD(16)}),
        TOLD(resize, AT(A), 40,
             "resize: the right neighbour is not in the tree",
             {LEFT(D), FLIP(LINK(B))}),
        TOLD(reserve, AT(R) + 64, 16, "reserve: a block on the way has no size",
             {HEAD(A), SET(0)}),
        TOLD(reserve, AT(R) + 64, 16, "reserve: the block is damaged",
             {FOOT(END), ADD(16)}),
        TOLD(reserve, AT(R) + 64, 16, "reserve: the block is not in the tree",
             {RIGHT(D), FLIP(LINK(R))}),
        TOLD(extend, 64, 0, "extend: the last block is not in the tree",
             {RIGHT(D), FLIP(LINK(R))}),
    };

    (void)state;
    open_heap(&polished_best_fit);
    DAMAGE_ALL(&heap, rows);
}

/* What is to be added to a tree that has no end, or has it already. */
static void insertions_see_damage(void **state)
{
    static const struct damage_row by_address[] = {
        TOLD(alloc, 200, 256, "what is left behind an aligned block",
             {RIGHT(R), FLIP(LINK(R))}),
        TOLD(resize, AT(E), 24, "what a block that shrinks leaves",
             {LEFT(R), FLIP(LINK(R))}),
        TOLD(free, AT(F), 0, "the block is in the tree already",
             {LEFT(R), FLIP(LINK(F))}),
        TOLD(alloc, 200, 1, "the place is found, and the way to it is not",
             {LEFT(D), FLIP(LINK(B) ^ LINK(R))}, {RIGHT(D), FLIP(LINK(R))}),
    };
    static const struct damage_row by_size[] = {
        TOLD(reserve, AT(R) + 32, 16,
             "what is left before the block, and not what is behind it",
             {LEFT(B), FLIP(LINK(B))}),
        TOLD(alloc, 440, 512,
             "what is left behind the block, and not what is before it",
             {RIGHT(B), FLIP(LINK(B))}),
    };
    static const struct damage_row full[] = {
        TOLD(extend, 64, 0, "what is new in a heap that was full to its end",
             {RIGHT(D), FLIP(LINK(D))}),
    };

    (void)state;
    open_heap(&polished_first_fit);
    DAMAGE_ALL(&heap, by_address);
    assert_int_equal(take(R_SIZE - BLOCK_HEAD), R);
    DAMAGE_ALL(&heap, full);
    open_heap(&polished_best_fit);
    DAMAGE_ALL(&heap, by_size);
}

/* As alloc of a bytes, if that takes b steps. */
static enum polished_status damage_alloc_in(struct polished_heap *heap,
                                            polished_size a, polished_size b)
{
    uint64_t before = polished_steps(heap);
    enum polished_status status = damage_alloc(heap, a, 1);

    return polished_steps(heap) - before == b ? status : POLISHED_CORRUPT;
}

/* A search in a tree that leads round and round, or promises what is not
   there, ends: after 60 looks. */
static void searches_end(void **state)
{
    static const struct damage_row first[] = {
        ANSWERS(POLISHED_NO_MEMORY, alloc_in, 200, 60,
                "the first that is large enough", {LEFT(R), FLIP(LINK(R))}),
        ANSWERS(POLISHED_NO_MEMORY, alloc_in, 800, 2,
                "a size that is promised and not there",
                {LEFT(D), FLIP(UINT64_C(1) << 60)}),
        ANSWERS(POLISHED_NO_MEMORY, alloc_in, 600, 60,
                "from the root to the left",
                {LEFT(D), FLIP(LINK(B) ^ LINK(D))}),
        ANSWERS(POLISHED_OK, alloc_in, 88, 121,
                "the one behind what is removed", {LEFT(R), FLIP(LINK(R))}),
    };
    static const struct damage_row next[] = {
        ANSWERS(POLISHED_NO_MEMORY, alloc_in, 700, 60,
                "from the rover to the left", {LEFT(R), FLIP(LINK(R))}),
    };
    static const struct damage_row best[] = {
        ANSWERS(POLISHED_NO_MEMORY, alloc_in, 900, 60, "the first of a size",
                {RIGHT(D), FLIP(LINK(R) ^ LINK(D))}),
    };
    static const struct damage_row worst[] = {
        ANSWERS(POLISHED_NO_MEMORY, alloc_in, 900, 60,
                "from the root to the right",
                {RIGHT(D), FLIP(LINK(R) ^ LINK(D))}),
        ANSWERS(POLISHED_OK, alloc, 24, 1,
                "a rule that there is not is the first",
                {IN_CONTROL(struct block_state, fit), SET(9)}),
    };

    (void)state;
    open_heap(&polished_first_fit);
    DAMAGE_ALL(&heap, first);
    open_heap(&polished_next_fit);
    DAMAGE_ALL(&heap, next);
    open_heap(&polished_best_fit);
    DAMAGE_ALL(&heap, best);
    open_heap(&polished_worst_fit);
    DAMAGE_ALL(&heap, worst);
}

/* What an owner wrote leads to the last block, which is so deep then and has
   something on its right; a block is taken out if it is no deeper than 58. */
static void what_is_too_deep_stays(void **state)
{
    const struct polished_setup setup = {.ops = &polished_first_fit,
                                         .data = {memory, 1216, 0},
                                         .control = &control};

    (void)state;
    for (polished_size depth = 58; depth <= 59; depth++) {
        polished_size last, deep = A + BLOCK_GRAIN;

        assert_int_equal(polished_init(&heap, &setup), POLISHED_OK);
        assert_int_equal(take(1120), A);
        last = control.root;
        control.root = deep;
        for (polished_size i = 1; i < depth; i++, deep += BLOCK_GRAIN)
            write_word(deep + BLOCK_GRAIN, LINK(deep + BLOCK_GRAIN));
        write_word(deep + BLOCK_GRAIN, LINK(last));
        write_word(last + BLOCK_GRAIN, LINK(deep + 2 * BLOCK_GRAIN));
        assert_int_equal(damage_extend(&heap, 32, 0),
                         depth == 58 ? POLISHED_OK : POLISHED_CORRUPT);
    }
}

static int visit_few(void *context, const struct polished_block *block)
{
    (void)block;
    return --*(int *)context == 0;
}

static void regions_have_a_least_and_a_most(void **state)
{
    static _Alignas(64) unsigned char large[65536];
    const polished_size span = BLOCK_SPAN;
    struct polished_setup setup = {.ops = &polished_first_fit,
                                   .data = {large, 47, 0},
                                   .control = &control};
    polished_size usable_bytes;

    (void)state;
    assert_int_equal(polished_init(&heap, &setup), POLISHED_BAD_SIZE);
    setup.data.size_bytes = 48;
    assert_int_equal(polished_init(&heap, &setup), POLISHED_OK);
    assert_int_equal(heap.slack_bytes, 0);
    assert_int_equal(polished_first_fit.control_bytes(NULL, span),
                     sizeof control);
    assert_int_equal(polished_first_fit.control_bytes(NULL, span + 1), 0);
    assert_int_equal(polished_extend(&heap, span - 47), POLISHED_LIMIT);
    if (span <= sizeof large)
        assert_int_equal(polished_extend(&heap, span - 48), POLISHED_OK);
    open_heap(&polished_first_fit);
    assert_int_equal(polished_usable(&heap, AT(E) + 16, &usable_bytes),
                     POLISHED_INTERIOR);
    for (int most = 1; most <= 17; most++) {
        int left = most;

        assert_int_equal(polished_walk(&heap, visit_few, &left), POLISHED_OK);
        assert_int_equal(left, 0);
    }
}

/* First fit looks at the end of data only when it allocates there. */
static void slack_is_what_lies_behind_the_last_block(void **state)
{
    (void)state;
    open_heap(&polished_first_fit);
    assert_int_equal(heap.slack_bytes, END - R);
    assert_int_equal(damage_resize(&heap, AT(G), 24 + 64), POLISHED_OK);
    assert_int_equal(heap.slack_bytes, END - R - 64);
    assert_int_equal(damage_resize(&heap, AT(G), 24), POLISHED_OK);
    assert_int_equal(polished_reserve(&heap, AT(R) + 160, 24), POLISHED_OK);
    assert_int_equal(heap.slack_bytes, END - R - 160 - 32);
    assert_int_equal(damage_extend(&heap, 32, 0), POLISHED_OK);
    assert_int_equal(heap.slack_bytes, END - R - 160 - 32 - 32);
    heap.slack_bytes = SPAN;
    assert_int_equal(damage_resize(&heap, AT(R) + 160, 24), POLISHED_OK);
    assert_int_equal(heap.slack_bytes, END + 32 - R - 160 - 32);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(checks_see_damage),
        cmocka_unit_test(a_forged_node_is_no_free_block),
        cmocka_unit_test(allocations_see_damage),
        cmocka_unit_test(calls_for_blocks_see_damage),
        cmocka_unit_test(insertions_see_damage),
        cmocka_unit_test(searches_end),
        cmocka_unit_test(what_is_too_deep_stays),
        cmocka_unit_test(slack_is_what_lies_behind_the_last_block),
        cmocka_unit_test(regions_have_a_least_and_a_most),
    };

    return cmocka_run_group_tests_name("fit", tests, NULL, NULL);
}
