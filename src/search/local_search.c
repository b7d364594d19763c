/* local_search.c - first fit in an order, and better orders. */
#include <stdlib.h>
#include <string.h>

#include "search/order.h"

enum {
    LOCAL_IDLE_MOST = 20000, /* moves without gain, then back to the best */
    LOCAL_NEAR_PERCENT = 60, /* how often the high block itself moves */
    LOCAL_WORSE_ONE_IN = 50  /* a move may lose 1/50 of the gap, so often */
};

struct local_place {
    uint64_t offset, top;
    uint32_t birth, death;
};

struct local {
    struct search_incumbent *best;
    const struct search_blocks *blocks;
    struct local_place *places; /* of what is placed, by offset */
    uint32_t *order, *tried, *best_order;
    uint64_t *offsets; /* of order */
    uint64_t height;   /* of order */
    uint64_t random;
    uint64_t *budget;
};

/* Vigna's splitmix64 (public domain): a fixed seed gives a fixed search. */
static uint64_t local_random(struct local *local, uint64_t below)
{
    uint64_t z = local->random += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (z ^ (z >> 31)) % below;
}

/* The lowest address free all the block's life, among the first count
   places, which are sorted by offset. */
static uint64_t local_fit(const struct local *local, size_t count,
                          const struct search_block *block)
{
    uint64_t at = 0;

    for (size_t i = 0; i < count; i++) {
        const struct local_place *place = &local->places[i];
        if (place->birth > block->death || place->death < block->birth)
            continue;
        if (place->offset >= at && place->offset - at >= block->size_bytes)
            break;
        if (place->top > at)
            at = search_aligned(place->top, block->align_bytes);
    }
    return at;
}

static void local_insert(struct local *local, size_t count,
                         const struct search_block *block, uint64_t at)
{
    size_t low = 0, high = count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (local->places[middle].offset < at)
            low = middle + 1;
        else
            high = middle;
    }
    memmove(&local->places[low + 1], &local->places[low],
            (count - low) * sizeof *local->places);
    local->places[low] = (struct local_place){at, at + block->size_bytes,
                                              block->birth, block->death};
}

/* Place all in an order into the trial; the height, UINT64_MAX if it would
   be limit or more, or the budget is spent. */
static uint64_t local_place_all(struct local *local, const uint32_t *order,
                                uint64_t limit)
{
    uint64_t height = 0;

    for (size_t i = 0; i < local->blocks->count; i++) {
        const struct search_block *block = &local->blocks->blocks[order[i]];
        if (*local->budget < i)
            return UINT64_MAX;
        *local->budget -= i;
        uint64_t at = local_fit(local, i, block);
        uint64_t top = at + block->size_bytes;
        if (top >= limit)
            return UINT64_MAX;
        height = top > height ? top : height;
        local->best->trial[order[i]] = at;
        local_insert(local, i, block, at);
    }
    return height;
}

/* The tried order becomes the current one. */
static void local_accept(struct local *local, uint64_t height)
{
    size_t count = local->blocks->count;

    memcpy(local->order, local->tried, count * sizeof *local->order);
    memcpy(local->offsets, local->best->trial, count * sizeof *local->offsets);
    local->height = height;
    if (height < local->best->height) {
        memcpy(local->best_order, local->tried,
               count * sizeof *local->best_order);
        search_incumbent_offer(local->best);
    }
}

/* One of the blocks above L, each as likely as the others. */
static size_t local_pick_high(struct local *local)
{
    uint64_t seen = 0;
    size_t picked = 0;

    for (size_t i = 0; i < local->blocks->count; i++) {
        uint64_t top = local->offsets[i] + local->blocks->blocks[i].size_bytes;
        if (top > local->blocks->load_bytes && local_random(local, ++seen) == 0)
            picked = i;
    }
    return picked;
}

/* One of the blocks that it meets in time. */
static size_t local_pick_near(struct local *local, size_t number)
{
    const struct search_block *blocks = local->blocks->blocks;
    uint64_t seen = 0;
    size_t picked = number;

    for (size_t i = 0; i < local->blocks->count; i++)
        if (i != number && search_meet(&blocks[i], &blocks[number]) &&
            local_random(local, ++seen) == 0)
            picked = i;
    return picked;
}

/* Let a block have an earlier turn: by itself, or in exchange. */
static void local_move(struct local *local)
{
    size_t count = local->blocks->count, from = 0, to;
    size_t number = local_pick_high(local);

    if (local_random(local, 100) >= LOCAL_NEAR_PERCENT)
        number = local_pick_near(local, number);
    memcpy(local->tried, local->order, count * sizeof *local->tried);
    while (local->tried[from] != number)
        from++;
    to = local_random(local, from > 0 ? from : count);
    if (from > 0 && local_random(local, 2) == 0) {
        memmove(&local->tried[to + 1], &local->tried[to],
                (from - to) * sizeof *local->tried);
    } else {
        local->tried[from] = local->tried[to];
    }
    local->tried[to] = (uint32_t)number;
}

static void local_climb(struct local *local)
{
    unsigned idle = 0;

    while (!search_incumbent_is_load(local->best) &&
           *local->budget > local->blocks->count) {
        uint64_t limit = local->height + 1, best = local->best->height;
        if (local_random(local, LOCAL_WORSE_ONE_IN) == 0)
            limit += (local->height - local->blocks->load_bytes) / 50;
        local_move(local);
        uint64_t height = local_place_all(local, local->tried, limit);
        if (height != UINT64_MAX)
            local_accept(local, height);
        idle = local->best->height < best ? 0 : idle + 1;
        if (idle == LOCAL_IDLE_MOST) {
            idle = 0;
            memcpy(local->tried, local->best_order,
                   local->blocks->count * sizeof *local->tried);
            local_accept(local,
                         local_place_all(local, local->tried, UINT64_MAX));
        }
    }
}

/* The best of the usual orders is where the climb begins. */
static bool local_start(struct local *local)
{
    static const char *const keys[] = {"SW", "AS", "WS", "TAW", "TWA", "WAT"};

    local->height = UINT64_MAX;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (!search_order(local->tried, local->blocks, keys[i]))
            return false;
        uint64_t height = local_place_all(local, local->tried, local->height);
        if (height == UINT64_MAX)
            continue;
        memcpy(local->best_order, local->tried,
               local->blocks->count * sizeof *local->best_order);
        local_accept(local, height);
    }
    return true;
}

bool search_orders(struct search_incumbent *best, uint64_t *budget)
{
    size_t count = best->blocks->count + 1;
    struct local local = {
        .best = best,
        .blocks = best->blocks,
        .places = malloc(count * sizeof *local.places),
        .order = malloc(count * sizeof *local.order),
        .tried = malloc(count * sizeof *local.tried),
        .best_order = malloc(count * sizeof *local.best_order),
        .offsets = malloc(count * sizeof *local.offsets),
        .budget = budget,
    };
    bool fine = local.places != NULL && local.order != NULL &&
                local.tried != NULL && local.best_order != NULL &&
                local.offsets != NULL && local_start(&local);

    if (fine && local.height != UINT64_MAX)
        local_climb(&local);
    free(local.places);
    free(local.order);
    free(local.tried);
    free(local.best_order);
    free(local.offsets);
    return fine;
}
