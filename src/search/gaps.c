#include "search/gaps.h"

#include <stdlib.h>

enum { GAPS_FIRST = 1024 };

void search_gaps_begin(struct search_gaps *gaps)
{
    *gaps = (struct search_gaps){.random = 2463534242u, .used = 1};
}

void search_gaps_free(struct search_gaps *gaps)
{
    free(gaps->nodes);
    gaps->nodes = NULL;
}

/* Marsaglia's xorshift (2003). */
static uint32_t gaps_random(struct search_gaps *gaps)
{
    gaps->random ^= gaps->random << 13;
    gaps->random ^= gaps->random >> 17;
    gaps->random ^= gaps->random << 5;
    return gaps->random;
}

static bool gaps_reserve(struct search_gaps *gaps)
{
    size_t capacity = gaps->capacity == 0 ? GAPS_FIRST : 2 * gaps->capacity;
    struct search_gap *grown;

    if (gaps->used < gaps->capacity)
        return true;
    grown = capacity > UINT32_MAX
                ? NULL
                : realloc(gaps->nodes, capacity * sizeof *grown);
    if (grown == NULL) {
        gaps->short_of_memory = true;
        return false;
    }
    gaps->nodes = grown;
    gaps->nodes[0] = (struct search_gap){0};
    gaps->capacity = capacity;
    return true;
}

static uint32_t gaps_make(struct search_gaps *gaps, uint64_t lower,
                          uint64_t upper)
{
    uint32_t made = gaps->spare;

    if (made != 0)
        gaps->spare = gaps->nodes[made].left;
    else if (gaps_reserve(gaps))
        made = (uint32_t)gaps->used++;
    else
        return 0;
    gaps->nodes[made] = (struct search_gap){
        .lower = lower,
        .upper = upper,
        .widest = upper - lower,
        .priority = gaps_random(gaps),
    };
    return made;
}

uint32_t search_gaps_all(struct search_gaps *gaps)
{
    return gaps_make(gaps, 0, UINT64_MAX);
}

/* Give back a whole subtree. */
static void gaps_drop(struct search_gaps *gaps, uint32_t root)
{
    if (root == 0)
        return;
    gaps_drop(gaps, gaps->nodes[root].left);
    gaps_drop(gaps, gaps->nodes[root].right);
    gaps->nodes[root].left = gaps->spare;
    gaps->spare = root;
}

static void gaps_fix(struct search_gaps *gaps, uint32_t root)
{
    struct search_gap *node = &gaps->nodes[root];
    uint64_t widest = node->upper - node->lower;

    if (gaps->nodes[node->left].widest > widest)
        widest = gaps->nodes[node->left].widest;
    if (gaps->nodes[node->right].widest > widest)
        widest = gaps->nodes[node->right].widest;
    node->widest = widest;
}

/* Part those that stand before a pair from the rest; no gap ends at 0, so
   at and 0 part by the beginning alone. */
static void gaps_split(struct search_gaps *gaps, uint32_t root, uint64_t at,
                       uint64_t end, uint32_t *below, uint32_t *rest)
{
    const struct search_gap *node = &gaps->nodes[root];

    if (root == 0) {
        *below = *rest = 0;
        return;
    }
    if (node->lower < at || (node->lower == at && node->upper < end)) {
        gaps_split(gaps, node->right, at, end, &gaps->nodes[root].right, rest);
        *below = root;
    } else {
        gaps_split(gaps, node->left, at, end, below, &gaps->nodes[root].left);
        *rest = root;
    }
    gaps_fix(gaps, root);
}

static uint32_t gaps_join(struct search_gaps *gaps, uint32_t low, uint32_t high)
{
    uint32_t root;

    if (low == 0 || high == 0)
        return low + high;
    if (gaps->nodes[low].priority > gaps->nodes[high].priority) {
        root = low;
        gaps->nodes[low].right = gaps_join(gaps, gaps->nodes[low].right, high);
    } else {
        root = high;
        gaps->nodes[high].left = gaps_join(gaps, low, gaps->nodes[high].left);
    }
    gaps_fix(gaps, root);
    return root;
}

uint64_t search_gaps_seek(const struct search_gaps *gaps, uint32_t root,
                          uint64_t at, uint64_t size_bytes)
{
    while (root != 0 && gaps->nodes[root].widest >= size_bytes) {
        const struct search_gap *node = &gaps->nodes[root];
        uint64_t lower = node->lower > at ? node->lower : at;
        if (node->lower > at) {
            uint64_t found = search_gaps_seek(gaps, node->left, at, size_bytes);
            if (found != UINT64_MAX)
                return found;
        }
        if (node->upper > lower && node->upper - lower >= size_bytes)
            return lower;
        root = node->right;
    }
    return UINT64_MAX;
}

