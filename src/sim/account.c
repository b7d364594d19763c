#include "sim/account.h"

#include <string.h>

/* After 4 events per block of the last walk the next one is due: walks cost
   at most a quarter of a visit per event, and are the same on every run. */
enum { ACCOUNT_EVENTS_PER_BLOCK = 4 };

/* The kernel is asked what a malloc has at every sample, which are at least so
   many events apart, and when live bytes have grown by so much. */
enum { ACCOUNT_LEAST_EVENTS = 256, ACCOUNT_GROWTH_BYTES = 64 * 1024 };

static bool account_unbounded(const struct sim_replay *replay)
{
    return replay->arena.host != NULL && replay->arena.host->unbounded;
}

/* Of a policy without places, live bytes are the extent. */
uint64_t sim_account_end(const struct sim_replay *replay,
                         const struct sim_block *block)
{
    if (replay->arena.host->placeless)
        return replay->live_bytes;
    if (account_unbounded(replay))
        return 0;
    return block->offset_bytes + block->usable_bytes;
}

/* The memory that a malloc has is the extent of its heap. */
void sim_account_footprint(struct sim_replay *replay)
{
    struct measure_tally *tally = &replay->out->tally;
    uint64_t growth_bytes = replay->live_bytes / 16;
    struct host_footprint now;

    if (!account_unbounded(replay))
        return;
    now = replay->arena.host->footprint(replay->heap);
    sim_account_extent(replay, now.resident_bytes);
    if (replay->counted && now.mapped_bytes > tally->peak_mapped_bytes)
        tally->peak_mapped_bytes = now.mapped_bytes;
    replay->next_footprint =
        replay->live_bytes + (growth_bytes > ACCOUNT_GROWTH_BYTES
                                  ? growth_bytes
                                  : ACCOUNT_GROWTH_BYTES);
}

/* Free, but not where the largest hole is. */
static uint64_t account_lost(const struct measure_layout *layout)
{
    return layout->bytes[POLISHED_FREE] - layout->largest_free_bytes;
}

/* Is this moment worse than any before?  The first failure is the worst of
   all; else how far the heap reaches, which is what its size has to be, and
   among the same the free bytes outside the largest hole. */
static bool account_is_worst(struct sim_replay *replay)
{
    const struct sim_policy *out = replay->out;
    const struct measure_layout *layout = &replay->layout;
    const struct measure_layout *worst = &out->worst;

    if (out->first.event != 0)
        return out->first.event == *replay->event &&
               out->worst_event != *replay->event;
    return layout->extent_bytes > worst->extent_bytes ||
           (layout->extent_bytes == worst->extent_bytes &&
            account_lost(layout) > account_lost(worst));
}

/* The picture of this moment, if it is the worst so far. */
static void account_worst(struct sim_replay *replay)
{
    struct sim_policy *out = replay->out;
    uint64_t span_bytes = replay->heap->data.size_bytes;

    if (replay->arena.host != NULL || !account_is_worst(replay))
        return;
    out->worst_event = *replay->event;
    memset(&out->strip, 0, sizeof out->strip);
    out->strip.cell_bytes =
        (span_bytes + MEASURE_STRIP_CELLS - 1) / MEASURE_STRIP_CELLS;
    memset(&out->worst, 0, sizeof out->worst);
    out->worst.strip = &out->strip;
    polished_walk(replay->heap, measure_layout_visit, &out->worst);
    out->worst.strip = NULL;
}

/* How many events until the next sample. */
static uint64_t account_pause(const struct sim_replay *replay)
{
    uint64_t blocks = 0;

    if (account_unbounded(replay))
        return replay->live_blocks >
                       ACCOUNT_LEAST_EVENTS / ACCOUNT_EVENTS_PER_BLOCK
                   ? ACCOUNT_EVENTS_PER_BLOCK * replay->live_blocks
                   : ACCOUNT_LEAST_EVENTS;
    for (int kind = 0; kind < POLISHED_KIND_COUNT; kind++)
        blocks += replay->layout.blocks[kind];
    return ACCOUNT_EVENTS_PER_BLOCK * blocks;
}

bool sim_account_sample(struct sim_replay *replay)
{
    struct measure_tally *tally = &replay->out->tally;
    double external;

    if (!sim_verify_heap(replay))
        return false;
    sim_replay_walk(replay);
    replay->next_sample = *replay->event + account_pause(replay);
    sim_account_footprint(replay);
    if (!replay->counted)
        return true;
    external = measure_external(&replay->layout);
    tally->layout_samples++;
    tally->external_end = external;
    if (external > tally->external_peak)
        tally->external_peak = external;
    if (replay->layout.bytes[POLISHED_USED] >= tally->used_at_peak_bytes) {
        tally->used_at_peak_bytes = replay->layout.bytes[POLISHED_USED];
        tally->own_at_peak_bytes = replay->layout.bytes[POLISHED_OWN];
    }
    account_worst(replay);
    return true;
}
