#include "config.h"

#include "sim/replay.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "sim/account.h"
#include "sim/explain.h"
#include "sim/group.h"
#include "sim/misuse.h"
#include "sim/verdict.h"

/* So many events ahead memory is asked for. */
enum { REPLAY_AHEAD = 12 };

/* What a request may ask for beside a size. */
enum { REPLAY_WISHES = TRACE_HAS_ALIGN | TRACE_HAS_BELOW | TRACE_HAS_BOUNDARY };

/* A function that only fetches has no effect in the eyes of gcc 12, which then
   drops the call: it has to be a part of its caller from the start. */
#define REPLAY_INLINE static inline __attribute__((__always_inline__))

bool sim_replay_defect(struct sim_replay *replay, const char *format, ...)
{
    struct sim_policy *out = replay->out;
    va_list arguments;

    out->outcome = SIM_DEFECT;
    out->defect_event = *replay->event;
    va_start(arguments, format);
    vsnprintf(out->defect_what, sizeof out->defect_what, format, arguments);
    va_end(arguments);
    return false;
}

void sim_replay_walk(struct sim_replay *replay)
{
    if (replay->layout_fresh)
        return;
    memset(&replay->layout, 0, sizeof replay->layout);
    polished_walk(replay->heap, measure_layout_visit, &replay->layout);
    replay->layout_fresh = true;
}

static bool replay_refused(struct sim_replay *replay,
                           const struct polished_request *request,
                           uint64_t replaced_bytes, enum polished_status status)
{
    if (!sim_may_refuse(status))
        return sim_replay_defect(replay, "refused a proper request: %s",
                                 polished_status_name(status));
    return sim_fail(replay, request, replaced_bytes, status);
}

/* The bytes of a block that its owner may write; what was asked for, of a
   policy that does not know. */
static uint64_t replay_usable(const struct sim_replay *replay,
                              uint64_t offset_bytes, uint64_t asked_bytes)
{
    polished_size usable_bytes;

    return polished_usable(replay->heap, offset_bytes, &usable_bytes) ==
                   POLISHED_OK
               ? usable_bytes
               : asked_bytes;
}

static inline void replay_request(const struct sim_replay *replay,
                                  const struct trace_event *event,
                                  struct polished_request *request)
{
    *request = (struct polished_request){sim_asked(event->size_bytes),
                                         replay->align_bytes, 0, 0};
    if ((event->has & REPLAY_WISHES) == 0)
        return;
    if (event->has & TRACE_HAS_ALIGN)
        request->align_bytes = event->align_bytes;
    if (event->has & TRACE_HAS_BELOW)
        request->below = event->below;
    if (event->has & TRACE_HAS_BOUNDARY)
        request->boundary = event->boundary;
}

/* "zero" is the replay's to do; only a full verification looks at bytes that
   a program would have cleared, so only there are they. */
static void replay_clear(const struct sim_replay *replay,
                         const struct trace_event *event,
                         const struct sim_block *block)
{
    if ((event->has & TRACE_HAS_ZERO) && replay->content &&
        replay->options->verify == SIM_VERIFY_FULL)
        memset(polished_pointer(replay->heap, block->offset_bytes), 0,
               sim_asked(block->size_bytes));
}

static inline bool replay_alloc(struct sim_replay *replay,
                                const struct trace_event *event)
{
    struct sim_block *block;
    struct polished_request request;
    polished_size offset;
    enum polished_status status;

    if (!sim_ledger_reach(&replay->ledger, event->id))
        return sim_replay_defect(replay, "no memory left for the replay");
    block = &replay->ledger.blocks[event->id];
    replay_request(replay, event, &request);
    sim_replay_owner(replay, event);
    status = polished_alloc(replay->heap, &request, &offset);
    if (replay->counted) {
        replay->out->tally.allocs++;
        replay->out->tally.requested_bytes += event->size_bytes;
    }
    if (status != POLISHED_OK) {
        block->state = SIM_REFUSED;
        return replay_refused(replay, &request, 0, status);
    }
    replay->layout_fresh = false;
    block->offset_bytes = offset;
    block->size_bytes = event->size_bytes;
    block->usable_bytes = replay_usable(replay, offset, request.size_bytes);
    block->align_bytes = request.align_bytes;
    block->birth = *replay->event;
    block->owner = replay->heap->owner;
    block->state = SIM_ALIVE;
    replay_clear(replay, event, block);
    sim_account_grow(replay, block);
    return !replay->watched || sim_verify_given(replay, block);
}

