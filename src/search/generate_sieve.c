/*
 * search/generate_sieve.c - Robson's program, which makes every policy waste.
 *
 * Blocks of 1 fill the memory.  Then, for every power of two 2^i up to the
 * largest size: of two residues modulo 2^i, the last one and the last one
 * plus 2^(i-1), that is chosen at whose addresses the live blocks leave the
 * most room; blocks that cover no such address are freed, and what was freed
 * is allocated anew in blocks of 2^i, which fit into no hole.
 *
 *     J. M. Robson, "An estimate of the store size necessary for dynamic
 *     storage allocation", JACM 18 (1971); "Bounds for some functions
 *     concerning dynamic storage allocation", JACM 21 (1974)
 *
 * With M units alive and blocks of up to n it forces every policy to
 * M (log2(n)/2 + 1) - n + 1 units, and where sizes are powers of
 * two some policy needs no more.
 */
#include "search/generate.h"

#include <stdlib.h>

#include "search/model.h"

enum { SIEVE_UNIT, SIEVE_POLICY, SIEVE_LIVE, SIEVE_LARGEST, SIEVE_HEADER };

static const struct search_knob sieve_knobs[] = {
    [SIEVE_UNIT] = {"unit", "bytes of the smallest block", SEARCH_POWER, 1,
                    1 << 20, 16},
    [SIEVE_POLICY] = {"policy", "it adapts to this one", SEARCH_POLICY, 0, 0,
                      0},
    [SIEVE_LIVE] = {"live", "units alive", SEARCH_COUNT, 1, 1 << 18, 16384},
    [SIEVE_LARGEST] = {"largest", "units of the largest block", SEARCH_POWER, 1,
                       1 << 16, 256},
    [SIEVE_HEADER] = {"header", "bytes that the policy adds to each block",
                      SEARCH_BYTES, 0, 1 << 12, 0},
    {.name = NULL},
};

static const char *sieve_judge(const struct search_values *values)
{
    if (values->numbers[SIEVE_HEADER] >= values->numbers[SIEVE_UNIT])
        return SEARCH_JUDGE_HEADER;
    return values->numbers[SIEVE_LARGEST] <= values->numbers[SIEVE_LIVE]
               ? NULL
               : "--largest is above --live";
}

struct sieve_block {
    uint64_t offset, size, id;
};

struct sieve {
    struct search_emit *out;
    struct search_model model;
    struct sieve_block *blocks; /* as many as units alive, at most */
    size_t count;
    uint64_t unit_bytes, header_bytes, most, live, next_id;
};

/* Does the block cover an address of this residue? */
static bool sieve_covers(const struct sieve_block *block, uint64_t residue,
                         uint64_t modulus)
{
    return ((residue - block->offset) & (modulus - 1)) < block->size;
}

static bool sieve_fail(struct sieve *sieve)
{
    sieve->out->error =
        (struct trace_error){.kind = TRACE_INTERNAL, .what = "out of memory"};
    return false;
}

static bool sieve_alloc(struct sieve *sieve, uint64_t size)
{
    struct sieve_block *block = &sieve->blocks[sieve->count++];

    block->size = size;
    block->id = sieve->next_id++;
    sieve->live += size;
    return (search_model_alloc(&sieve->model, size, &block->offset) ||
            sieve_fail(sieve)) &&
           search_emit_alloc(sieve->out, block->id,
                             size * sieve->unit_bytes - sieve->header_bytes);
}

static bool sieve_free(struct sieve *sieve, const struct sieve_block *block)
{
    sieve->live -= block->size;
    return (search_model_free(&sieve->model, block->offset, block->size) ||
            sieve_fail(sieve)) &&
           search_emit_free(sieve->out, block->id);
}

/* What the blocks that would stay keep others from using. */
static uint64_t sieve_worth(const struct sieve *sieve, uint64_t residue,
                            uint64_t modulus)
{
    uint64_t worth = 0;

    for (size_t i = 0; i < sieve->count; i++)
        if (sieve_covers(&sieve->blocks[i], residue, modulus))
            worth += modulus - sieve->blocks[i].size;
    return worth;
}

static bool sieve_step(struct sieve *sieve, uint64_t size, uint64_t residue)
{
    size_t kept = 0;
    bool good = true;

    for (size_t i = 0; good && i < sieve->count; i++) {
        struct sieve_block block = sieve->blocks[i];

        if (sieve_covers(&block, residue, size))
            sieve->blocks[kept++] = block;
        else
            good = sieve_free(sieve, &block);
    }
    sieve->count = kept;
    while (good && sieve->live + size <= sieve->most)
        good = sieve_alloc(sieve, size);
    return good;
}

static bool sieve_play(struct sieve *sieve, uint64_t largest)
{
    uint64_t residue = 0;
    bool good = true;

    while (good && sieve->live < sieve->most)
        good = sieve_alloc(sieve, 1);
    for (uint64_t size = 2; good && size <= largest; size *= 2) {
        uint64_t other = residue + size / 2;

        if (sieve_worth(sieve, other, size) > sieve_worth(sieve, residue, size))
            residue = other;
        good = sieve_step(sieve, size, residue);
    }
    return good;
}

static bool sieve_run(struct search_emit *out,
                      const struct search_values *values)
{
    const uint64_t *numbers = values->numbers;
    struct sieve sieve = {.out = out,
                          .model.policy = (size_t)numbers[SIEVE_POLICY],
                          .unit_bytes = numbers[SIEVE_UNIT],
                          .header_bytes = numbers[SIEVE_HEADER],
                          .most = numbers[SIEVE_LIVE]};
    bool good;

    sieve.blocks = malloc(sieve.most * sizeof *sieve.blocks);
    good = sieve.blocks ? sieve_play(&sieve, numbers[SIEVE_LARGEST])
                        : sieve_fail(&sieve);
    out->extent_bytes = sieve.model.extent * sieve.unit_bytes;
    out->live_bytes = sieve.most * sieve.unit_bytes;
    search_model_close(&sieve.model);
    free(sieve.blocks);
    return good;
}

const struct search_generator search_generator_sieve = {
    .name = "sieve",
    .summary = "Robson's program: every policy needs this much",
    .knobs = sieve_knobs,
    .in_units = true,
    .adapts = true,
    .judge = sieve_judge,
    .run = sieve_run,
};
