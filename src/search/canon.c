#include "search/canon.h"

#include <stdlib.h>
#include <string.h>

#include "search/meetings.h"
#include "search/order.h"

enum { CANON_FIRST_TURN = 1 << 20 }; /* in visits */

struct canon_trail {
    uint32_t block;
    uint64_t low;
};

struct search_canon {
    const struct search_blocks *blocks;
    struct search_lists near;  /* per block: those that it meets in time */
    struct search_lists alive; /* per section: its blocks */
    uint32_t *ranks[SEARCH_PREORDERS];
    const uint32_t *rank; /* of the run */
    uint64_t *low;        /* the lowest offset left, at last the block's own */
    uint64_t *waiting;    /* per section: bytes not yet placed */
    bool *placed;
    uint32_t *done; /* the blocks placed, in order */
    size_t *marks;  /* of trail, when each was placed */
    size_t done_count;
    struct canon_trail *trail;
    size_t trail_count;
    uint32_t *lists; /* a stack of lists: parts and candidates */
    size_t lists_used;
    uint64_t capacity, budget;
};

static void canon_pay(struct search_canon *canon, uint64_t visits)
{
    canon->budget -= visits < canon->budget ? visits : canon->budget;
}

/* Blocks that may be placed without regard to all others: a stretch of time
   that no other block crosses, sorted by birth. */
struct canon_part {
    const uint32_t *blocks;
    size_t count;
    uint32_t first, last; /* sections */
};

static void canon_unplace(struct search_canon *canon, size_t done_count)
{
    while (canon->done_count > done_count) {
        uint32_t number = canon->done[--canon->done_count];
        const struct search_block *block = &canon->blocks->blocks[number];
        while (canon->trail_count > canon->marks[canon->done_count]) {
            struct canon_trail old = canon->trail[--canon->trail_count];
            canon->low[old.block] = old.low;
        }
        for (uint32_t s = block->birth; s <= block->death; s++)
            canon->waiting[s] += block->size_bytes;
        canon->placed[number] = false;
    }
}

/* Lift those that rest on a block now; the sections that they cross.
   false: one of them exceeds the capacity. */
static bool canon_lift(struct search_canon *canon, uint32_t number,
                       uint32_t *first, uint32_t *last)
{
    const struct search_block *blocks = canon->blocks->blocks;
    uint64_t top = canon->low[number] + blocks[number].size_bytes;

    canon_pay(canon, canon->near.first[number + 1] - canon->near.first[number]);
    for (uint32_t n = canon->near.first[number];
         n < canon->near.first[number + 1]; n++) {
        uint32_t other = canon->near.items[n];
        uint64_t low = search_aligned(top, blocks[other].align_bytes);
        if (canon->placed[other] || low <= canon->low[other])
            continue;
        canon->trail[canon->trail_count++] =
            (struct canon_trail){other, canon->low[other]};
        canon->low[other] = low;
        if (low + blocks[other].size_bytes > canon->capacity)
            return false;
        *first = blocks[other].birth < *first ? blocks[other].birth : *first;
        *last = blocks[other].death > *last ? blocks[other].death : *last;
    }
    return true;
}

/* Is there room in a section for all that waits, above its lowest offset? */
static bool canon_has_room(struct search_canon *canon, uint32_t section,
                           uint64_t floor)
{
    uint64_t low = UINT64_MAX;

    if (canon->waiting[section] == 0)
        return true;
    canon_pay(canon,
              canon->alive.first[section + 1] - canon->alive.first[section]);
    for (uint32_t a = canon->alive.first[section];
         a < canon->alive.first[section + 1]; a++) {
        uint32_t number = canon->alive.items[a];
        if (!canon->placed[number] && canon->low[number] < low)
            low = canon->low[number];
    }
    low = low < floor ? floor : low;
    return low + canon->waiting[section] <= canon->capacity;
}

