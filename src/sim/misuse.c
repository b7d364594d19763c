#include "sim/misuse.h"

#include <string.h>

#include "sim/account.h"

bool sim_misuse_count(struct sim_replay *replay,
                      const struct trace_event *event,
                      const struct sim_block *block,
                      enum polished_status status)
{
    struct sim_policy *out = replay->out;

    if (!sim_misuse_claims(replay, event) &&
        replay->heap->owner == block->owner)
        return false;
    out->misuse_sent++;
    out->misuse_accepted += status == POLISHED_OK;
    out->misuse_refused += status != POLISHED_OK;
    return status != POLISHED_OK;
}

/* No policy can tell a stale free from a proper one once the memory is in
   use again, nor can one whose blocks have no place: it is not sent. */
static bool misuse_fits_another(const struct sim_replay *replay,
                                const struct sim_block *block,
                                uint64_t offset_bytes, bool stale)
{
    if (!replay->placed)
        return true;
    return (stale || offset_bytes != block->offset_bytes) &&
           offset_bytes < replay->heap->data.size_bytes &&
           sim_places_at(&replay->places, offset_bytes);
}

static enum polished_status misuse_call(struct sim_replay *replay,
                                        const struct trace_event *event,
                                        polished_size offset_bytes,
                                        uint64_t claim_bytes)
{
    struct polished_request request = {sim_asked(event->size_bytes),
                                       replay->align_bytes, 0, 0};

    return event->op == TRACE_FREE
               ? polished_free(replay->heap, offset_bytes, claim_bytes)
               : polished_resize(replay->heap, offset_bytes, claim_bytes,
                                 &request);
}

/* The policy took it: what the ledger knew of the block is void. */
static bool misuse_accepted(struct sim_replay *replay, struct sim_block *block)
{
    replay->out->misuse_accepted++;
    if (replay->heap->ops->caps & POLISHED_EXACT_MISUSE)
        return sim_replay_defect(replay, "accepted a misuse");
    if (block->state == SIM_ALIVE) {
        block->state = SIM_REFUSED;
        sim_account_shrink(replay, block);
        sim_verify_taken(replay, block);
    }
    return true;
}

bool sim_misuse(struct sim_replay *replay, const struct trace_event *event)
{
    struct sim_block *block = &replay->ledger.blocks[event->id];
    bool stale = (event->has & TRACE_IS_STALE) != 0;
    uint64_t claim_bytes = sim_misuse_claim(replay, event, block);
    polished_size offset_bytes = block->offset_bytes;

    if (event->has & TRACE_HAS_DELTA)
        offset_bytes += (polished_size)event->delta_bytes;
    if (block->state == SIM_REFUSED ||
        misuse_fits_another(replay, block, offset_bytes, stale)) {
        replay->out->skipped_events++;
        return true;
    }
    replay->out->misuse_sent++;
    replay->heap->owner = sim_misuse_owner(replay, event, block);
    if (misuse_call(replay, event, offset_bytes, claim_bytes) != POLISHED_OK) {
        replay->out->misuse_refused++;
        return sim_verify_heap(replay);
    }
    replay->layout_fresh = false;
    return misuse_accepted(replay, block);
}

bool sim_misuse_extend(struct sim_replay *replay,
                       const struct trace_event *event)
{
    polished_extend(replay->heap, event->size_bytes);
    replay->layout_fresh = false;
    return sim_verify_heap(replay);
}

static enum polished_status misuse_free(struct polished_heap *heap,
                                        polished_size a, polished_size b)
{
    return polished_free(heap, a, b);
}

static enum polished_status misuse_resize(struct polished_heap *heap,
                                          polished_size a, polished_size b)
{
    const struct polished_request request = {b, 1, 0, 0};

    return polished_resize(heap, a, 0, &request);
}

static enum polished_status misuse_realloc(struct polished_heap *heap,
                                           polished_size a, polished_size b)
{
    const struct polished_request request = {b, 1, 0, 0};

    return polished_realloc(heap, &a, 0, &request);
}

/* Calls at a place, a, that no id stands for; what b is, depends. */
static const struct misuse_place {
    const char *name;
    enum polished_status (*call)(struct polished_heap *heap, polished_size a,
                                 polished_size b);
} misuse_places[] = {
    {"@reserve", polished_reserve},
    {"@free", misuse_free},
    {"@resize", misuse_resize},
    {"@realloc", misuse_realloc},
};

static void misuse_extra(struct polished_heap *heap, const char *name,
                         polished_size a, polished_size b)
{
    for (size_t i = 0; i < sizeof misuse_places / sizeof misuse_places[0]; i++)
        if (strcmp(misuse_places[i].name, name) == 0) {
            misuse_places[i].call(heap, a, b);
            return;
        }
    polished_call(heap, name, &a, &b);
}

bool sim_misuse_extra(struct sim_replay *replay,
                      const struct trace_event *event)
{
    polished_size a = event->has & TRACE_HAS_A ? event->a : 0;
    polished_size b = event->has & TRACE_HAS_B ? event->b : 0;

    misuse_extra(replay->heap, sim_feed_text(replay->feed, event->label), a, b);
    replay->layout_fresh = false;
    return sim_verify_heap(replay);
}
