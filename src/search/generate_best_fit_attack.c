/*
 * search/generate_best_fit_attack.c - holes that best fit leaves for ever.
 *
 * Requests are of n - 2 to n units where holes of n - 3 are to stay unused,
 * and smaller ones come only when a smaller hole waits for them: so best fit
 * takes none of the old holes.  Two blocks of n - 2 become one, a pin of one
 * unit and a hole:
 *
 *     |  n-2  |  n-2  |
 *     |   n     | n-4 |      the rest is filled exactly
 *     |  n-1   |1| n-4|      shrunk by one: a gap for a unit
 *     |  n-2  |1|1|n-4|      and once more: that one is the pin
 *     |  n-2  |1|     |      n - 3 are free
 *
 * A row of blocks turns from right to left into pins and holes; what that
 * frees pays for the next row.  The first block of a row stays alive,
 * for its hole of n - 2 would be taken.  First fit takes the old
 * holes, and the memory that is needed at least is what is alive.
 *
 * After D. E. Knuth, TAOCP 1, 2.5, exercise 42, whose program leaves no such
 * first blocks and comes near to n - 2 times what is alive.
 */
#include "search/generate.h"

#include <stdlib.h>

#include "search/model.h"

enum { ATTACK_UNIT, ATTACK_POLICY, ATTACK_LIVE, ATTACK_LARGEST };

static const struct search_knob attack_knobs[] = {
    [ATTACK_UNIT] = {"unit", "bytes of the smallest block", SEARCH_POWER, 1,
                     1 << 20, 16},
    [ATTACK_POLICY] = {"policy", "told what it needs for the trace",
                       SEARCH_POLICY, 0, 0, 1},
    [ATTACK_LIVE] = {"live", "units alive", SEARCH_COUNT, 24, 1 << 18, 256},
    [ATTACK_LARGEST] = {"largest", "units of the largest block", SEARCH_COUNT,
                        6, 1 << 16, 16},
    {.name = NULL},
};

static const char *attack_judge(const struct search_values *values)
{
    return 4 * values->numbers[ATTACK_LARGEST] <= values->numbers[ATTACK_LIVE]
               ? NULL
               : "--live is below four times --largest";
}

/* Offsets and sizes by id; ids of freed blocks are used again. */
struct attack {
    struct search_emit *out;
    struct search_model model;
    uint64_t *offsets, *sizes, *free_ids;
    uint64_t id_count, free_count;
    uint64_t unit_bytes, most, largest, live;
    bool good;
};

static uint64_t attack_alloc(struct attack *attack, uint64_t size)
{
    uint64_t id = attack->free_count > 0
                      ? attack->free_ids[--attack->free_count]
                      : attack->id_count++;

    attack->sizes[id] = size;
    attack->live += size;
    attack->good =
        attack->good &&
        search_model_alloc(&attack->model, size, &attack->offsets[id]) &&
        search_emit_alloc(attack->out, id, size * attack->unit_bytes);
    return id;
}

static void attack_free(struct attack *attack, uint64_t id)
{
    attack->free_ids[attack->free_count++] = id;
    attack->live -= attack->sizes[id];
    attack->good = attack->good &&
                   search_model_free(&attack->model, attack->offsets[id],
                                     attack->sizes[id]) &&
                   search_emit_free(attack->out, id);
}

/* As in the picture; the block of n - 2 that remains. */
static uint64_t attack_pin(struct attack *attack, uint64_t left, uint64_t right)
{
    uint64_t n = attack->largest, rest, gap;

    attack_free(attack, left);
    attack_free(attack, right);
    left = attack_alloc(attack, n);
    rest = attack_alloc(attack, n - 4);
    attack_free(attack, left);
    left = attack_alloc(attack, n - 1);
    gap = attack_alloc(attack, 1);
    attack_free(attack, left);
    left = attack_alloc(attack, n - 2);
    attack_alloc(attack, 1); /* the pin, for ever */
    attack_free(attack, rest);
    attack_free(attack, gap);
    return left;
}

/* A row of blocks to pins and holes; its first block remains. */
static uint64_t attack_row(struct attack *attack, uint64_t *row, uint64_t count)
{
    uint64_t left;

    for (uint64_t i = 0; i < count; i++)
        row[i] = attack_alloc(attack, attack->largest - 2);
    /* The last one only keeps the end of the heap away. */
    left = row[count - 2];
    for (uint64_t i = count - 2; i > 0 && attack->good; i--)
        left = attack_pin(attack, row[i - 1], left);
    attack_free(attack, row[count - 1]);
    return left;
}

static void attack_play(struct attack *attack, uint64_t *row)
{
    uint64_t size = attack->largest - 2, count;

    do {
        count = (attack->most - attack->live) / size;
        if (count >= 3)
            attack_row(attack, row, count);
    } while (count >= 3 && attack->good);
}

static bool attack_run(struct search_emit *out,
                       const struct search_values *values)
{
    const uint64_t *numbers = values->numbers;
    struct attack attack = {.out = out,
                            .model.policy = (size_t)numbers[ATTACK_POLICY],
                            .unit_bytes = numbers[ATTACK_UNIT],
                            .most = numbers[ATTACK_LIVE],
                            .largest = numbers[ATTACK_LARGEST],
                            .good = true};
    uint64_t *memory = malloc(4 * attack.most * sizeof *memory);

    if (!memory) {
        out->error = (struct trace_error){.kind = TRACE_INTERNAL,
                                          .what = "out of memory"};
        return false;
    }
    attack.offsets = memory;
    attack.sizes = memory + attack.most;
    attack.free_ids = memory + 2 * attack.most;
    attack_play(&attack, memory + 3 * attack.most);
    out->extent_bytes = attack.model.extent * attack.unit_bytes;
    out->live_bytes = attack.most * attack.unit_bytes;
    search_model_close(&attack.model);
    free(memory);
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