/* The block is gone as far as the trace is concerned. */
static inline bool replay_forget(struct sim_replay *replay,
                                 struct sim_block *block)
{
    block->state = SIM_DEAD;
    sim_explain_gone(replay, block);
    sim_account_shrink(replay, block);
    if (replay->watched)
        sim_verify_taken(replay, block);
    replay->layout_fresh = false;
    return true;
}

static bool replay_skip(struct sim_replay *replay)
{
    replay->out->skipped_events += replay->counted;
    return true;
}

static inline bool replay_free(struct sim_replay *replay,
                               const struct trace_event *event)
{
    struct sim_block *block = &replay->ledger.blocks[event->id];
    enum polished_status status;

    if (block->state == SIM_REFUSED) {
        block->state = SIM_DEAD;
        return replay_skip(replay);
    }
    /* What was swept may already hold heads of the policy's. */
    if (replay->swept && (event->has & TRACE_IS_IMPLIED))
        return replay_forget(replay, block);
    if (replay->content && !sim_verify_kept(replay, block, UINT64_MAX))
        return false;
    replay->heap->owner = sim_misuse_owner(replay, event, block);
    status = polished_free(replay->heap, block->offset_bytes,
                           sim_misuse_claim(replay, event, block));
    if (sim_misuse_claimed(replay, event, block, status)) {
        replay_forget(replay, block);
        block->state = SIM_REFUSED; /* the trace believes it gone: it is not */
        return true;
    }
    if (status == POLISHED_BAD_ORDER || status == POLISHED_UNSUPPORTED) {
        struct polished_request request = {sim_asked(block->size_bytes),
                                           block->align_bytes, 0, 0};

        replay->strays = true;
        if (!sim_fail(replay, &request, 0, status))
            return false;
    } else if (status != POLISHED_OK) {
        return sim_replay_defect(
            replay, "refused to free the live block of event %llu: %s",
            (unsigned long long)block->birth, polished_status_name(status));
    }
    return replay_forget(replay, block);
}

static enum polished_status
replay_call_realloc(struct sim_replay *replay, const struct sim_block *block,
                    uint64_t claim_bytes, polished_size *offset,
                    const struct polished_request *request)
{
    const struct host_row *host = replay->arena.host;

    *offset = block->offset_bytes;
    return host != NULL && host->realloc != NULL
               ? host->realloc(replay->heap, offset,
                               sim_asked(block->size_bytes), request)
               : polished_realloc(replay->heap, offset, claim_bytes, request);
}

static void replay_count_move(struct sim_replay *replay, bool moved,
                              uint64_t copied_bytes)
{
    struct measure_tally *tally = &replay->out->tally;

    if (!replay->counted)
        return;
    tally->in_place_reallocs += !moved;
    tally->moved_reallocs += moved;
    tally->copied_bytes += moved ? copied_bytes : 0;
}

/* The block has been resized and lies at offset now. */
static bool replay_resized(struct sim_replay *replay, struct sim_block *block,
                           polished_size offset, uint64_t size_bytes)
{
    uint64_t kept_bytes = sim_asked(
        size_bytes < block->size_bytes ? size_bytes : block->size_bytes);
    struct sim_block old = *block;

    replay->layout_fresh = false;
    replay_count_move(replay, offset != block->offset_bytes, kept_bytes);
    if (offset != block->offset_bytes)
        sim_explain_gone(replay, block);
    sim_account_shrink(replay, block);
    sim_verify_taken(replay, block);
    block->offset_bytes = old.offset_bytes = offset;
    block->size_bytes = size_bytes;
    block->usable_bytes = replay_usable(replay, offset, sim_asked(size_bytes));
    sim_account_grow(replay, block);
    return sim_verify_inside(replay, block) &&
           sim_verify_kept(replay, &old, kept_bytes) &&
           sim_verify_given(replay, block);
}

static bool replay_realloc(struct sim_replay *replay,
                           const struct trace_event *event)
{
    struct sim_block *block = &replay->ledger.blocks[event->id];
    struct polished_request request;
    polished_size offset;
    enum polished_status status;

    if (block->state == SIM_REFUSED)
        return replay_skip(replay);
    replay_request(replay, event, &request);
    replay->heap->owner = sim_misuse_owner(replay, event, block);
    if (!(event->has & TRACE_HAS_ALIGN))
        request.align_bytes = block->align_bytes;
    if (!sim_verify_kept(replay, block, UINT64_MAX))
        return false;
    status = replay_call_realloc(replay, block,
                                 sim_misuse_claim(replay, event, block),
                                 &offset, &request);
    if (sim_misuse_claimed(replay, event, block, status))
        return true;
    if (status != POLISHED_OK)
        return replay_refused(replay, &request, block->size_bytes, status);
    block->align_bytes = request.align_bytes;
    return replay_resized(replay, block, offset, event->size_bytes);
}

