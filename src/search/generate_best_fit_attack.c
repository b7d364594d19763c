/*
 * search/generate_best_fit_attack.c - holes that best fit leaves for ever.
 *
 * A cell of n - 2 units is a block, or a hole of n - 3 and a pin of one unit.
 * No old hole is ever the best for a request: it asks for n - 2 units or
 * more, or a smaller hole waits for it.  A gap of n units with a wall behind
 * it wanders to the left, over blocks and pinned cells alike:
 *
 *     | n-2, or hole 1 |  gap of n     |   n-5   |1|
 *     | n-2, or hole 1 |  n-2        |2|   n-5   |1|   the gap is taken
 *     |                              |2|   n-5   |1|   2n - 4 are free
 *     |  n           |  n-5  |1|     |2|   n-5   |1|   n - 4 were left
 *     |  gap of n    |  n-5  |1|     hole n-3    |1|   the old wall is freed
 *
 * Blocks are put at the end, and the gap, made of the last two cells, goes
 * from there to the front: where it came along all cells are pinned but the
 * one at the front.  What that frees pays for the next blocks, until there is
 * one pin in each cell and no memory for more.  First fit takes the old
 * holes, and the memory needed at least is what is alive (one unit less than
 * M is alive till the end, else the best placement would be one more).
 *
 * After J. M. Robson, "Worst case fragmentation of first fit and best fit
 * storage allocation strategies", Computer Journal 20 (1977), as told in
 * D. E. Knuth, TAOCP 1, 2.5, exercise 42, where the gap wanders for each pin;
 * to send it once for many blocks is what takes the time of large memories.
 * With M units alive best fit is forced to (M - 4n + 11)(n - 2), and 2n for
 * what is paid at the end from what a sweep would need.
 */
#include "search/generate.h"

#include <stdlib.h>

#include "search/model.h"

enum { ATTACK_UNIT, ATTACK_POLICY, ATTACK_LIVE, ATTACK_LARGEST, ATTACK_HEADER };

static const struct search_knob attack_knobs[] = {
    [ATTACK_UNIT] = {"unit", "bytes of the smallest block", SEARCH_POWER, 1,
                     1 << 20, 16},
    [ATTACK_POLICY] = {"policy", "told what it needs for the trace",
                       SEARCH_POLICY, 0, 0, 1},
    [ATTACK_LIVE] = {"live", "units alive", SEARCH_COUNT, 24, 1 << 18, 256},
    [ATTACK_LARGEST] = {"largest", "units of the largest block", SEARCH_COUNT,
                        6, 1 << 16, 16},
    [ATTACK_HEADER] = {"header", "bytes that the policy adds to each block",
                       SEARCH_BYTES, 0, 1 << 12, 0},
    {.name = NULL},
};

static const char *attack_judge(const struct search_values *values)
{
    if (values->numbers[ATTACK_HEADER] >= values->numbers[ATTACK_UNIT])
        return SEARCH_JUDGE_HEADER;
    return 4 * values->numbers[ATTACK_LARGEST] <= values->numbers[ATTACK_LIVE]
               ? NULL
               : "--live is below four times --largest";
}

struct attack_block {
    uint64_t offset, size, id;
};

struct attack {
    struct search_emit *out;
    struct search_model model;
    struct attack_block *cells; /* a block, or the pin that is there */
    uint64_t count;
    uint64_t unit_bytes, header_bytes, most, largest, live, next_id;
    bool good;
};

static void attack_alloc(struct attack *attack, uint64_t size,
                         struct attack_block *block)
{
    block->size = size;
    block->id = attack->next_id++;
    attack->live += size;
    attack->good =
        attack->good &&
        search_model_alloc(&attack->model, size, &block->offset) &&
        search_emit_alloc(attack->out, block->id,
                          size * attack->unit_bytes - attack->header_bytes);
}

static void attack_free(struct attack *attack, const struct attack_block *block)
{
    attack->live -= block->size;
    attack->good =
        attack->good &&
        search_model_free(&attack->model, block->offset, block->size) &&
        search_emit_free(attack->out, block->id);
}

/* Where two cells are free: a block of n, the wall and the pin behind it. */
static void attack_gap(struct attack *attack, struct attack_block *wall,
                       struct attack_block *pin)
{
    struct attack_block large;

    attack_alloc(attack, attack->largest, &large);
    attack_alloc(attack, attack->largest - 5, wall);
    attack_free(attack, &large);
    attack_alloc(attack, 1, pin);
}

/* The gap goes over the cell before it, as in the picture. */
static void attack_wander(struct attack *attack, struct attack_block *cell,
                          struct attack_block *wall)
{
    struct attack_block block, two, old = *wall;

    attack_alloc(attack, attack->largest - 2, &block);
    attack_alloc(attack, 2, &two);
    attack_free(attack, cell);
    attack_free(attack, &block);
    attack_gap(attack, wall, cell + 1);
    attack_free(attack, &two);
    attack_free(attack, &old);
}

/* From the last two cells to the front; barrier keeps the end away. */
static void attack_sweep(struct attack *attack,
                         const struct attack_block *barrier)
{
    struct attack_block wall, *last = &attack->cells[attack->count - 1];

    attack_free(attack, last - 1);
    attack_free(attack, last);
    attack_gap(attack, &wall, last);
    attack_free(attack, barrier);
    for (uint64_t i = attack->count - 2; i > 0 && attack->good; i--)
        attack_wander(attack, &attack->cells[i - 1], &wall);
    attack_free(attack, &wall);
    attack_alloc(attack, attack->largest - 2, attack->cells);
}

static void attack_play(struct attack *attack)
{
    const uint64_t n = attack->largest, spare = n - 3; /* for a gap */
    struct attack_block rest;
    uint64_t cells;

    do {
        cells = (attack->most - attack->live - spare) / (n - 2);
        for (uint64_t i = 0; i < cells; i++)
            attack_alloc(attack, n - 2, &attack->cells[attack->count++]);
        attack->count--;
        attack_sweep(attack, &attack->cells[attack->count]);
    } while (attack->live + spare + 2 * (n - 2) <= attack->most &&
             attack->good);
    while (attack->live < attack->most && attack->good)
        attack_alloc(
            attack,
            attack->most - attack->live < n ? attack->most - attack->live : n,
            &rest);
}

static bool attack_run(struct search_emit *out,
                       const struct search_values *values)
{
    const uint64_t *numbers = values->numbers;
    struct attack attack = {.out = out,
                            .model.policy = (size_t)numbers[ATTACK_POLICY],
                            .unit_bytes = numbers[ATTACK_UNIT],
                            .header_bytes = numbers[ATTACK_HEADER],
                            .most = numbers[ATTACK_LIVE],
                            .largest = numbers[ATTACK_LARGEST],
                            .good = true};

    /* There is a unit in each of them. */
    attack.cells = malloc(attack.most * sizeof *attack.cells);
    if (!attack.cells) {
        out->error = (struct trace_error){.kind = TRACE_INTERNAL,
                                          .what = "out of memory"};
        return false;
    }
    attack_play(&attack);
    out->extent_bytes = attack.model.extent * attack.unit_bytes;
    out->live_bytes = attack.most * attack.unit_bytes;
    search_model_close(&attack.model);
    free(attack.cells);
    return attack.good;
}

const struct search_generator search_generator_best_fit_attack = {
    .name = "best-fit-attack",
    .summary = "holes that best fit leaves for ever",
    .knobs = attack_knobs,
    .in_units = true,
    .adapts = true,
    .judge = attack_judge,
    .run = attack_run,
};
