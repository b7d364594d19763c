/* frame-bitmap and dma: control that somebody wrote over, and what the tree of
   core/runs.h shows only where its leaves and nodes end. */
#include "few_units.h"

enum { LEAVES = 5 };

#define NODE(node, member)                                                     \
    AT_CONTROL(in_control(&(node)->member), sizeof(node)->member)
#define WORD(word, member) AT_CONTROL(in_control(&(word)->member), 8)

/*
 *     unit 0, 1 free | 2 ... one block over two leaves ... | free to the end
 *     leaf 0 mixed   | 1 inside | 2 mixed | 3 free | 4 free, and nothing
 */
static struct runs *open_five_leaves(void)
{
    open_heap(&polished_frame_bitmap, LEAVES * LEAF - LEAF / 2, 0);
    assert_int_equal(take(2), 0);
    assert_int_equal(take(2 * LEAF), 2);
    assert_int_equal(drop(0), POLISHED_OK);
    return runs_of(&heap);
}

static struct runs_node *leaf_at(const struct runs *runs, uint64_t leaf)
{
    return runs_node(runs, (struct runs_place){0, leaf});
}

static void damage_of_nodes_is_seen(void **state)
{
    const struct runs *runs = open_five_leaves();
    const struct runs_node *mixed = leaf_at(runs, 2),
                           *inside = leaf_at(runs, 1), *free = leaf_at(runs, 3),
                           *first = leaf_at(runs, 0),
                           *root = runs_node(runs,
                                             (struct runs_place){runs->top, 0});
    const struct damage_row rows[] = {
        SEEN("first", {NODE(mixed, first), EACH(UINT32_MAX)}),
        SEEN("last", {NODE(mixed, last), EACH(UINT32_MAX)}),
        SEEN("longest", {NODE(mixed, longest), EACH(UINT32_MAX)}),
        SEEN("wide", {NODE(mixed, wide), EACH(UINT16_MAX)}),
        SEEN("kind", {NODE(mixed, kind), EACH(UINT16_MAX)}),
        SEEN("wide of a node where one is free only in pairs",
             {NODE(first, wide), SET(1)}),
        SEEN("the root's wide", {NODE(root, wide), EACH(UINT16_MAX)}),
        SEEN("the root's longest", {NODE(root, longest), EACH(UINT32_MAX)}),
        SEEN("first of a node that is free", {NODE(free, first), SET(1)}),
        SEEN("longest of a node that is inside",
             {NODE(inside, longest), SET(1)}),
        SEEN("a free node is inside of nothing",
             {NODE(free, kind), SET(RUNS_INSIDE)}),
        SEEN("an inner node is free", {NODE(inside, kind), SET(RUNS_FREE)}),
        SEEN("no kind at all", {NODE(inside, kind), SET(RUNS_INSIDE + 1)}),
        TOLD(
            own_check, 0, 0, "more units than the tree has",
            {IN_CONTROL(struct area_state, grid.end), SET(runs->capacity + 1)}),
    };

    (void)state;
    assert_int_equal(inside->kind, RUNS_INSIDE);
    assert_int_equal(free->kind, RUNS_FREE);
    assert_true(mixed->kind == RUNS_MIXED && first->kind == RUNS_MIXED);
    DAMAGE_ALL(&heap, rows);
}

static void damage_of_words_is_seen(void **state)
{
    const struct runs *runs = open_five_leaves();
    const struct runs_word *word = runs->words;
    const struct damage_row rows[] = {
        SEEN("a block begins where all is free", {WORD(word, start), SET(5)}),
        SEEN("a block without a start, behind what is free",
             {WORD(word, start), SET(0)}),
        FINE("a block more, inside of one", {WORD(word, start), SET(12)}),
        SEEN("a unit is free, and no node says so",
             {WORD(word, used), FLIP(8)}),
    };

    (void)state;
    DAMAGE_ALL(&heap, rows);
}

static void damage_between_words_is_seen(void **state)
{
    (void)state;
    open_heap(&polished_frame_bitmap, LEAF, 0);
    hold(RUNS_WORD_BITS, RUNS_WORD_BITS + 1);
    {
        const struct runs_word *word = runs_of(&heap)->words + 1;
        const struct damage_row rows[] = {
            SEEN("a block without a start, behind a word that ends free",
                 {WORD(word, start), SET(0)}),
        };

        DAMAGE_ALL(&heap, rows);
    }
}