typedef bool replay_apply(struct sim_replay *replay,
                          const struct trace_event *event);

static replay_apply *const replay_rows[TRACE_OP_COUNT] = {
    [TRACE_REALLOC] = replay_realloc, [TRACE_DESTROY] = sim_group_destroy,
    [TRACE_MARK] = sim_group_mark,    [TRACE_REWIND] = sim_group_rewind,
    [TRACE_RESET] = sim_group_reset,  [TRACE_EXTEND] = sim_misuse_extend,
    [TRACE_EXTRA] = sim_misuse_extra,
};

/* Nearly all events are allocs and frees. */
static inline bool replay_event(struct sim_replay *replay,
                                const struct trace_event *event)
{
    if (event->op == TRACE_ALLOC)
        return replay_alloc(replay, event);
    if (sim_misuse_is(event))
        return sim_misuse(replay, event);
    return event->op == TRACE_FREE ? replay_free(replay, event)
                                   : replay_rows[event->op](replay, event);
}

/* An event at which something may change. */
static void replay_look(struct sim_replay *replay,
                        const struct trace_event *event, uint64_t number)
{
    const struct sim_options *options = replay->options;
    uint64_t from = options->from_event;
    uint64_t to = options->to_event == 0 ? UINT64_MAX : options->to_event;

    replay->swept = false;
    replay->counted = number >= from && number <= to;
    replay->next_turn = number < from ? from : UINT64_MAX;
    if (replay->counted && to != UINT64_MAX)
        replay->next_turn = to + 1;
    if (options->explain_event == 0)
        return;
    sim_explain(replay, event);
    replay->next_turn = 0;
}

/* The number of an event: the next, but those that an event implies belong to
   it. */
static inline uint64_t replay_turn(struct sim_replay *replay,
                                   const struct trace_event *event)
{
    uint64_t number = *replay->event;

    if ((event->has & TRACE_IS_IMPLIED) != 0)
        return number;
    *replay->event = ++number;
    if (number >= replay->next_turn)
        replay_look(replay, event, number);
    return number;
}

/* Its own steps are all, if it draws from no other heap. */
static inline uint64_t replay_steps(const struct polished_heap *heap)
{
    return heap->source == NULL ? heap->own_steps : polished_steps(heap);
}

static inline bool replay_one(struct sim_replay *replay,
                              const struct trace_event *event)
{
    uint64_t number = replay_turn(replay, event), steps;

    if (!replay_event(replay, event))
        return false;
    steps = replay_steps(replay->heap);
    if (steps < replay->steps)
        return sim_replay_defect(replay, "its count of steps went back");
    if (replay->counted) {
        measure_histogram_add(&replay->out->tally.steps, steps - replay->steps);
        replay->out->tally.operations++;
        sim_account_event(replay);
    }
    replay->steps = steps;
    return number < replay->next_sample || sim_account_sample(replay);
}

/*
 * Memory that events to come are about is fetched meanwhile: the event; what
 * the ledger knows of its block, which may lie in two lines of a cache; and
 * what the policy may know, before the block and behind it.  What is fetched
 * for an event without a block, from somewhere, does no harm.
 */
REPLAY_INLINE void replay_expect(const struct sim_replay *replay,
                                 const struct trace_event *events, size_t count)
{
    const struct sim_ledger *ledger = &replay->ledger;
    const struct sim_block *block;
    uintptr_t place;

    if (count <= REPLAY_AHEAD)
        return;
    place = (uintptr_t)ledger->blocks +
            (uintptr_t)events[REPLAY_AHEAD].id * sizeof *ledger->blocks;
    __builtin_prefetch(&events[2 * REPLAY_AHEAD]);
    __builtin_prefetch((const void *)place);
    __builtin_prefetch((const void *)(place + sizeof *ledger->blocks - 1));
    if (events[REPLAY_AHEAD / 2].id >= ledger->capacity)
        return;
    block = &ledger->blocks[events[REPLAY_AHEAD / 2].id];
    place = (uintptr_t)replay->heap->data.base + block->offset_bytes;
    __builtin_prefetch((const void *)(place - 1));
    __builtin_prefetch((const void *)(place + block->usable_bytes));
}

bool sim_replay_events(struct sim_replay *replay,
                       const struct trace_event *events, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        replay_expect(replay, events + i, count - i);
        if (!replay_one(replay, &events[i]))
            return false;
    }
    return true;
}
