/* runs_find.c - asking the tree of runs.h. */
#include "core/bits.h"
#include "core/count.h"
#include "core/runs.h"

static uint64_t runs_max(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

static uint64_t runs_bits(const struct runs_word *word, enum runs_what what)
{
    uint64_t free = ~word->used & RUNS_FULL;

    return what == RUNS_SEEK_USED ? word->used : free | word->start;
}

uint64_t runs_seek(struct polished_heap *heap, uint64_t at, uint64_t to,
                   enum runs_what what)
{
    const struct runs_word *words = runs_of(heap)->words;

    while (at < to) {
        uint64_t bits =
            runs_bits(&words[at / RUNS_WORD_BITS], what) >> at % RUNS_WORD_BITS;

        POLISHED_STEP(heap);
        if (bits != 0)
            return runs_min(at + bits_lowest(bits), to);
        at += RUNS_WORD_BITS - at % RUNS_WORD_BITS;
    }
    return to;
}

/* So many units of one word from `at` on: free ones are ones. */
static uint64_t runs_window(struct polished_heap *heap, uint64_t at,
                            uint64_t count)
{
    const struct runs_word *word = &runs_of(heap)->words[at / RUNS_WORD_BITS];

    POLISHED_STEP(heap);
    return ~word->used >> at % RUNS_WORD_BITS & UINT64_MAX >> (64 - count);
}

/* The ones with which a number begins, from its lowest bit on. */
static uint64_t runs_head(uint64_t ones)
{
    return ones == UINT64_MAX ? 64 : bits_lowest(~ones);
}

/* Leave of the ones those from which on there are `need` of them. */
static uint64_t runs_starts(uint64_t ones, uint64_t need)
{
    uint64_t have = 1;

    if (need > 64)
        return 0;
    while (have < need && ones != 0) {
        uint64_t more = need - have < have ? need - have : have;

        ones &= ones >> more;
        have += more;
    }
    return ones;
}

/*
 * Look through a part of a leaf for the end of a long enough run.  The run
 * that is open there may have begun before the leaf.
 */
static bool runs_scan(struct polished_heap *heap, uint64_t at, uint64_t to,
                      uint64_t need, struct runs_run *run)
{
    for (uint64_t count; at < to; at += count) {
        uint64_t free, head, starts;

        count = runs_min(to - at, RUNS_WORD_BITS - at % RUNS_WORD_BITS);
        free = runs_window(heap, at, count);
        head = runs_head(free);
        if (head == count)
            continue;
        run->end = at + head;
        if (run->end - run->first >= need)
            return true;
        starts = runs_starts(free, need);
        if (starts != 0) {
            uint64_t first = bits_lowest(starts);
            uint64_t end = first + runs_head(free >> first);

            run->first = at + first;
            run->end = at + end;
            if (end < count)
                return true;
        } else {
            run->first =
                at + 1 + bits_highest(~free & UINT64_MAX >> (64 - count));
        }
    }
    return false;
}

/* The same from right to left, as far as the leaf begins. */
static bool runs_scan_back(struct polished_heap *heap, uint64_t from,
                           uint64_t at, uint64_t need, struct runs_run *run)
{
    for (uint64_t count; at > from; at -= count) {
        uint64_t free, used, starts;

        count = (at - 1) % RUNS_WORD_BITS + 1;
        free = runs_window(heap, at - count, count);
        used = ~free & UINT64_MAX >> (64 - count);
        if (used == 0)
            continue;
        run->first = at - count + bits_highest(used) + 1;
        if (run->end - run->first >= need)
            return true;
        starts = runs_starts(free, need);
        run->end = at - count + runs_head(free);
        if (starts != 0) {
            uint64_t last = bits_highest(starts);
            uint64_t below = used & ((UINT64_C(1) << last) - 1);

            run->end = at - count + last + need;
            if (below != 0) {
                run->first = at - count + bits_highest(below) + 1;
                return true;
            }
        }
    }
    return false;
}

/* Is nothing that lies wholly in the node what is wished for? */
static bool runs_is_poor(const struct runs_node *node, struct runs_wish wish)
{
    return node->longest < wish.need || node->wide < wish.wide;
}

/*
 * run->first is where the run begins that is open at the node: nodes that are
 * free lengthen it, others end it, and those too poor are not looked into.
 */
bool runs_next(struct polished_heap *heap, uint64_t from, uint64_t to,
               struct runs_wish wish, struct runs_run *run)
{
    const struct runs *runs = runs_of(heap);
    struct runs_place place = {runs->top, 0};
    uint64_t begin;

    run->first = from;
    while ((begin = runs_begin(place)) < to) {
        const struct runs_node *node = runs_node(runs, place);
        uint64_t end = begin + runs_cover(place.level);

        POLISHED_STEP(heap);
        if (end > from && node->kind != RUNS_FREE) {
            run->end = runs_min(begin + node->first, to);
            if (run->first <= begin && run->end - run->first >= wish.need)
                return true;
            if (runs_is_poor(node, wish)) {
                run->first = runs_max(run->first, end - node->last);
            } else if (place.level != 0) {
                place = runs_child(place, 0);
                continue;
            } else if (runs_scan(heap, runs_max(begin, run->first),
                                 runs_min(end, to), wish.need, run)) {
                return true;
            }
        }
        place = runs_after(place);
    }
    run->end = to;
    return run->first < to && to - run->first >= wish.need;
}

bool runs_previous(struct polished_heap *heap, uint64_t to,
                   struct runs_wish wish, struct runs_run *run)
{
    const struct runs *runs = runs_of(heap);
    struct runs_place place = {runs->top, 0};

    run->end = to;
    for (;;) {
        const struct runs_node *node = runs_node(runs, place);
        uint64_t begin = runs_begin(place);
        uint64_t end = begin + runs_cover(place.level);

        POLISHED_STEP(heap);
        if (begin < to && node->kind != RUNS_FREE) {
            run->first = end - node->last;
            if (run->end >= end && run->end - run->first >= wish.need)
                return true;
            if (runs_is_poor(node, wish)) {
                run->end = runs_min(run->end, begin + node->first);
            } else if (place.level != 0) {
                place = runs_child(place, RUNS_FAN - 1);
                continue;
            } else if (runs_scan_back(heap, begin, runs_min(end, run->end),
                                      wish.need, run)) {
                return true;
            }
        }
        if (place.index == 0)
            break;
        place = runs_before(place);
    }
    run->first = 0;
    return run->end >= wish.need;
}

bool runs_is_free(struct polished_heap *heap, uint64_t from, uint64_t to)
{
    struct runs_run run;

    POLISHED_ASSERT(from < to);
    return runs_next(heap, from, to, (struct runs_wish){to - from, 0}, &run);
}

uint64_t runs_longest(const struct polished_heap *heap)
{
    const struct runs *runs = runs_of(heap);
    const struct runs_node *root = &runs->nodes[runs->levels[runs->top]];

    return root->kind == RUNS_FREE ? runs->capacity : root->longest;
}

enum runs_state runs_state_of(struct polished_heap *heap, uint64_t unit)
{
    const struct runs *runs = runs_of(heap);
    const struct runs_word *word = &runs->words[unit / RUNS_WORD_BITS];

    for (uint32_t level = runs->top;; level--) {
        struct runs_place place = {level, unit / runs_cover(level)};
        uint32_t kind = runs_node(runs, place)->kind;

        POLISHED_STEP(heap);
        if (kind != RUNS_MIXED)
            return kind == RUNS_FREE ? RUNS_IS_FREE : RUNS_IS_INSIDE;
        if (level == 0)
            break;
    }
    if (!(word->used >> unit % RUNS_WORD_BITS & 1))
        return RUNS_IS_FREE;
    return word->start >> unit % RUNS_WORD_BITS & 1 ? RUNS_IS_START
                                                    : RUNS_IS_INSIDE;
}

/* Every mixed node has a border in it, so this goes down once. */
uint64_t runs_border(struct polished_heap *heap, uint64_t unit)
{
    const struct runs *runs = runs_of(heap);
    struct runs_place place = {runs->top, 0};
    uint64_t begin;

    while ((begin = runs_begin(place)) < runs->capacity) {
        uint32_t kind = runs_node(runs, place)->kind;
        uint64_t end = begin + runs_cover(place.level);

        POLISHED_STEP(heap);
        if (end > unit && kind == RUNS_FREE)
            return runs_max(begin, unit);
        if (end > unit && kind == RUNS_MIXED) {
            uint64_t to = runs_min(end, runs->capacity);

            if (place.level != 0) {
                place = runs_child(place, 0);
                continue;
            }
            begin =
                runs_seek(heap, runs_max(begin, unit), to, RUNS_SEEK_BORDER);
            if (begin < to)
                return begin;
        }
        place = runs_after(place);
    }
    return runs->capacity;
}