/* Place a block at its lowest offset; false: the rest does not fit then. */
static bool canon_place(struct search_canon *canon, uint32_t number,
                        const struct canon_part *part)
{
    const struct search_block *block = &canon->blocks->blocks[number];
    uint64_t at = canon->low[number];
    uint32_t first = UINT32_MAX, last = 0;

    canon->marks[canon->done_count] = canon->trail_count;
    canon->done[canon->done_count++] = number;
    canon->placed[number] = true;
    for (uint32_t s = block->birth; s <= block->death; s++)
        canon->waiting[s] -= block->size_bytes;
    if (at + block->size_bytes > canon->capacity ||
        !canon_lift(canon, number, &first, &last))
        return false;
    for (uint32_t s = part->first; s <= part->last; s++)
        if (canon->waiting[s] != 0 && at + canon->waiting[s] > canon->capacity)
            return false;
    for (uint32_t s = first; s <= last; s++)
        if (!canon_has_room(canon, s, at))
            return false;
    return true;
}

/* Sorted by offset, then by the preorder. */
static bool canon_precedes(const struct search_canon *canon, uint32_t a,
                           uint32_t b)
{
    return canon->low[a] != canon->low[b] ? canon->low[a] < canon->low[b]
                                          : canon->rank[a] < canon->rank[b];
}

/*
 * The blocks that may come next: not below the last one, as offsets never
 * fall, and not so high that another would fit below it, which could be
 * moved there from any place that it gets later.
 */
static size_t canon_candidates(const struct search_canon *canon,
                               const struct canon_part *part, uint32_t previous,
                               uint32_t *candidates)
{
    const struct search_block *blocks = canon->blocks->blocks;
    uint64_t top = UINT64_MAX;
    size_t count = 0;

    for (size_t i = 0; i < part->count; i++) {
        uint32_t number = part->blocks[i];
        if (canon->low[number] + blocks[number].size_bytes < top)
            top = canon->low[number] + blocks[number].size_bytes;
    }
    for (size_t i = 0; i < part->count; i++) {
        uint32_t number = part->blocks[i];
        size_t at = count;
        if (canon->low[number] >= top ||
            (previous != UINT32_MAX && canon_precedes(canon, number, previous)))
            continue;
        for (; at > 0 && canon_precedes(canon, number, candidates[at - 1]);
             at--)
            candidates[at] = candidates[at - 1];
        candidates[at] = number;
        count++;
    }
    return count;
}

/* The part that begins at from, of a list of blocks sorted by birth. */
static struct canon_part canon_part_from(const struct search_canon *canon,
                                         const uint32_t *list, size_t from,
                                         size_t count)
{
    const struct search_block *blocks = canon->blocks->blocks;
    struct canon_part part = {
        .blocks = list + from,
        .first = blocks[list[from]].birth,
        .last = blocks[list[from]].death,
    };

    for (; from < count && blocks[list[from]].birth <= part.last; from++) {
        if (blocks[list[from]].death > part.last)
            part.last = blocks[list[from]].death;
        part.count++;
    }
    return part;
}

static enum search_answer canon_search(struct search_canon *canon,
                                       const struct canon_part *part,
                                       uint32_t previous);

/* Solve what is left, part by part: one that fails fails whatever the
   others do. */
static enum search_answer canon_rest(struct search_canon *canon,
                                     const uint32_t *list, size_t count,
                                     uint32_t previous)
{
    enum search_answer answer = SEARCH_FITS;

    for (size_t from = 0; from < count && answer == SEARCH_FITS;) {
        struct canon_part part = canon_part_from(canon, list, from, count);
        answer = canon_search(canon, &part, previous);
        from += part.count;
    }
    return answer;
}

static enum search_answer canon_search(struct search_canon *canon,
                                       const struct canon_part *part,
                                       uint32_t previous)
{
    enum search_answer answer = SEARCH_FITS_NOT;
    size_t done_count = canon->done_count, lists_used = canon->lists_used;
    uint32_t *candidates = canon->lists + lists_used;
    size_t count = canon_candidates(canon, part, previous, candidates);
    uint32_t *rest = candidates + count;

    canon->lists_used += count + part->count - 1;
    for (size_t c = 0; c < count && answer == SEARCH_FITS_NOT; c++) {
        size_t left = 0;
        if (canon->budget == 0) {
            answer = SEARCH_SPENT;
            break;
        }
        canon_pay(canon, part->count);
        for (size_t i = 0; i < part->count; i++)
            if (part->blocks[i] != candidates[c])
                rest[left++] = part->blocks[i];
        if (canon_place(canon, candidates[c], part))
            answer = canon_rest(canon, rest, left, candidates[c]);
        if (answer != SEARCH_FITS)
            canon_unplace(canon, done_count);
    }
    canon->lists_used = lists_used;
    return answer;
}

