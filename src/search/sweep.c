#include "search/sweep.h"

#include <stdlib.h>
#include <string.h>

#include "search/gaps.h"

enum {
    SWEEP_ROOTS = 2 * 33 + 1,
    SWEEP_IDLE_MOST = 8 /* repairs that did not help */
};

struct sweep {
    struct search_incumbent *best;
    const struct search_blocks *blocks;
    struct search_gaps gaps;
    uint32_t *classes;
    uint32_t *deaths;      /* block numbers in the order of their deaths */
    uint32_t *death_first; /* per section, into deaths */
    uint32_t *tree;        /* over births: a set per node, leaves last */
    uint32_t alive;        /* the set of gaps now */
    uint32_t now, class_count;
    uint64_t *budget;
    bool limited;   /* by the budget */
    uint64_t limit; /* a placement so high is of no use */
};

/* Sort the blocks by death: the sections are small numbers. */
static void sweep_sort(struct sweep *sweep)
{
    const struct search_blocks *blocks = sweep->blocks;
    uint32_t *first = sweep->death_first;

    for (size_t i = 0; i < blocks->count; i++)
        first[blocks->blocks[i].death + 2]++;
    for (uint32_t s = 2; s < blocks->sections + 2; s++)
        first[s] += first[s - 1];
    for (size_t i = 0; i < blocks->count; i++)
        sweep->deaths[first[blocks->blocks[i].death + 1]++] = (uint32_t)i;
}

/* Count one operation; false: the pass is over. */
static bool sweep_pay(struct sweep *sweep)
{
    if (sweep->gaps.short_of_memory)
        return false;
    if (*sweep->budget == 0)
        return !sweep->limited;
    --*sweep->budget;
    return true;
}

/* The sets that a block has to fit into: all that is alive, and what of
   higher classes is born while it lives. */
static size_t sweep_roots(const struct sweep *sweep,
                          const struct search_block *block,
                          uint32_t roots[SWEEP_ROOTS])
{
    size_t count = 0, sections = sweep->blocks->sections;
    size_t low = block->birth + 1 + sections,
           high = block->death + 1 + sections;

    roots[count++] = sweep->alive;
    if (sweep->now + 1 == sweep->class_count)
        return count;
    for (; low < high; low /= 2, high /= 2) {
        if (low % 2 != 0 && sweep->tree[low++] != 0)
            roots[count++] = sweep->tree[low - 1];
        if (high % 2 != 0 && sweep->tree[--high] != 0)
            roots[count++] = sweep->tree[high];
    }
    return count;
}

/* The lowest address free in all sets; UINT64_MAX: the budget is spent. */
static uint64_t sweep_fit(struct sweep *sweep, const struct search_block *block)
{
    uint32_t roots[SWEEP_ROOTS];
    size_t count = sweep_roots(sweep, block, roots), agreed = 0, next = 0;
    uint64_t at = 0;

    while (agreed < count) {
        if (!sweep_pay(sweep))
            return UINT64_MAX;
        uint64_t free_at =
            search_gaps_seek(&sweep->gaps, roots[next], at, block->size_bytes);
        if (free_at == at) {
            agreed++;
        } else {
            at = search_aligned(free_at, block->align_bytes);
            agreed = at == free_at;
        }
        next = next + 1 == count ? 0 : next + 1;
    }
    return at;
}

static bool sweep_place(struct sweep *sweep, size_t number)
{
    const struct search_block *block = &sweep->blocks->blocks[number];
    uint64_t at = sweep_fit(sweep, block);

    if (at == UINT64_MAX || at + block->size_bytes >= sweep->limit)
        return false;
    sweep->best->trial[number] = at;
    sweep->alive = search_gaps_occupy(&sweep->gaps, sweep->alive, at,
                                      at + block->size_bytes);
    return sweep_pay(sweep);
}

/* Births of a section: first those that have their place. */
static bool sweep_births(struct sweep *sweep, size_t from, size_t to)
{
    const struct search_block *blocks = sweep->blocks->blocks;
    const uint64_t *offsets = sweep->best->trial;

    for (size_t i = from; i < to; i++) {
        if (sweep->classes[i] <= sweep->now)
            continue;
        sweep->alive =
            search_gaps_occupy(&sweep->gaps, sweep->alive, offsets[i],
                               offsets[i] + blocks[i].size_bytes);
        if (!sweep_pay(sweep))
            return false;
    }
    for (size_t i = from; i < to; i++)
        if (sweep->classes[i] == sweep->now && !sweep_place(sweep, i))
            return false;
    return true;
}

static bool sweep_deaths(struct sweep *sweep, uint32_t section)
{
    for (uint32_t d = sweep->death_first[section];
         d < sweep->death_first[section + 1]; d++) {
        uint32_t i = sweep->deaths[d];
        uint64_t at = sweep->best->trial[i];
        if (sweep->classes[i] < sweep->now)
            continue;
        sweep->alive =
            search_gaps_release(&sweep->gaps, sweep->alive, at,
                                at + sweep->blocks->blocks[i].size_bytes);
        if (!sweep_pay(sweep))
            return false;
    }
    return true;
}

