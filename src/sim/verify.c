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

/* A malloc aligns for every type, but for none that a block cannot hold. */
static uint64_t verify_align(const struct sim_replay *replay,
                             const struct sim_block *block)
{
    uint64_t align_bytes = block->align_bytes;

    if (replay->unbounded && align_bytes <= _Alignof(max_align_t))
        while (align_bytes > sim_asked(block->size_bytes))
            align_bytes /= 2;
    return align_bytes;
}

/* Say which of these it is. */
static bool verify_misplaced(struct sim_replay *replay,
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
    return sim_replay_defect(replay, "gave %#" PRIx64 " for alignment %" PRIu64,
                             data->bus_base + block->offset_bytes,
                             block->align_bytes);
}

/* Large enough, inside the memory, and aligned. */
static inline bool verify_range(const struct sim_replay *replay,
                                const struct sim_block *block)
{
    const struct polished_region *data = &replay->heap->data;

    return block->usable_bytes >= sim_asked(block->size_bytes) &&
           block->offset_bytes < data->size_bytes &&
           block->usable_bytes <= data->size_bytes - block->offset_bytes &&
           ((data->bus_base + block->offset_bytes) &
            (verify_align(replay, block) - 1)) == 0;
}

static bool verify_touch(struct sim_replay *replay,
                         const struct sim_block *block)
{
    return sim_touch(verify_bytes(replay, block),
                     sim_asked(block->size_bytes)) ||
           sim_replay_defect(replay,
                             "gave %#" PRIx64 ", where no memory is that"
                             " can be written",
                             replay->heap->data.bus_base + block->offset_bytes);
}

static inline bool verify_inside(struct sim_replay *replay,
                                 const struct sim_block *block)
{
    if (replay->judged && !verify_range(replay, block))
        return verify_misplaced(replay, block);
    return !replay->unbounded || verify_touch(replay, block);
}

bool sim_verify_inside(struct sim_replay *replay, const struct sim_block *block)
{
    return verify_inside(replay, block);
}

/* A block may begin where no place could: places of finer granules, for it and
   all that is alive. */
static bool verify_refine(struct sim_replay *replay,
                          const struct sim_block *given)
{
    const struct sim_ledger *ledger = &replay->ledger;
    struct sim_places finer;

    if (!sim_places_init(&finer, replay->places.heap_bytes,
                         replay->heap->data.bus_base, given->align_bytes))
        return false;
    for (uint64_t slot = 0; slot < ledger->capacity; slot++) {
        const struct sim_block *block = &ledger->blocks[slot];

        if (block->state == SIM_ALIVE && block != given)
            sim_places_take(&finer, block->offset_bytes, block->usable_bytes);
    }
    sim_places_free(&replay->places);
    replay->places = finer;
    return true;
}

const struct sim_block *sim_verify_in(const struct sim_replay *replay,
                                      uint64_t offset_bytes,
                                      uint64_t size_bytes,
                                      const struct sim_block *but)
{
    const struct sim_ledger *ledger = &replay->ledger;
    const struct sim_block *last = NULL;

    for (uint64_t slot = 0; slot < ledger->capacity; slot++) {
        const struct sim_block *block = &ledger->blocks[slot];

        if (block->state == SIM_ALIVE && block != but &&
            block->offset_bytes < offset_bytes + size_bytes &&
            offset_bytes < block->offset_bytes + block->usable_bytes &&
            (last == NULL || last->offset_bytes < block->offset_bytes))
            last = block;
    }
    return last;
}

static bool verify_overlap(struct sim_replay *replay,
                           const struct sim_block *block)
{
    const struct sim_block *other =
        sim_verify_in(replay, block->offset_bytes, block->usable_bytes, block);

    return sim_replay_defect(replay,
                             "gave memory of the live block of event %" PRIu64,
                             other == NULL ? 0 : other->birth);
}

/* From now on what it lies in is its own, unless it is another's. */
static inline bool verify_take(struct sim_replay *replay,
                               const struct sim_block *block)
{
    if (replay->placed) {
        if (block->align_bytes < sim_places_granule(&replay->places) &&
            !verify_refine(replay, block))
            return sim_replay_defect(replay, "no memory left for the replay");
        return sim_places_take(&replay->places, block->offset_bytes,
                               block->usable_bytes) ||
               verify_overlap(replay, block);
    }
    return !replay->spread ||
           sim_atlas_take(&replay->atlas, block->offset_bytes,
                          block->usable_bytes) ||
           verify_overlap(replay, block);
}

bool sim_verify_given(struct sim_replay *replay, const struct sim_block *block)
{
    if (!verify_inside(replay, block) || !verify_take(replay, block))
        return false;
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