enum search_answer search_canon_run(struct search_canon *canon,
                                    uint64_t *offsets, unsigned preorder,
                                    uint64_t capacity_bytes, uint64_t *budget)
{
    size_t count = canon->blocks->count;

    canon->rank = canon->ranks[preorder];
    canon->capacity = capacity_bytes;
    canon->budget = *budget;
    memset(canon->low, 0, count * sizeof *canon->low);
    /* The first list is all blocks, which are sorted by birth. */
    for (size_t i = 0; i < count; i++)
        canon->lists[i] = (uint32_t)i;
    canon->lists_used = count;
    enum search_answer answer =
        canon_rest(canon, canon->lists, count, UINT32_MAX);
    if (answer == SEARCH_FITS)
        memcpy(offsets, canon->low, count * sizeof *offsets);
    canon_unplace(canon, 0);
    *budget = canon->budget;
    return answer;
}

enum search_answer search_canon_solve(struct search_canon *canon,
                                      uint64_t *offsets,
                                      uint64_t capacity_bytes, uint64_t *budget)
{
    enum search_answer answer = SEARCH_SPENT;
    uint64_t turn = CANON_FIRST_TURN;

    for (; answer == SEARCH_SPENT && *budget > 0; turn *= 2)
        for (unsigned p = 0;
             p < SEARCH_PREORDERS && answer == SEARCH_SPENT && *budget > 0;
             p++) {
            uint64_t granted = turn < *budget ? turn : *budget, left = granted;
            answer = search_canon_run(canon, offsets, p, capacity_bytes, &left);
            *budget -= granted - left;
        }
    return answer;
}

/* A placement lifts no more blocks than it meets. */
static bool canon_trail_new(struct search_canon *canon)
{
    size_t most = canon->near.first[canon->blocks->count];

    canon->trail = calloc(most + 1, sizeof *canon->trail);
    return canon->trail != NULL;
}

static bool canon_ranks_new(struct search_canon *canon)
{
    static const char *const keys[SEARCH_PREORDERS] = {"WAT", "TAW", "TWA",
                                                       "AWT", "SWT"};
    uint32_t *order = canon->lists; /* not in use yet */

    for (int p = 0; p < SEARCH_PREORDERS; p++) {
        canon->ranks[p] =
            calloc(canon->blocks->count + 1, sizeof *canon->ranks[p]);
        if (canon->ranks[p] == NULL ||
            !search_order(order, canon->blocks, keys[p]))
            return false;
        for (size_t i = 0; i < canon->blocks->count; i++)
            canon->ranks[p][order[i]] = (uint32_t)i;
    }
    return true;
}

struct search_canon *search_canon_new(const struct search_blocks *blocks)
{
    struct search_canon *canon = calloc(1, sizeof *canon);
    size_t count = blocks->count + 1;

    if (canon == NULL)
        return NULL;
    canon->blocks = blocks;
    canon->low = calloc(count, sizeof *canon->low);
    canon->waiting = search_blocks_loads(blocks);
    canon->placed = calloc(count, sizeof *canon->placed);
    canon->done = calloc(count, sizeof *canon->done);
    canon->marks = calloc(count, sizeof *canon->marks);
    /* All blocks; then per placement no more candidates than blocks left,
       and the rest. */
    canon->lists = calloc(count * (count + 2), sizeof *canon->lists);
    if (canon->low != NULL && canon->waiting != NULL && canon->placed != NULL &&
        canon->done != NULL && canon->marks != NULL && canon->lists != NULL &&
        search_meetings(blocks, &canon->near, &canon->alive) &&
        canon_trail_new(canon) && canon_ranks_new(canon))
        return canon;
    search_canon_free(canon);
    return NULL;
}

void search_canon_free(struct search_canon *canon)
{
    if (canon == NULL)
        return;
    for (int p = 0; p < SEARCH_PREORDERS; p++)
        free(canon->ranks[p]);
    search_lists_free(&canon->near);
    search_lists_free(&canon->alive);
    free(canon->low);
    free(canon->waiting);
    free(canon->placed);
    free(canon->done);
    free(canon->marks);
    free(canon->trail);
    free(canon->lists);
    free(canon);
}