/* Bits that a word has and its units have not: only where words are narrow. */
static void damage_beyond_a_word_is_seen(void **state)
{
    (void)state;
    if (RUNS_WORD_BITS == 64)
        return;
    open_heap(&polished_frame_bitmap, LEAF, 0);
    assert_int_equal(take(RUNS_WORD_BITS - 1), 0);
    assert_int_equal(take(1), RUNS_WORD_BITS - 1);
    assert_int_equal(take(1), RUNS_WORD_BITS);
    assert_int_equal(take(1), RUNS_WORD_BITS + 1);
    assert_int_equal(drop(0), POLISHED_OK);
    assert_int_equal(drop(RUNS_WORD_BITS), POLISHED_OK);
    {
        const struct runs_word *word = runs_of(&heap)->words;
        const struct damage_row rows[] = {
            TOLD(own_check, 0, 0, "used beyond the word",
                 {WORD(word, used), FLIP(UINT64_C(1) << RUNS_WORD_BITS % 64)}),
        };

        DAMAGE_ALL(&heap, rows);
    }
}

/* In a tree of one leaf nobody stands above it who could contradict. */
static void a_lone_leaf_is_not_inside_of_anything(void **state)
{
    (void)state;
    open_heap(&polished_frame_bitmap, LEAF - 1, 0);
    {
        const size_t root = in_control(leaf_at(runs_of(&heap), 0));
        const struct damage_row rows[] = {
            SEEN("inside of nothing", {AT_CONTROL(root, 8), SET(0)},
                 {AT_CONTROL(root + 8, 8), SET((uint64_t)RUNS_INSIDE << 48)}),
            SEEN("of a kind that there is not", {AT_CONTROL(root, 8), SET(0)},
                 {AT_CONTROL(root + 8, 8), SET(UINT64_C(3) << 48)}),
        };

        assert_int_equal(sizeof(struct runs_node), 16);
        DAMAGE_ALL(&heap, rows);
    }
}

/* A block that ends with a leaf, and one that ends with all there is. */
static void blocks_end_where_nodes_do(void **state)
{
    polished_size usable_bytes = 0;

    (void)state;
    open_heap(&polished_frame_bitmap, 4 * LEAF - 1, 0);
    assert_int_equal(polished_extend(&heap, UNIT), POLISHED_OK);
    assert_int_equal(largest(1, 0, 0), 4 * LEAF);
    assert_int_equal(take(2 * LEAF), 0);
    assert_int_equal(polished_usable(&heap, 0, &usable_bytes), POLISHED_OK);
    assert_int_equal(usable_bytes, 2 * LEAF * UNIT);
    assert_int_equal(polished_usable(&heap, 3 * LEAF * UNIT, &usable_bytes),
                     POLISHED_DOUBLE_FREE);
    assert_int_equal(drop(LEAF + 1), POLISHED_INTERIOR);
    assert_int_equal(take(2 * LEAF), 2 * LEAF);
    assert_int_equal(largest(1, 0, 0), 0);
    assert_int_equal(polished_usable(&heap, 2 * LEAF * UNIT, &usable_bytes),
                     POLISHED_OK);
    assert_int_equal(usable_bytes, 2 * LEAF * UNIT);
    assert_int_equal(drop(0), POLISHED_OK);
    assert_int_equal(largest(1, 0, 0), 2 * LEAF);
    assert_int_equal(drop(2 * LEAF), POLISHED_OK);
    assert_int_equal(largest(1, 0, 0), 4 * LEAF);
    assert_int_equal(polished_check(&heap), POLISHED_OK);
}

static void slack_is_what_lies_behind_the_last_block(void **state)
{
    const polished_size size_bytes = 4 * LEAF * UNIT;

    (void)state;
    open_heap(&polished_frame_bitmap, 4 * LEAF, 0);
    assert_int_equal(heap.slack_bytes, size_bytes - UNIT);
    assert_int_equal(take(2), 0);
    assert_int_equal(heap.slack_bytes, size_bytes - 2 * UNIT);
    assert_int_equal(resize(0, 3, 1, 0), POLISHED_OK);
    assert_int_equal(heap.slack_bytes, size_bytes - 3 * UNIT);
    assert_int_equal(polished_reserve(&heap, 5 * UNIT, 2 * UNIT), POLISHED_OK);
    assert_int_equal(heap.slack_bytes, size_bytes - 7 * UNIT);
    assert_int_equal(take(1), 3);
    assert_int_equal(heap.slack_bytes, size_bytes - 7 * UNIT);
    open_heap(&polished_frame_bitmap, 4, 8);
    assert_int_equal(heap.slack_bytes, 4 * UNIT - 8 - UNIT);
}

