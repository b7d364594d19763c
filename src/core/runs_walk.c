/* runs_walk.c - all of the tree of runs.h, from left to right. */
#include "core/runs.h"

/* The piece that is open while a walk goes from left to right. */
struct runs_stroll {
    runs_visit *visit;
    void *context;
    bool is_free; /* the piece */
    bool is_over;
};

/* A piece begins here: show the one before it. */
static void runs_turn(struct runs_stroll *stroll, uint64_t at, bool is_free)
{
    if (stroll->is_free && is_free)
        return;
    if (at != 0)
        stroll->is_over =
            stroll->visit(stroll->context, at, stroll->is_free) != 0;
    stroll->is_free = is_free;
}

/* Show the borders in a part of a leaf. */
static void runs_stroll_leaf(struct polished_heap *heap, uint64_t at,
                             uint64_t to, struct runs_stroll *stroll)
{
    const struct runs_word *words = runs_of(heap)->words;

    at = runs_seek(heap, at, to, RUNS_SEEK_BORDER);
    while (at < to && !stroll->is_over) {
        bool is_free =
            !(words[at / RUNS_WORD_BITS].used >> at % RUNS_WORD_BITS & 1);

        runs_turn(stroll, at, is_free);
        at = is_free ? runs_seek(heap, at, to, RUNS_SEEK_USED)
                     : runs_seek(heap, at + 1, to, RUNS_SEEK_BORDER);
    }
}

void runs_walk(const struct polished_heap *heap, uint64_t to, runs_visit *visit,
               void *context)
{
    struct polished_heap reader = *heap; /* whose steps do not count */
    struct runs_stroll stroll = {.visit = visit, .context = context};
    const struct runs *runs = runs_of(heap);
    struct runs_place place = {runs->top, 0};
    uint64_t begin;

    while ((begin = runs_begin(place)) < to && !stroll.is_over) {
        uint32_t kind = runs_node(runs, place)->kind;

        if (kind == RUNS_MIXED && place.level != 0) {
            place = runs_child(place, 0);
            continue;
        }
        if (kind == RUNS_FREE)
            runs_turn(&stroll, begin, true);
        else if (kind == RUNS_MIXED)
            runs_stroll_leaf(&reader, begin, runs_min(begin + RUNS_LEAF, to),
                             &stroll);
        place = runs_after(place);
    }
    if (!stroll.is_over)
        visit(context, to, stroll.is_free);
}

/* Are starts used, and what is used without a start behind what is used? */
static bool runs_check_words(const struct runs *runs, uint64_t leaf,
                             bool after_used)
{
    uint64_t word = leaf * RUNS_LEAF_WORDS;

    for (uint64_t end = word + RUNS_LEAF_WORDS;
         word < end && word * RUNS_WORD_BITS < runs->capacity; word++) {
        uint64_t used = runs->words[word].used;
        uint64_t start = runs->words[word].start;

        if ((start & ~used) != 0 || (used & ~RUNS_FULL) != 0 ||
            (used & ~start & ~(used << 1 | after_used)) != 0)
            return false;
        after_used = used >> (RUNS_WORD_BITS - 1) & 1;
    }
    return true;
}

bool runs_check(const struct polished_heap *heap)
{
    struct polished_heap reader = *heap;
    const struct runs *runs = runs_of(heap);
    struct runs_place place = {runs->top, 0};
    bool after_used = false;
    uint64_t begin;

    while ((begin = runs_begin(place)) < runs->capacity) {
        const struct runs_node *node = runs_node(runs, place);
        struct runs_node truth = {.kind = node->kind};

        if (node->kind == RUNS_MIXED)
            truth = place.level == 0 ? runs_sum_leaf(&reader, place.index)
                                     : runs_sum_node(&reader, place);
        if (!runs_is_same(&truth, node) || node->kind > RUNS_INSIDE ||
            (node->kind == RUNS_INSIDE && !after_used))
            return false;
        if (node->kind == RUNS_MIXED && place.level != 0) {
            place = runs_child(place, 0);
            continue;
        }
        if (node->kind == RUNS_MIXED &&
            !runs_check_words(runs, place.index, after_used))
            return false;
        after_used = node->kind != RUNS_FREE && node->last == 0;
        place = runs_after(place);
    }
    return true;
}
