/*
 * search/generate_comb.c - a comb: blocks of one size, of which every n-th
 * stays as a tooth, and then larger ones that fit between no two teeth.
 *
 *     |#|#|#|#|#|#|        blocks
 *     |#| |#| |#| |        what is freed is no use
 *     |#| |#| |#| |####|   to the large ones
 */
#include "search/generate.h"

enum { COMB_ROUNDS, COMB_BLOCKS, COMB_SIZE, COMB_EVERY, COMB_LARGE };

static const struct search_knob comb_knobs[] = {
    [COMB_ROUNDS] = {"rounds", "how often", SEARCH_COUNT, 1, UINT64_MAX / 4, 1},
    [COMB_BLOCKS] = {"blocks", "blocks of a comb", SEARCH_COUNT, 2, UINT32_MAX,
                     1024},
    [COMB_SIZE] = {"size", "bytes of each", SEARCH_BYTES, 1, UINT32_MAX, 64},
    [COMB_EVERY] = {"every", "one of how many stays", SEARCH_COUNT, 2,
                    UINT32_MAX, 2},
    [COMB_LARGE] = {"large", "bytes of each large block", SEARCH_BYTES, 1,
                    UINT32_MAX, 128},
    {.name = NULL},
};

static bool comb_round(struct search_emit *out, const uint64_t *numbers)
{
    uint64_t blocks = numbers[COMB_BLOCKS], every = numbers[COMB_EVERY];
    uint64_t kept = (blocks + every - 1) / every;
    uint64_t freed_bytes = (blocks - kept) * numbers[COMB_SIZE];
    uint64_t large = freed_bytes / numbers[COMB_LARGE];
    bool good = true;

    for (uint64_t id = 0; good && id < blocks; id++)
        good = search_emit_alloc(out, id, numbers[COMB_SIZE]);
    for (uint64_t id = 0; good && id < blocks; id++)
        good = id % every == 0 || search_emit_free(out, id);
    for (uint64_t id = 0; good && id < large; id++)
        good = search_emit_alloc(out, blocks + id, numbers[COMB_LARGE]);
    for (uint64_t id = 0; good && id < large; id++)
        good = search_emit_free(out, blocks + id);
    for (uint64_t id = 0; good && id < blocks; id += every)
        good = search_emit_free(out, id);
    return good;
}

static bool comb_run(struct search_emit *out,
                     const struct search_values *values)
{
    bool good = true;

    for (uint64_t i = 0; good && i < values->numbers[COMB_ROUNDS]; i++)
        good = comb_round(out, values->numbers);
    return good;
}

const struct search_generator search_generator_comb = {
    .name = "comb",
    .summary = "every second block freed, then larger ones",
    .knobs = comb_knobs,
    .run = comb_run,
};