/* As many calls as it takes until the visitor has had enough. */
static int visit_few(void *context, const struct polished_block *block)
{
    (void)block;
    return --*(int *)context == 0;
}

static void walks_end_when_the_visitor_wants(void **state)
{
    (void)state;
    open_five_leaves();
    for (int most = 1; most <= 3; most++) {
        int left = most;

        assert_int_equal(polished_walk(&heap, visit_few, &left), POLISHED_OK);
        assert_int_equal(left, 0);
    }
}

static int count_pieces(void *context, uint64_t end, bool is_free)
{
    (void)end;
    (void)is_free;
    ++*(int *)context;
    return 0;
}

/* A walk ends where the tree does: what lies behind it is no node. */
static void nothing_behind_the_tree_is_read(void **state)
{
    struct runs *runs;
    int pieces = 0;

    (void)state;
    open_heap(&polished_frame_bitmap, LEAF - 1, 0);
    runs = runs_of(&heap);
    assert_int_equal(polished_extend(&heap, UNIT), POLISHED_OK);
    assert_int_equal(runs->capacity, LEAF);
    hold(3, LEAF);
    runs->nodes[1] = (struct runs_node){.kind = RUNS_FREE};
    runs_walk(&heap, LEAF, count_pieces, &pieces);
    assert_int_equal(pieces, 2);
    assert_true(runs_check(&heap));
    runs->nodes[1] = (struct runs_node){.kind = RUNS_INSIDE + 1};
    assert_true(runs_check(&heap));
}

/* Memory that begins beside a multiple of what the tree counts in: the units
   before it are nobody's, and are not shown. */
static void large_regions_begin_anywhere(void **state)
{
    struct polished_heap other;

    (void)state;
    open_heap(&polished_frame_bitmap, 9 * LEAF, UNIT * (LEAF + LEAF / 2));
    assert_int_equal(area_state(&heap)->grid.first, LEAF / 2);
    assert_int_equal(polished_check(&heap), POLISHED_OK);
    assert_int_equal(take_limited(LEAF, LEAF, 0, 0), LEAF / 2);
    assert_int_equal(take(LEAF / 2), 0);
    assert_int_equal(polished_check(&heap), POLISHED_OK);
    other = heap;
    assert_int_equal(polished_extend(&heap, 100 * LEAF * UNIT), POLISHED_LIMIT);
    assert_memory_equal(&other, &heap, sizeof other);
}

static void resizes_keep_their_boundary(void **state)
{
    (void)state;
    open_heap(&polished_frame_bitmap, 2 * LEAF, 0);
    assert_int_equal(take(2), 0);
    assert_int_equal(take_limited(2, 1, 0, 4), 2);
    assert_int_equal(resize(2, 3, 1, 4), POLISHED_NO_MEMORY);
    assert_int_equal(resize(2, 3, 4, 0), POLISHED_NO_MEMORY);
    assert_int_equal(resize(2, 1, 2, 4), POLISHED_OK);
    assert_int_equal(resize(2, 3, 1, 8), POLISHED_OK);
    assert_int_equal(largest(16, 0, 8), 8);
    assert_int_equal(largest(1, 0, 8), 8);
    assert_int_equal(largest(1, 9, 8), 3);
    assert_int_equal(largest(1, 12, 8), 4);
}

/* Runs between boundaries that hold no place, more than are tried one by one:
   then a place is taken that is aligned to its size. */
static void a_place_is_found_behind_many_that_are_cut(void **state)
{
    const struct polished_ops *const rows[] = {&polished_frame_bitmap,
                                               &polished_dma};

    (void)state;
    for (int row = 0; row < 2; row++) {
        uint64_t units = row == 0 ? 4 * LEAF : 4 * LEAF + 4;

        /* Of every 8 units the last 3 and the next 2 are free: runs of 5, cut
           by a boundary. */
        open_heap(rows[row], units, 0);
        assert_int_equal(polished_reserve(&heap, 0, 5 * UNIT), POLISHED_OK);
        for (uint64_t unit = 10; unit + 8 < units - 16; unit += 8)
            assert_int_equal(polished_reserve(&heap, unit * UNIT, 3 * UNIT),
                             POLISHED_OK);
        {
            uint64_t at = take_limited(5, 1, 0, 8);

            assert_true(at / 8 == (at + 4) / 8);
        }
        assert_int_equal(polished_check(&heap), POLISHED_OK);
    }
}

