/* The tree of core/runs.h and what is asked of it, held against a table of
   units. */
#include "few_units.h"

enum { MOST = 40 * LEAF };

static bool is_free[MOST], is_start[MOST];
static uint64_t random_state;

static uint64_t draw(uint64_t limit)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (random_state >> 11) % limit;
}

/* Nothing that is not there is free. */
static uint64_t capacity(void)
{
    return runs_of(&heap)->capacity;
}

static void open_model(uint64_t units)
{
    open_heap(&polished_frame_bitmap, units, 0);
    assert_true(capacity() <= MOST);
    memset(is_free, 0, sizeof is_free);
    memset(is_free, 1, units);
    memset(is_start, 0, sizeof is_start);
    is_start[units] = units < capacity();
}

/* As much as there is room for. */
static void open_full_model(uint64_t units)
{
    open_model(units);
    runs_extend(&heap, units, capacity());
    memset(is_free, 1, capacity());
    is_start[units] = false;
}

static uint64_t free_until(uint64_t unit)
{
    while (unit < MOST && is_free[unit])
        unit++;
    return unit;
}

/* Make blocks of what is free here, or free what begins here. */
static void change(uint64_t unit, uint64_t count)
{
    uint64_t end = free_until(unit);

    if (unit < end) {
        end = unit + count < end ? unit + count : end;
        runs_take(&heap, unit, end);
        memset(is_free + unit, 0, end - unit);
        is_start[unit] = true;
    } else if (is_start[unit]) {
        end = unit + 1;
        while (end < capacity() && !is_free[end] && !is_start[end])
            end++;
        assert_int_equal(runs_border(&heap, unit + 1), end);
        runs_give(&heap, unit, end);
        memset(is_free + unit, 1, end - unit);
        is_start[unit] = false;
    }
}

static void change_often(unsigned often, uint64_t units)
{
    while (often-- > 0)
        change(draw(units), 1 + draw(draw(8) ? 9 : 3 * LEAF));
}

static uint16_t log2_of(uint64_t length)
{
    uint16_t log2 = 0;

    while (length >>= 1)
        log2++;
    return log2;
}

/* What a node has to say of [begin, end). */
static struct runs_node truth_of(uint64_t begin, uint64_t end)
{
    struct runs_node node = {.kind = RUNS_MIXED};
    uint64_t open = 0;
    bool is_inside = true;

    for (uint64_t at = begin; at < end; at++) {
        bool is_there = at < capacity();

        is_inside = is_inside && !(is_there && (is_free[at] || is_start[at]));
        open = is_there && is_free[at] ? open + 1 : 0;
        if (open == at + 1 - begin)
            node.first = (uint32_t)open;
        if (open > node.longest)
            node.longest = (uint32_t)open;
        for (uint64_t length = 1; length <= open; length *= 2)
            if ((at + 1) % length == 0 && node.wide < 1 + log2_of(length))
                node.wide = 1 + log2_of(length);
    }
    node.last = (uint32_t)open;
    if (open == end - begin)
        return (struct runs_node){.kind = RUNS_FREE};
    return is_inside ? (struct runs_node){.kind = RUNS_INSIDE} : node;
}

static void hold_node_against_truth(struct runs_place place)
{
    const struct runs *runs = runs_of(&heap);
    const struct runs_node *node = runs_node(runs, place);
    uint64_t begin = runs_begin(place);
    struct runs_node truth = truth_of(begin, begin + runs_cover(place.level));

    if (!runs_is_same(node, &truth))
        fail_msg("level %u, node %llu: kind %u first %u longest %u last %u "
                 "wide %u, not %u %u %u %u %u",
                 (unsigned)place.level, (unsigned long long)place.index,
                 node->kind, (unsigned)node->first, (unsigned)node->longest,
                 (unsigned)node->last, node->wide, truth.kind,
                 (unsigned)truth.first, (unsigned)truth.longest,
                 (unsigned)truth.last, truth.wide);
    if (place.level > 0 && node->kind == RUNS_MIXED)
        for (uint32_t i = 0; i < RUNS_FAN; i++)
            hold_node_against_truth(runs_child(place, i));
}

/* The lowest free run in [from, to) of so many units. */
static bool find_next(uint64_t from, uint64_t to, uint64_t need,
                      struct runs_run *run)
{
    for (uint64_t at = from; at < to; at++) {
        uint64_t end = free_until(at);

        end = end < to ? end : to;
        if (end - at >= need && end > at) {
            *run = (struct runs_run){at, end};
            return true;
        }
        at = end;
    }
    return false;
}

