#include "sim/content.h"
#include "sim/replay.h"

#include <inttypes.h>

static unsigned char *verify_bytes(const struct sim_replay *replay,
                                   const struct sim_block *block)
{
    return polished_pointer(replay->heap, block->offset_bytes);
}

static bool verify_full(const struct sim_replay *replay)
{
    return replay->options->verify == SIM_VERIFY_FULL;
}

bool sim_verify_inside(struct sim_replay *replay, const struct sim_block *block)
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
    if (((data->bus_base + block->offset_bytes) & (block->align_bytes - 1)) !=
        0)
        return sim_replay_defect(
            replay, "gave %#" PRIx64 " for alignment %" PRIu64,
            data->bus_base + block->offset_bytes, block->align_bytes);
    return true;
}

bool sim_verify_given(struct sim_replay *replay, const struct sim_block *block)
{
    const struct sim_place *other = NULL;

    if (!sim_verify_inside(replay, block))
        return false;
    if (replay->placed)
        other = sim_places_take(&replay->places, block->offset_bytes,
                                block->usable_bytes, block->birth);
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
}

bool sim_verify_heap(struct sim_replay *replay)
{
    if (replay->options->verify != SIM_VERIFY_NONE &&
        polished_check(replay->heap) != POLISHED_OK)
        return sim_replay_defect(replay, "its own structures do not agree");
    return true;
}
