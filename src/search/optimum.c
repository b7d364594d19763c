#include "search/optimum.h"

#include <stdlib.h>

#include "search/canon.h"
#include "search/order.h"
#include "search/sweep.h"

enum {
    OPTIMUM_ORDERS_MOST = 5000,
    OPTIMUM_CANON_MOST = 1000,
    OPTIMUM_QUESTIONS = 16, /* as many may be left without an answer */
    OPTIMUM_STRIDES = 64,
    OPTIMUM_VISITS_LEAST = 1 << 20
};

/* Some ten seconds for what is large or hard, far less for most. */
const struct search_effort search_effort_full = {
    .sweep_operations = 60000000,
    .comparisons = 400000000,
    .visits = 4000000000,
};

/* A second for what is hard. */
const struct search_effort search_effort_quick = {
    .sweep_operations = 6000000,
    .comparisons = 50000000,
    .visits = 300000000,
};

struct optimum {
    struct search_incumbent best;
    struct search_canon *canon;
    uint64_t floor;    /* no placement is lower */
    uint64_t step;     /* canonical placements have heights that it divides */
    uint64_t question; /* visits for one, but for the first */
    struct search_effort left;
};

static bool optimum_is_done(const struct optimum *optimum)
{
    return optimum->best.height <= optimum->floor;
}

/* The placement by the best key first, then the others. */
static bool optimum_repair(struct optimum *optimum, enum search_key best)
{
    for (int turn = 0; turn < SEARCH_KEY_COUNT; turn++) {
        enum search_key key = turn == 0           ? best
                              : turn <= (int)best ? (enum search_key)(turn - 1)
                                                  : (enum search_key)turn;
        if (optimum_is_done(optimum))
            return true;
        if (!search_sweep_repair(&optimum->best, key,
                                 &optimum->left.sweep_operations))
            return false;
    }
    return true;
}

/* By each key until one reaches L; then mend the best of them. */
static bool optimum_sweep(struct optimum *optimum)
{
    enum search_key best = SEARCH_BY_BIRTH;

    for (int key = 0; key < SEARCH_KEY_COUNT; key++) {
        uint64_t height = optimum->best.height;
        if (optimum_is_done(optimum))
            return true;
        if (!search_sweep(&optimum->best, (enum search_key)key,
                          &optimum->left.sweep_operations))
            return false;
        if (optimum->best.height < height)
            best = (enum search_key)key;
    }
    return optimum_repair(optimum, best);
}

/* Is there a placement of this height?  Keep it, or what its absence proves. */
static enum search_answer optimum_ask(struct optimum *optimum,
                                      uint64_t capacity_bytes, uint64_t budget)
{
    uint64_t granted;

    if (budget > optimum->left.visits)
        budget = optimum->left.visits;
    granted = budget;
    enum search_answer answer = search_canon_solve(
        optimum->canon, optimum->best.trial, capacity_bytes, &budget);

    optimum->left.visits -= granted - budget;
    if (answer == SEARCH_FITS)
        search_incumbent_offer(&optimum->best);
    else if (answer == SEARCH_FITS_NOT)
        optimum->floor = capacity_bytes + optimum->step;
    return answer;
}

/* Halve the distance to L until no question is left. */
static void optimum_halve(struct optimum *optimum)
{
    uint64_t low = optimum->floor;

    while (low < optimum->best.height &&
           optimum->left.visits > OPTIMUM_VISITS_LEAST) {
        uint64_t middle = low + (optimum->best.height - low) / 2;
        middle -= middle % optimum->step;
        if (optimum_ask(optimum, middle, optimum->question) != SEARCH_FITS)
            low = middle + optimum->step;
    }
}

/* A height may be easy that lies below a hard one: go on down in steps. */
static void optimum_descend(struct optimum *optimum)
{
    uint64_t stride = (optimum->best.height - optimum->floor) / OPTIMUM_STRIDES;
    uint64_t height = optimum->best.height;

    stride -= stride % optimum->step;
    stride = stride < optimum->step ? optimum->step : stride;
    while (!optimum_is_done(optimum) && height >= optimum->floor + stride &&
           optimum->left.visits > OPTIMUM_VISITS_LEAST) {
        height -= stride;
        if (optimum_ask(optimum, height, optimum->question) == SEARCH_FITS)
            height = optimum->best.height;
    }
}

static uint64_t optimum_divisor(uint64_t a, uint64_t b)
{
    while (b != 0) {
        uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* Offsets are sums of sizes, rounded up to alignments. */
static uint64_t optimum_step(const struct search_blocks *blocks)
{
    uint64_t step = 0;

    for (size_t i = 0; i < blocks->count; i++)
        step = optimum_divisor(step, blocks->blocks[i].size_bytes);
    for (size_t i = 0; i < blocks->count; i++)
        if (step % blocks->blocks[i].align_bytes != 0)
            step = optimum_divisor(step, blocks->blocks[i].align_bytes);
    return step;
}

static bool optimum_small(struct optimum *optimum)
{
    optimum->canon = search_canon_new(optimum->best.blocks);
    if (optimum->canon == NULL)
        return false;
    optimum->step = optimum_step(optimum->best.blocks);
    optimum_ask(optimum, optimum->floor, optimum->left.visits / 4);
    if (!optimum_is_done(optimum) &&
        !search_orders(&optimum->best, &optimum->left.comparisons))
        return false;
    optimum_halve(optimum);
    optimum_descend(optimum);
    return true;
}

static bool optimum_search(struct optimum *optimum)
{
    size_t count = optimum->best.blocks->count;

    if (!optimum_sweep(optimum))
        return false;
    if (optimum_is_done(optimum) || count > OPTIMUM_ORDERS_MOST)
        return true;
    return count <= OPTIMUM_CANON_MOST
               ? optimum_small(optimum)
               : search_orders(&optimum->best, &optimum->left.comparisons);
}

bool search_optimum(struct search_packing *packing,
                    const struct search_blocks *blocks,
                    const struct search_effort *effort)
{
    struct optimum optimum = {
        .floor = blocks->load_bytes,
        .question = effort->visits / OPTIMUM_QUESTIONS,
        .left = *effort,
    };
    bool fine = search_incumbent_begin(&optimum.best, blocks) &&
                optimum_search(&optimum);

    *packing = (struct search_packing){.load_bytes = blocks->load_bytes};
    if (fine) {
        packing->packed_bytes = optimum.best.height;
        packing->optimal = optimum_is_done(&optimum);
        packing->offsets = optimum.best.offsets;
        optimum.best.offsets = NULL;
    }
    search_canon_free(optimum.canon);
    search_incumbent_free(&optimum.best);
    return fine;
}

void search_packing_free(struct search_packing *packing)
{
    free(packing->offsets);
    packing->offsets = NULL;
}