static bool find_previous(uint64_t to, uint64_t need, struct runs_run *run)
{
    struct runs_run found;
    bool is_found = false;

    for (uint64_t at = 0; find_next(at, to, need, &found); at = found.end) {
        *run = found;
        is_found = true;
    }
    return is_found;
}

static enum runs_state find_state(uint64_t unit)
{
    if (is_free[unit])
        return RUNS_IS_FREE;
    return is_start[unit] ? RUNS_IS_START : RUNS_IS_INSIDE;
}

static void ask(uint64_t from, uint64_t to, uint64_t need)
{
    const struct runs_wish wish = {need, 0};
    struct runs_run run, truth = {0, 0};

    assert_int_equal(runs_next(&heap, from, to, wish, &run),
                     find_next(from, to, need, &truth));
    if (truth.end != 0)
        assert_true(run.first == truth.first && run.end == truth.end);
    truth.end = 0;
    assert_int_equal(runs_previous(&heap, to, wish, &run),
                     find_previous(to, need, &truth));
    if (truth.end != 0)
        assert_true(run.first == truth.first && run.end == truth.end);
}

static void ask_often(unsigned often, uint64_t units)
{
    while (often-- > 0) {
        uint64_t to = 1 + draw(units), from = draw(to);

        assert_int_equal(runs_state_of(&heap, from), find_state(from));
        assert_int_equal(runs_is_free(&heap, from, to), free_until(from) >= to);
        ask(from, to, 1 + draw(draw(4) ? 12 : 2 * LEAF));
    }
}

static void hold_tree_against_truth(uint64_t units)
{
    const struct runs_place root = {runs_of(&heap)->top, 0};

    hold_node_against_truth(root);
    ask_often(20, units);
    assert_true(runs_check(&heap));
}

static void every_node_tells_the_truth(void **state)
{
    static const uint64_t units[] = {1,        RUNS_WORD_BITS + 1, LEAF - 1,
                                     LEAF,     3 * LEAF + 1,       5 * LEAF - 1,
                                     17 * LEAF};

    (void)state;
    random_state = 88172645463325252u;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        open_full_model(units[i]);
        hold_tree_against_truth(capacity());
        change_often(10, capacity());
        hold_tree_against_truth(capacity());
        open_model(units[i]);
        hold_tree_against_truth(units[i]);
        for (int round = 0; round < 30; round++) {
            change_often(1u << draw(7), units[i]);
            hold_tree_against_truth(units[i]);
        }
    }
}

/* A free run of each length that matters, at each place in its words. */
static void a_run_is_found_wherever_it_lies(void **state)
{
    const struct runs_place root = {0, 0};

    (void)state;
    open_model(LEAF);
    change(0, LEAF);
    for (uint64_t length = 1; length <= 2 * RUNS_WORD_BITS; length *= 2)
        for (uint64_t at = 1; at < 3 * RUNS_WORD_BITS; at++) {
            uint64_t end = at + length < LEAF ? at + length : LEAF;

            for (; end > at && end + 3 > at + length; end--) {
                runs_give(&heap, at, end);
                memset(is_free + at, 1, end - at);
                hold_node_against_truth(root);
                ask(0, LEAF, end - at);
                ask(at, end, end - at);
                ask(at - 1, end < LEAF ? end + 1 : LEAF, end - at);
                ask(0, LEAF, end - at + 1);
                runs_lengthen(&heap, at, end);
                memset(is_free + at, 0, end - at);
            }
        }
}

/* What is as large as a node is changed there, and nothing below it. */
static void whole_nodes_are_changed_at_once(void **state)
{
    (void)state;
    open_model(2 * runs_cover(2));
    for (uint32_t level = 0; level <= 2; level++) {
        const uint32_t above = runs_of(&heap)->top - level;
        const uint64_t from = runs_cover(level);
        uint64_t before;

        runs_take(&heap, from, 2 * from);
        before = heap.own_steps;
        runs_give(&heap, from, 2 * from);
        assert_int_equal(heap.own_steps - before,
                         above + 1 + above * (RUNS_FAN + 1));
    }
}

static void a_word_is_sought_through_in_a_step(void **state)
{
    (void)state;
    open_model(LEAF);
    change(0, 1);
    for (uint64_t words = 1; words <= RUNS_LEAF_WORDS; words++) {
        uint64_t before = heap.own_steps, to = words * RUNS_WORD_BITS;

        assert_int_equal(runs_seek(&heap, 1, to, RUNS_SEEK_USED), to);
        assert_int_equal(heap.own_steps - before, words);
    }
}

