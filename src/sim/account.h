/* sim/account.h - what is kept at every event: inline, and as few stores as
   will do. */
#ifndef SIM_ACCOUNT_H
#define SIM_ACCOUNT_H

#include "sim/replay.h"

/* The rare part of what follows: a host's heap ends elsewhere than its last
   block, and the kernel is asked how much memory a malloc has. */
uint64_t sim_account_end(const struct sim_replay *replay,
                         const struct sim_block *block);
void sim_account_footprint(struct sim_replay *replay);

static inline void sim_account_extent(struct sim_replay *replay,
                                      uint64_t end_bytes)
{
    struct measure_tally *tally = &replay->out->tally;

    if (end_bytes <= replay->extent_bytes)
        return;
    replay->extent_bytes = end_bytes;
    if (replay->counted && end_bytes > tally->peak_extent_bytes) {
        tally->peak_extent_bytes = end_bytes;
        tally->live_at_peak_extent_bytes = replay->live_bytes;
    }
}

/* A block begins. */
static inline void sim_account_grow(struct sim_replay *replay,
                                    const struct sim_block *block)
{
    struct measure_tally *tally = &replay->out->tally;

    replay->live_blocks++;
    replay->live_bytes += block->size_bytes;
    replay->reserved_bytes += block->usable_bytes;
    sim_account_extent(replay, replay->arena.host == NULL
                                   ? block->offset_bytes + block->usable_bytes
                                   : sim_account_end(replay, block));
    if (!replay->counted)
        return;
    if (replay->live_bytes > tally->peak_live_bytes) {
        tally->peak_live_bytes = replay->live_bytes;
        tally->extent_at_peak_live_bytes = replay->extent_bytes;
    }
    if (replay->reserved_bytes > tally->peak_reserved_bytes) {
        tally->peak_reserved_bytes = replay->reserved_bytes;
        tally->live_at_peak_reserved_bytes = replay->live_bytes;
    }
}

/* A block ends. */
static inline void sim_account_shrink(struct sim_replay *replay,
                                      const struct sim_block *block)
{
    replay->live_blocks--;
    replay->live_bytes -= block->size_bytes;
    replay->reserved_bytes -= block->usable_bytes;
}

/* An event is over. */
static inline void sim_account_event(struct sim_replay *replay)
{
    struct measure_tally *tally = &replay->out->tally;
    uint64_t ratio;

    if (replay->live_bytes >= replay->next_footprint)
        sim_account_footprint(replay);
    if (replay->live_bytes == 0)
        return;
    ratio = replay->extent_bytes > UINT64_MAX >> 16
                ? UINT64_MAX
                : (replay->extent_bytes << 16) / replay->live_bytes;
    tally->ratio_count++;
    tally->ratio_sum_low += ratio;
    tally->ratio_sum_high += tally->ratio_sum_low < ratio;
}

#endif
