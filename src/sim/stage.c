/* The beginning and the end of a replay. */
#include "sim/explain.h"

/* What is not known of a trace that is still being read shows later. */
static bool stage_places(struct sim_replay *replay,
                         const struct measure_census *census)
{
    uint64_t align_bytes =
        census != NULL ? census->smallest_align_bytes : replay->align_bytes;

    return sim_places_init(&replay->places,
                           replay->heap->data.size_bytes +
                               (census != NULL ? census->extend_bytes : 0),
                           replay->heap->data.bus_base, align_bytes);
}

/* A malloc may align less than it is asked to, for small blocks. */
static bool stage_atlas(struct sim_replay *replay,
                        const struct measure_census *census)
{
    uint64_t align_bytes = census == NULL ? 1 : 8;

    if (census != NULL && census->smallest_align_bytes < align_bytes)
        align_bytes = census->smallest_align_bytes;
    while (align_bytes > 1 &&
           align_bytes > sim_asked(census->smallest_request_bytes))
        align_bytes /= 2;
    return sim_atlas_init(&replay->atlas, align_bytes);
}

/* How much of it can be verified depends on what the heap's blocks are. */
static bool stage_verify(struct sim_replay *replay,
                         const struct measure_census *census)
{
    const struct host_row *host = replay->arena.host;

    replay->unbounded = host != NULL && host->unbounded;
    replay->judged = replay->options->verify != SIM_VERIFY_NONE;
    replay->watched = replay->judged || replay->unbounded;
    if (!replay->judged || (host != NULL && host->placeless))
        return true;
    replay->content = true;
    replay->placed = host == NULL;
    replay->spread = replay->unbounded;
    return replay->spread ? stage_atlas(replay, census)
                          : stage_places(replay, census);
}

bool sim_replay_begin(struct sim_replay *replay, const struct sim_spec *spec,
                      const struct sim_memory *memory,
                      const struct measure_census *census)
{
    struct sim_policy *out = replay->out;

    if (sim_arena_make(&replay->arena, spec, memory,
                       census == NULL ? 0 : census->extend_bytes, out->reason,
                       sizeof out->reason) != POLISHED_OK) {
        out->outcome = SIM_UNSUITED;
        return false;
    }
    replay->heap = replay->arena.heap;
    replay->steps = polished_steps(replay->heap); /* of making it */
    replay->out->tally.control_bytes = replay->arena.control_bytes;
    replay->strays = memory->hole_count != 0 || replay->options->misuse;
    replay->out->tally.is_opaque = spec->host != NULL && spec->host->unbounded;
    replay->next_footprint = replay->out->tally.is_opaque ? 0 : UINT64_MAX;
    if (!sim_ledger_init(&replay->ledger, census == NULL ? 0 : census->slots) ||
        !stage_verify(replay, census))
        return sim_replay_defect(replay, "no memory left for the replay");
    return true;
}

/* Every block that is alive still has its content to show. */
static bool stage_leaks(struct sim_replay *replay)
{
    struct sim_policy *out = replay->out;

    for (uint64_t slot = 0; slot < replay->ledger.capacity; slot++) {
        const struct sim_block *block = &replay->ledger.blocks[slot];

        if (block->state != SIM_ALIVE)
            continue;
        out->leaked_blocks++;
        out->leaked_bytes += block->size_bytes;
        if (!sim_verify_kept(replay, block, UINT64_MAX))
            return false;
    }
    return true;
}

void sim_replay_end(struct sim_replay *replay)
{
    struct sim_policy *out = replay->out;

    replay->counted = true;
    sim_explain_end(replay);
    if (stage_leaks(replay) && sim_account_sample(replay))
        out->outcome = out->failures_total == 0 ? SIM_PASSED : SIM_FAILED;
}
