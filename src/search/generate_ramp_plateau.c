/*
 * search/generate_ramp_plateau.c - memory fills, stays as full while blocks
 * come and go, and is emptied in the order in which it stands: the life of
 * most programs.
 */
#include "search/generate.h"
#include "search/pool.h"
#include "search/random.h"

enum { RAMP_SEED, RAMP_LIVE, RAMP_STEPS, RAMP_LEAST, RAMP_MOST };

static const struct search_knob ramp_knobs[] = {
    [RAMP_SEED] = {"seed", "of the chance", SEARCH_COUNT, 0, UINT64_MAX, 1},
    [RAMP_LIVE] = {"live", "bytes alive on the plateau", SEARCH_BYTES, 1,
                   UINT64_MAX / 4, 1 << 20},
    [RAMP_STEPS] = {"steps", "blocks that go while it lasts", SEARCH_COUNT, 0,
                    UINT64_MAX / 4, 10000},
    [RAMP_LEAST] = {"least", "bytes of the smallest", SEARCH_BYTES, 1,
                    UINT32_MAX, 16},
    [RAMP_MOST] = {"most", "bytes of the largest", SEARCH_BYTES, 1, UINT32_MAX,
                   1024},
    {.name = NULL},
};

static const char *ramp_judge(const struct search_values *values)
{
    return search_judge_sizes(values->numbers[RAMP_LEAST],
                              values->numbers[RAMP_MOST]);
}

static bool ramp_fill(struct search_pool *pool, struct search_emit *out,
                      const uint64_t *numbers, uint64_t *state)
{
    bool good = true;

    while (good && pool->live_bytes < numbers[RAMP_LIVE])
        good = search_pool_alloc(
            pool, out,
            search_random_from(state, numbers[RAMP_LEAST], numbers[RAMP_MOST]));
    return good;
}

static bool ramp_run(struct search_emit *out,
                     const struct search_values *values)
{
    struct search_pool pool = {.count = 0};
    uint64_t state = values->numbers[RAMP_SEED];
    bool good = ramp_fill(&pool, out, values->numbers, &state);

    for (uint64_t i = 0; good && i < values->numbers[RAMP_STEPS]; i++)
        good = search_pool_free(
                   &pool, out, search_random_from(&state, 0, pool.count - 1)) &&
               ramp_fill(&pool, out, values->numbers, &state);
    good = good && search_pool_empty(&pool, out);
    search_pool_close(&pool);
    return good;
}

const struct search_generator search_generator_ramp_plateau = {
    .name = "ramp-plateau",
    .summary = "memory fills, stays full for a while, and empties",
    .knobs = ramp_knobs,
    .judge = ramp_judge,
    .run = ramp_run,
};