uint32_t search_gaps_find(const struct search_gaps *gaps, uint32_t root,
                          uint64_t at)
{
    uint32_t found = 0;

    while (root != 0)
        if (gaps->nodes[root].upper > at) {
            found = root;
            root = gaps->nodes[root].left;
        } else {
            root = gaps->nodes[root].right;
        }
    return found;
}

/* The last gap of a set; 0: it is empty. */
static uint32_t gaps_last(const struct search_gaps *gaps, uint32_t root)
{
    while (root != 0 && gaps->nodes[root].right != 0)
        root = gaps->nodes[root].right;
    return root;
}

/* The last gap ends at upper now. */
static void gaps_trim(struct search_gaps *gaps, uint32_t root, uint64_t upper)
{
    if (gaps->nodes[root].right != 0)
        gaps_trim(gaps, gaps->nodes[root].right, upper);
    else
        gaps->nodes[root].upper = upper;
    gaps_fix(gaps, root);
}

/* Raise the beginning of one gap, whose place in the order stays. */
static void gaps_raise(struct search_gaps *gaps, uint32_t root, uint32_t gap,
                       uint64_t lower)
{
    if (root == gap)
        gaps->nodes[gap].lower = lower;
    else if (gaps->nodes[root].lower > gaps->nodes[gap].lower)
        gaps_raise(gaps, gaps->nodes[root].left, gap, lower);
    else
        gaps_raise(gaps, gaps->nodes[root].right, gap, lower);
    gaps_fix(gaps, root);
}

uint32_t search_gaps_occupy(struct search_gaps *gaps, uint32_t root,
                            uint64_t lower, uint64_t upper)
{
    uint32_t below, inside, above, first, last, tail = 0;
    uint64_t end = upper;

    /* The common case of first fit: the beginning of a gap. */
    first = search_gaps_find(gaps, root, lower);
    if (first == 0 || gaps->nodes[first].lower >= upper)
        return root;
    if (gaps->nodes[first].lower == lower && gaps->nodes[first].upper > upper) {
        gaps_raise(gaps, root, first, upper);
        return root;
    }
    gaps_split(gaps, root, lower, 0, &below, &above);
    gaps_split(gaps, above, upper, 0, &inside, &above);
    last = gaps_last(gaps, inside);
    if (last != 0 && gaps->nodes[last].upper > end)
        end = gaps->nodes[last].upper;
    last = gaps_last(gaps, below);
    if (last != 0 && gaps->nodes[last].upper > lower) {
        if (gaps->nodes[last].upper > end)
            end = gaps->nodes[last].upper;
        gaps_trim(gaps, below, lower);
    }
    gaps_drop(gaps, inside);
    if (end > upper)
        tail = gaps_make(gaps, upper, end);
    return gaps_join(gaps, gaps_join(gaps, below, tail), above);
}

uint32_t search_gaps_release(struct search_gaps *gaps, uint32_t root,
                             uint64_t lower, uint64_t upper)
{
    uint32_t below, above, last, first;

    gaps_split(gaps, root, lower, 0, &below, &above);
    first = search_gaps_find(gaps, above, upper);
    if (first != 0 && gaps->nodes[first].lower == upper) {
        uint32_t swallowed;
        upper = gaps->nodes[first].upper;
        gaps_split(gaps, above, upper, 0, &swallowed, &above);
        gaps_drop(gaps, swallowed);
    }
    last = gaps_last(gaps, below);
    if (last != 0 && gaps->nodes[last].upper == lower)
        gaps_trim(gaps, below, upper);
    else
        below = gaps_join(gaps, below, gaps_make(gaps, lower, upper));
    return gaps_join(gaps, below, above);
}

uint32_t search_gaps_add(struct search_gaps *gaps, uint32_t root,
                         uint64_t lower, uint64_t upper)
{
    uint32_t below, above, made = gaps_make(gaps, lower, upper);

    gaps_split(gaps, root, lower, upper, &below, &above);
    return gaps_join(gaps, gaps_join(gaps, below, made), above);
}

uint32_t search_gaps_remove(struct search_gaps *gaps, uint32_t root,
                            uint64_t lower, uint64_t upper)
{
    uint32_t below, gone, above;

    gaps_split(gaps, root, lower, upper, &below, &above);
    gaps_split(gaps, above, lower, upper + 1, &gone, &above);
    gaps_drop(gaps, gone);
    return gaps_join(gaps, below, above);
}

uint32_t search_gaps_from(const struct search_gaps *gaps, uint32_t root,
                          uint64_t lower, uint64_t upper)
{
    uint32_t found = 0;

    while (root != 0) {
        const struct search_gap *node = &gaps->nodes[root];
        bool before = node->lower < lower ||
                      (node->lower == lower && node->upper < upper);
        found = before ? found : root;
        root = before ? node->right : node->left;
    }
    return found;
}
