#include "sim/content.h"
#include "sim/replay.h"
#include "sim/touch.h"

#include <inttypes.h>
#include <stddef.h>

static unsigned char *verify_bytes(const struct sim_replay *replay,
                                   const struct sim_block *block)
{
    return polished_pointer(replay->heap, block->offset_bytes);
}

static bool verify_full(const struct sim_replay *replay)
{
    return replay->options->verify == SIM_VERIFY_FULL;
}

static bool verify_unbounded(const struct sim_replay *replay)
{
    return replay->arena.host != NULL && replay->arena.host->unbounded;
}

/* A malloc aligns for every type, but for none that a block cannot hold. */
static uint64_t verify_align(const struct sim_replay *replay,
                             const struct sim_block *block)
{
    uint64_t align_bytes = block->align_bytes;

    if (verify_unbounded(replay) && align_bytes <= _Alignof(max_align_t))
        while (align_bytes > sim_asked(block->size_bytes))
            align_bytes /= 2;
    return align_bytes;
}

static bool verify_range(struct sim_replay *replay,
                         const struct sim_block *block)
{
    const struct polished_region *data = &replay->heap->data;
    uint64_t asked = sim_asked(block->size_bytes);

    if (block->usable_bytes < asked)
        return sim_replay_defect(replay, "gave %" PRIu64 " bytes for %" PRIu64,
                                 block->usable_bytes, asked);
    if (block->offset_bytes >= data->size_bytes ||
        block->usable_bytes > data->size_bytes - block->offset_bytes)
        return sim_replay_defect(replay,
                                 "gave [%" PRIu64 ", +%" PRIu64
                                 "), which is not inside its memory",
                                 block->offset_bytes, block->usable_bytes);
    if (((data->bus_base + block->offset_bytes) &
         (verify_align(replay, block) - 1)) != 0)
        return sim_replay_defect(
            replay, "gave %#" PRIx64 " for alignment %" PRIu64,
            data->bus_base + block->offset_bytes, block->align_bytes);
    return true;
}

bool sim_verify_inside(struct sim_replay *replay, const struct sim_block *block)
{
    if (replay->options->verify != SIM_VERIFY_NONE &&
        !verify_range(replay, block))
        return false;
    if (verify_unbounded(replay) &&
        !sim_touch(verify_bytes(replay, block), sim_asked(block->size_bytes)))
        return sim_replay_defect(replay,
                                 "gave %#" PRIx64 ", where no memory is that"
                                 " can be written",
                                 replay->heap->data.bus_base +
                                     block->offset_bytes);
    return true;
}

/* Can a place begin where this block does? */
static bool verify_refine(struct sim_replay *replay,
                          const struct sim_block *block)
{
    return !replay->placed ||
           block->align_bytes >= sim_places_granule(&replay->places) ||
           sim_places_refine(&replay->places, block->align_bytes);
}

/* The place that the block overlaps; else it is its own from now on. */
static const struct sim_place *verify_take(struct sim_replay *replay,
                                           const struct sim_block *block)
{
    if (replay->placed)
        return sim_places_take(&replay->places, block->offset_bytes,
                               block->usable_bytes, block->birth);
    if (replay->spread)
        return sim_atlas_take(&replay->atlas, block->offset_bytes,
                              block->usable_bytes, block->birth);
    return NULL;
}

bool sim_verify_given(struct sim_replay *replay, const struct sim_block *block)
{
    const struct sim_place *other;

    if (!sim_verify_inside(replay, block))
        return false;
    if (!verify_refine(replay, block))
        return sim_replay_defect(replay, "no memory left for the replay");
    other = verify_take(replay, block);
    if (other != NULL)
        return sim_replay_defect(
            replay, "gave memory of the live block of event %" PRIu64,
            other->birth);
    if (replay->content)
        sim_content_write(verify_bytes(replay, block),
                          sim_asked(block->size_bytes), block->birth,
                          verify_full(replay));
    return true;
}

bool sim_verify_kept(struct sim_replay *replay, const struct sim_block *block,
                     uint64_t kept_bytes)
{
    if (replay->content &&
        !sim_content_kept(verify_bytes(replay, block),
                          sim_asked(block->size_bytes), kept_bytes,
                          block->birth, verify_full(replay)))
        return sim_replay_defect(
            replay, "the block of event %" PRIu64 " has lost its content",
            block->birth);
    return true;
}

void sim_verify_taken(struct sim_replay *replay, const struct sim_block *block)
{
    if (replay->placed)
        sim_places_give(&replay->places, block->offset_bytes);
    if (replay->spread)
        sim_atlas_give(&replay->atlas, block->offset_bytes,
                       block->usable_bytes);
}