static void control_has_room_for_so_many_units_at_most(void **state)
{
    const polished_size knobs[POLISHED_KNOBS] = {UNIT};
    polished_size most = (polished_size)RUNS_SPAN;

    (void)state;
    assert_true(
        polished_dma.control_bytes(knobs, (most - RUNS_LEAF - 1) * UNIT) != 0);
    assert_true(polished_dma.control_bytes(
                    knobs, (most - RUNS_LEAF - 1) * UNIT + UNIT) == 0);
}

static void lists_of_segments_are_judged(void **state)
{
    struct polished_segment segments[POLISHED_SEGMENTS + 1];
    struct polished_request request = {10 * UNIT, 1, 0, 0};
    uint32_t count = POLISHED_SEGMENTS + 1;
    polished_size a = 0, b = 100;

    (void)state;
    open_heap(&polished_dma, 4 * LEAF, 0);
    request.align_bytes = 3;
    assert_int_equal(polished_scatter(&heap, &request, 0, segments, &count),
                     POLISHED_BAD_ALIGN);
    request.align_bytes = 1;
    request.boundary = 3;
    assert_int_equal(polished_scatter(&heap, &request, 0, segments, &count),
                     POLISHED_CONSTRAINT);
    request.boundary = 0;
    request.size_bytes = 0;
    assert_int_equal(polished_scatter(&heap, &request, 0, segments, &count),
                     POLISHED_BAD_SIZE);
    assert_int_equal(polished_call(&heap, "segment", &a, &b),
                     POLISHED_BAD_SIZE);
    /* In pieces of a unit there would have to be more than there can be. */
    request.size_bytes = (POLISHED_SEGMENTS + 1) * UNIT;
    assert_int_equal(polished_scatter(&heap, &request, UNIT, segments, &count),
                     POLISHED_NO_MEMORY);
    a = 3 * UNIT;
    assert_int_equal(polished_call(&heap, "segment", &a, &b), POLISHED_OK);
    assert_true(a == (4 * LEAF - 3) * UNIT && b == 3 * UNIT);
}

/* A cap that nobody has is one that no test asks about. */
static void they_say_what_they_can(void **state)
{
    const uint32_t both = POLISHED_RECLAIMS | POLISHED_ANY_ORDER |
                          POLISHED_NO_TOUCH | POLISHED_LIMITS |
                          POLISHED_EXACT_MISUSE | POLISHED_EXACT_WALK;

    (void)state;
    assert_true(polished_dma.caps == both);
    assert_true(polished_frame_bitmap.caps ==
                (both | POLISHED_PAGES | POLISHED_SLACK));
    assert_int_equal(polished_dma.knobs[0].least, 4);
    assert_int_equal(polished_dma.knobs[0].most, UINT64_C(1) << 30);
    assert_int_equal(polished_dma.knobs[0].usual, 64);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(damage_of_nodes_is_seen),
        cmocka_unit_test(damage_of_words_is_seen),
        cmocka_unit_test(damage_between_words_is_seen),
        cmocka_unit_test(damage_beyond_a_word_is_seen),
        cmocka_unit_test(a_lone_leaf_is_not_inside_of_anything),
        cmocka_unit_test(blocks_end_where_nodes_do),
        cmocka_unit_test(slack_is_what_lies_behind_the_last_block),
        cmocka_unit_test(walks_end_when_the_visitor_wants),
        cmocka_unit_test(nothing_behind_the_tree_is_read),
        cmocka_unit_test(large_regions_begin_anywhere),
        cmocka_unit_test(resizes_keep_their_boundary),
        cmocka_unit_test(a_place_is_found_behind_many_that_are_cut),
        cmocka_unit_test(control_has_room_for_so_many_units_at_most),
        cmocka_unit_test(they_say_what_they_can),
        cmocka_unit_test(lists_of_segments_are_judged),
    };

    return cmocka_run_group_tests_name("runs", tests, NULL, NULL);
}
