/*
 * search/generate_sawtooth.c - memory that fills and empties, again and
 * again, as that of a compiler or a server of requests; a few blocks of each
 * tooth survive until the end of the next.
 */
#include "search/generate.h"
#include "search/random.h"

enum { SAW_SEED, SAW_TEETH, SAW_BLOCKS, SAW_LEAST, SAW_MOST, SAW_KEEP };

static const struct search_knob saw_knobs[] = {
    [SAW_SEED] = {"seed", "of the chance", SEARCH_COUNT, 0, UINT64_MAX, 1},
    [SAW_TEETH] = {"teeth", "how often", SEARCH_COUNT, 1, UINT32_MAX, 10},
    [SAW_BLOCKS] = {"blocks", "blocks of a tooth", SEARCH_COUNT, 1, UINT32_MAX,
                    1000},
    [SAW_LEAST] = {"least", "bytes of the smallest", SEARCH_BYTES, 1,
                   UINT32_MAX, 16},
    [SAW_MOST] = {"most", "bytes of the largest", SEARCH_BYTES, 1, UINT32_MAX,
                  1024},
    [SAW_KEEP] = {"keep", "one of how many survives; 0: none", SEARCH_COUNT, 0,
                  UINT32_MAX, 50},
    {.name = NULL},
};

static const char *saw_judge(const struct search_values *values)
{
    return search_judge_sizes(values->numbers[SAW_LEAST],
                              values->numbers[SAW_MOST]);
}

static bool saw_stays(const uint64_t *numbers, uint64_t index)
{
    return numbers[SAW_KEEP] != 0 && index % numbers[SAW_KEEP] == 0;
}

/* The ids of a tooth begin at 0 or at blocks, in turn. */
static bool saw_free(struct search_emit *out, const uint64_t *numbers,
                     uint64_t tooth, bool stayed)
{
    uint64_t blocks = numbers[SAW_BLOCKS], first = (tooth & 1) * blocks;
    bool good = true;

    for (uint64_t i = 0; good && i < blocks; i++)
        good =
            saw_stays(numbers, i) != stayed || search_emit_free(out, first + i);
    return good;
}

static bool saw_run(struct search_emit *out, const struct search_values *values)
{
    const uint64_t *numbers = values->numbers;
    uint64_t state = numbers[SAW_SEED], blocks = numbers[SAW_BLOCKS];
    uint64_t tooth;
    bool good = true;

    for (tooth = 0; good && tooth < numbers[SAW_TEETH]; tooth++) {
        for (uint64_t i = 0; good && i < blocks; i++)
            good =
                search_emit_alloc(out, (tooth & 1) * blocks + i,
                                  search_random_from(&state, numbers[SAW_LEAST],
                                                     numbers[SAW_MOST]));
        good = good && saw_free(out, numbers, tooth, false) &&
               (tooth == 0 || saw_free(out, numbers, tooth - 1, true));
    }
    return good && saw_free(out, numbers, tooth - 1, true);
}

const struct search_generator search_generator_sawtooth = {
    .name = "sawtooth",
    .summary = "memory fills and empties; a few blocks survive",
    .knobs = saw_knobs,
    .judge = saw_judge,
    .run = saw_run,
};