/* Looks at two nodes of leaves: each begins with 2 free units, ends with 3, and
   is a block between. */
enum look_what { LOOK_NEXT, LOOK_PREVIOUS, LOOK_BORDER };

#define NODE      runs_cover(1)
#define NOT_THERE UINT64_MAX

struct look_row {
    enum look_what what;
    uint64_t from, to, need;
    uint64_t first;      /* of what is found */
    uint64_t steps, few; /* few: with the tiny library */
};

static uint64_t look(const struct look_row *row)
{
    const struct runs_wish wish = {row->need, 0};
    struct runs_run run;

    switch (row->what) {
    case LOOK_NEXT:
        return runs_next(&heap, row->from, row->to, wish, &run) ? run.first
                                                                : NOT_THERE;
    case LOOK_PREVIOUS:
        return runs_previous(&heap, row->to, wish, &run) ? run.first
                                                         : NOT_THERE;
    case LOOK_BORDER:
    default:
        return runs_border(&heap, row->from);
    }
}

static void expect_looks(const struct look_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint64_t before = heap.own_steps, first = look(&rows[i]);

        assert_int_equal(first, rows[i].first);
        assert_int_equal(heap.own_steps - before,
                         RUNS_WORD_BITS == 64 ? rows[i].steps : rows[i].few);
    }
}

static void a_look_a_level_finds_a_run(void **state)
{
    const struct look_row rows[] = {
        {LOOK_NEXT, 0, NODE, 2, 0, 1, 1},
        {LOOK_NEXT, 0, 2 * NODE, 3, NODE - 3, 15, 7},
        {LOOK_NEXT, 0, NODE, 4, NOT_THERE, 2, 2},
        {LOOK_NEXT, NODE, 2 * NODE, 2, NODE, 3, 3},
        {LOOK_NEXT, NODE, 2 * NODE, 3, 2 * NODE - 3, 15, 7},
        {LOOK_PREVIOUS, 0, 2 * NODE, 3, 2 * NODE - 3, 4, 1},
        {LOOK_PREVIOUS, 0, NODE, 3, NODE - 3, 5, 3},
        {LOOK_PREVIOUS, 0, NODE, 4, NOT_THERE, 5, 3},
        {LOOK_PREVIOUS, 0, 2 * NODE, 6, NOT_THERE, 1, 1},
        {LOOK_BORDER, 0, 0, 0, 0, 4, 4},
        {LOOK_BORDER, NODE, 0, 0, NODE, 5, 5},
        {LOOK_BORDER, 2 * NODE, 0, 0, 2 * NODE, 3, 1},
    };
    const struct look_row freed[] = {
        {LOOK_BORDER, NODE, 0, 0, NODE, 5, 5},
    };

    (void)state;
    open_full_model(2 * NODE - 1);
    assert_int_equal(capacity(), 2 * NODE);
    change(2, NODE - 5);
    change(NODE + 2, NODE - 5);
    expect_looks(rows, sizeof rows / sizeof rows[0]);
    change(2, 0);
    expect_looks(freed, 1);
}

static void memory_is_as_large_as_it_has_to_be(void **state)
{
    enum { WORD = sizeof(struct runs_word), SUM = sizeof(struct runs_node) };

    static struct runs_word words[2];
    struct runs runs;

    (void)state;
    assert_int_equal(runs_bytes(1), WORD + SUM);
    assert_int_equal(runs_bytes(LEAF), RUNS_LEAF_WORDS * WORD + SUM);
    assert_int_equal(runs_bytes(LEAF + 1),
                     (RUNS_LEAF_WORDS + 1) * WORD + (RUNS_FAN + 1) * SUM);
    assert_true(runs_bytes(RUNS_SPAN) != 0);
    assert_int_equal(runs_bytes(RUNS_SPAN + 1), 0);
    runs_init(&runs, words, WORD + SUM);
    assert_int_equal(runs.capacity, RUNS_WORD_BITS);
    runs_init(&runs, words, WORD + SUM - 1);
    assert_int_equal(runs.capacity, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_node_tells_the_truth),
        cmocka_unit_test(a_run_is_found_wherever_it_lies),
        cmocka_unit_test(whole_nodes_are_changed_at_once),
        cmocka_unit_test(a_word_is_sought_through_in_a_step),
        cmocka_unit_test(a_look_a_level_finds_a_run),
        cmocka_unit_test(memory_is_as_large_as_it_has_to_be),
    };

    return cmocka_run_group_tests_name("runs_model", tests, NULL, NULL);
}
