#include "sim/replay.h"
#include "sim/verdict.h"
#include "sim/witness.h"

#include <string.h>

/* Does a free hole hold the request as it asks? */
static uint64_t fail_fits(const struct sim_replay *replay,
                          const struct polished_request *request)
{
    struct measure_layout layout = {.wanted = request,
                                    .bus_base = replay->heap->data.bus_base};

    polished_walk(replay->heap, measure_layout_visit, &layout);
    return layout.fits;
}

static void fail_describe(struct sim_replay *replay,
                          struct sim_failure *failure)
{
    const struct measure_layout *layout = &replay->layout;
    uint64_t mine_bytes = replay->reserved_bytes + replay->arena.hole_bytes;
    uint64_t used_bytes;

    sim_replay_walk(replay);
    used_bytes = layout->bytes[POLISHED_USED];
    failure->free_bytes = layout->bytes[POLISHED_FREE];
    failure->largest_free_bytes = layout->largest_free_bytes;
    failure->holes = layout->blocks[POLISHED_FREE];
    failure->own_bytes = layout->bytes[POLISHED_OWN];
    failure->unreclaimed_bytes =
        used_bytes > mine_bytes ? used_bytes - mine_bytes : 0;
    failure->fragmentation_index =
        measure_fragmentation_index(layout, failure->size_bytes);
}

/* The largest alignment at which the request would fit now; 0: at none. */
static uint64_t fail_align(const struct sim_replay *replay,
                           struct polished_request request)
{
    do
        request.align_bytes /= 2;
    while (request.align_bytes != 0 && fail_fits(replay, &request) == 0);
    return request.align_bytes;
}

/* The first failure of a verdict gets its witness. */
static void fail_keep(struct sim_replay *replay, struct sim_failure *failure,
                      const struct polished_request *request)
{
    struct sim_policy *out = replay->out;

    if (out->first_of[failure->verdict].event != 0)
        return;
    fail_describe(replay, failure);
    if (failure->verdict == SIM_FRAGMENTED ||
        failure->verdict == SIM_CONSTRAINT)
        sim_witness(replay, failure);
    if (failure->verdict == SIM_CONSTRAINT)
        failure->fit_align_bytes = fail_align(replay, *request);
    out->first_of[failure->verdict] = *failure;
    if (out->first.event == 0)
        out->first = *failure;
}

bool sim_fail(struct sim_replay *replay, const struct polished_request *request,
              uint64_t replaced_bytes, enum polished_status status)
{
    struct sim_policy *out = replay->out;
    struct sim_evidence evidence = {.largest_piece_bytes =
                                        replay->arena.largest_piece_bytes};
    struct sim_failure failure = {
        .event = *replay->event,
        .size_bytes = request->size_bytes,
        .align_bytes = request->align_bytes,
        .replaced_bytes = replaced_bytes,
        .status = status,
        .memory_bytes = replay->arena.memory_bytes,
        .control_bytes = replay->arena.control_bytes,
        .live_bytes = replay->live_bytes,
    };
    bool explained = failure.event == replay->options->explain_event;

    if (!replay->counted && !explained)
        return true;
    if (!sim_judge_at_once(&failure, &evidence)) {
        fail_describe(replay, &failure);
        if (failure.largest_free_bytes >= failure.size_bytes)
            evidence.fits = fail_fits(replay, request);
        sim_judge(&failure, &evidence);
    }
    if (explained) {
        out->explained.failure = failure;
        fail_describe(replay, &out->explained.failure);
        sim_witness(replay, &out->explained.failure);
    }
    if (!replay->counted)
        return true;
    out->failures[failure.verdict]++;
    out->failures_total++;
    fail_keep(replay, &failure, request);
    return out->failures_total > 1 || sim_account_sample(replay);
}