/* Place one class, all time long. */
static bool sweep_class(struct sweep *sweep)
{
    const struct search_blocks *blocks = sweep->blocks;
    size_t from = 0, to = 0;

    for (uint32_t s = 0; s < blocks->sections; s++, from = to) {
        while (to < blocks->count && blocks->blocks[to].birth == s)
            to++;
        if (!sweep_births(sweep, from, to) || !sweep_deaths(sweep, s))
            return false;
    }
    return true;
}

/* Have the lower classes see this one before it is born: in all nodes from
   its birth up, until one has the whole interval. */
static bool sweep_announce(struct sweep *sweep)
{
    const struct search_blocks *blocks = sweep->blocks;

    for (size_t i = 0; i < blocks->count; i++) {
        uint64_t lower = sweep->best->trial[i];
        uint64_t upper = lower + blocks->blocks[i].size_bytes;
        if (sweep->classes[i] != sweep->now)
            continue;
        for (size_t node = blocks->blocks[i].birth + blocks->sections; node > 0;
             node /= 2) {
            uint32_t *root = &sweep->tree[node];
            if (*root == 0)
                *root = search_gaps_all(&sweep->gaps);
            if (search_gaps_seek(&sweep->gaps, *root, lower, 1) >= upper)
                break;
            *root = search_gaps_occupy(&sweep->gaps, *root, lower, upper);
            if (!sweep_pay(sweep))
                return false;
        }
    }
    return true;
}

static bool sweep_prepare(struct sweep *sweep)
{
    const struct search_blocks *blocks = sweep->blocks;
    size_t sections = blocks->sections;

    search_gaps_begin(&sweep->gaps);
    sweep->classes = malloc((blocks->count + 1) * sizeof *sweep->classes);
    sweep->deaths = malloc((blocks->count + 1) * sizeof *sweep->deaths);
    sweep->death_first = calloc(sections + 3, sizeof *sweep->death_first);
    sweep->tree = calloc(2 * sections + 2, sizeof *sweep->tree);
    return sweep->classes != NULL && sweep->deaths != NULL &&
           sweep->death_first != NULL && sweep->tree != NULL;
}

static void sweep_free(struct sweep *sweep)
{
    search_gaps_free(&sweep->gaps);
    free(sweep->classes);
    free(sweep->deaths);
    free(sweep->death_first);
    free(sweep->tree);
}

/* All classes; false: the pass came to nothing. */
static bool sweep_pass(struct sweep *sweep)
{
    sweep->alive = search_gaps_all(&sweep->gaps);
    for (sweep->now = sweep->class_count; sweep->now-- > 0;)
        if (!sweep_class(sweep) || (sweep->now > 0 && !sweep_announce(sweep)))
            return false;
    return true;
}

static bool sweep_begin(struct sweep *sweep, struct search_incumbent *best,
                        enum search_key key, uint64_t *budget)
{
    *sweep = (struct sweep){
        .best = best,
        .blocks = best->blocks,
        .budget = budget,
        .limited = best->height != UINT64_MAX,
        .limit = best->height,
    };
    if (!sweep_prepare(sweep))
        return false;
    sweep->class_count = search_classes(sweep->classes, best->blocks, key);
    sweep_sort(sweep);
    return sweep->class_count > 0 || best->blocks->count == 0;
}

bool search_sweep(struct search_incumbent *best, enum search_key key,
                  uint64_t *budget)
{
    struct sweep sweep;
    bool fine = sweep_begin(&sweep, best, key, budget);

    if (fine && sweep_pass(&sweep))
        search_incumbent_offer(best);
    fine = fine && !sweep.gaps.short_of_memory;
    sweep_free(&sweep);
    return fine;
}

/* Forget what is placed. */
static void sweep_clear(struct sweep *sweep)
{
    search_gaps_free(&sweep->gaps);
    search_gaps_begin(&sweep->gaps);
    memset(sweep->tree, 0,
           (2 * (size_t)sweep->blocks->sections + 2) * sizeof *sweep->tree);
}

/* The height of what was just placed, when those above L are raised. */
static uint64_t sweep_raise(struct sweep *sweep)
{
    uint64_t height = 0;

    for (size_t i = 0; i < sweep->blocks->count; i++) {
        uint64_t top =
            sweep->best->trial[i] + sweep->blocks->blocks[i].size_bytes;
        height = top > height ? top : height;
        if (top > sweep->blocks->load_bytes)
            sweep->classes[i] = sweep->class_count;
    }
    sweep->class_count++;
    return height;
}

bool search_sweep_repair(struct search_incumbent *best, enum search_key key,
                         uint64_t *budget)
{
    struct sweep sweep;
    bool fine = sweep_begin(&sweep, best, key, budget);
    unsigned idle = 0;

    sweep.limit = UINT64_MAX;
    while (fine && idle < SWEEP_IDLE_MOST && !search_incumbent_is_load(best) &&
           sweep_pass(&sweep)) {
        idle = sweep_raise(&sweep) < best->height ? 0 : idle + 1;
        search_incumbent_offer(best);
        sweep_clear(&sweep);
    }
    fine = fine && !sweep.gaps.short_of_memory;
    sweep_free(&sweep);
    return fine;
}
