/*
 * search/generate_random.c - blocks of random sizes and lives around a level
 * of live bytes.  The nearer to the level, the more often one is freed, as
 * in Knuth's simulations (TAOCP 1, 2.5); what lives at the end stays.
 */
#include "search/generate.h"
#include "search/pool.h"
#include "search/random.h"

enum {
    RANDOM_SEED,
    RANDOM_LIVE,
    RANDOM_EVENTS,
    RANDOM_LEAST,
    RANDOM_MOST,
    RANDOM_POWER
};

static const struct search_knob random_knobs[] = {
    [RANDOM_SEED] = {"seed", "of the chance", SEARCH_COUNT, 0, UINT64_MAX, 1},
    [RANDOM_LIVE] = {"live", "bytes alive, about", SEARCH_BYTES, 1, UINT32_MAX,
                     1 << 20},
    [RANDOM_EVENTS] = {"events", "how many", SEARCH_COUNT, 1, UINT64_MAX,
                       20000},
    [RANDOM_LEAST] = {"least", "bytes of the smallest", SEARCH_BYTES, 1,
                      UINT32_MAX, 16},
    [RANDOM_MOST] = {"most", "bytes of the largest", SEARCH_BYTES, 1,
                     UINT32_MAX, 4096},
    [RANDOM_POWER] = {"power", "1: sizes by a power law; 0: all as often",
                      SEARCH_COUNT, 0, 1, 1},
    {.name = NULL},
};

static const char *random_judge(const struct search_values *values)
{
    return search_judge_sizes(values->numbers[RANDOM_LEAST],
                              values->numbers[RANDOM_MOST]);
}

/* At the level, half of the events are frees. */
static bool random_event(struct search_pool *pool, struct search_emit *out,
                         const uint64_t *numbers, uint64_t *state)
{
    uint64_t least = numbers[RANDOM_LEAST], most = numbers[RANDOM_MOST];
    uint64_t draw = search_random_from(state, 0, 2 * numbers[RANDOM_LIVE] - 1);

    if (pool->count > 0 && draw < pool->live_bytes)
        return search_pool_free(pool, out,
                                search_random_from(state, 0, pool->count - 1));
    return search_pool_alloc(pool, out,
                             numbers[RANDOM_POWER]
                                 ? search_random_power(state, least, most)
                                 : search_random_from(state, least, most));
}

static bool random_run(struct search_emit *out,
                       const struct search_values *values)
{
    struct search_pool pool = {.count = 0};
    uint64_t state = values->numbers[RANDOM_SEED];
    bool good = true;

    for (uint64_t i = 0; good && i < values->numbers[RANDOM_EVENTS]; i++)
        good = random_event(&pool, out, values->numbers, &state);
    search_pool_close(&pool);
    return good;
}

const struct search_generator search_generator_random = {
    .name = "random",
    .summary = "random sizes and lives around a level",
    .knobs = random_knobs,
    .judge = random_judge,
    .run = random_run,
};
