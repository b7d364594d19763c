#include "measure/census.h"

#include <stdbool.h>

#define CENSUS_FAR (UINT64_C(1) << 63)

/* What is tame cannot overflow: sizes below 2^32, rounded up to less than twice
   that, of so many events at most, added to sums below 2^62. */
#define CENSUS_TAME_SIZE (UINT64_C(1) << 32)
#define CENSUS_TAME_SUM  (UINT64_C(1) << 62)
enum { CENSUS_TAME_EVENTS = 1 << 28 };

/* So that whether an event is tame is known when this is compiled. */
#define CENSUS_INLINE static inline __attribute__((__always_inline__))

void measure_census_begin(struct measure_census *census,
                          uint64_t usual_align_bytes)
{
    *census = (struct measure_census){
        .usual_align_bytes = usual_align_bytes,
        .smallest_request_bytes = UINT64_MAX,
        .smallest_align_bytes = usual_align_bytes,
        .largest_align_bytes = usual_align_bytes,
        .heaps = 1,
    };
}

/* Rounded up to the usual alignment; nothing of 2^63 bytes fits anyway. */
CENSUS_INLINE uint64_t census_rounded(const struct measure_census *census,
                                      uint64_t size_bytes, bool is_tame)
{
    uint64_t mask = census->usual_align_bytes - 1;

    if (!is_tame && size_bytes > CENSUS_FAR)
        size_bytes = CENSUS_FAR;
    return (size_bytes + mask) & ~mask;
}

/* Live sums saturate too: a trace may ask for 2^63 bytes twice. */
CENSUS_INLINE void census_grow(uint64_t *sum, uint64_t bytes, bool is_tame)
{
    *sum += bytes;
    if (!is_tame && *sum < bytes)
        *sum = UINT64_MAX;
}

CENSUS_INLINE void census_shrink(uint64_t *sum, uint64_t bytes, bool is_tame)
{
    *sum -= !is_tame && *sum == UINT64_MAX ? 0 : bytes;
}

/* Most and least are passed seldom. */
CENSUS_INLINE void census_raise(uint64_t *most, uint64_t count)
{
    if (__builtin_expect(count > *most, 0))
        *most = count;
}

CENSUS_INLINE void census_lower(uint64_t *least, uint64_t count)
{
    if (__builtin_expect(count < *least, 0))
        *least = count;
}

/* All ones, or zero. */
static inline uint64_t census_mask(bool truth)
{
    return 0 - (uint64_t)truth;
}

/*
 * An alloc, a free or a realloc, without a branch on which of them, for that
 * nobody can foresee.
 */
CENSUS_INLINE void census_block(struct measure_census *census,
                                const struct trace_event *event,
                                uint64_t old_bytes, bool is_tame)
{
    bool begins = event->op != TRACE_FREE, ends = event->op != TRACE_ALLOC;
    uint64_t asked = event->size_bytes & census_mask(begins);
    uint64_t gone = old_bytes & census_mask(ends);

    census->calls[event->op]++;
    census->live_blocks = census->allocs - census->frees;
    census_raise(&census->peak_live_blocks, census->live_blocks);
    census_raise(&census->slots, event->id + 1);
    census_shrink(&census->live_bytes, gone, is_tame);
    census_shrink(&census->load_now_bytes,
                  census_rounded(census, gone, is_tame), is_tame);
    census_grow(&census->requested_bytes, asked, is_tame);
    census_grow(&census->live_bytes, asked, is_tame);
    census_grow(&census->load_now_bytes, census_rounded(census, asked, is_tame),
                is_tame);
    census->zero_requests += begins && asked == 0;
    census_lower(&census->smallest_request_bytes, asked | ~census_mask(begins));
    census_raise(&census->largest_request_bytes, asked);
    if (census->live_bytes > census->peak_live_bytes) {
        census->peak_live_bytes = census->live_bytes;
        census->peak_event = census->events;
    }
    census_raise(&census->load_bytes, census->load_now_bytes);
}

/* What an event states beside id and size; true: it ends nothing, if the
   policy is any good, for it is stale or shifted. */
static bool census_members(struct measure_census *census,
                           const struct trace_event *event)
{
    const unsigned astray = TRACE_IS_STALE | TRACE_HAS_DELTA;

    /* It is part of the event that implies it, and was counted with all. */
    census->events -= (event->has & TRACE_IS_IMPLIED) != 0;
    census->has_misuse |= (event->has & (astray | TRACE_HAS_CLAIM)) != 0;
    census->has_heaps |= (event->has & TRACE_HAS_HEAP) != 0;
    census->has_limits |=
        (event->has & (TRACE_HAS_BELOW | TRACE_HAS_BOUNDARY)) != 0;
    if (event->op == TRACE_ALLOC && (event->has & TRACE_HAS_ALIGN)) {
        census_lower(&census->smallest_align_bytes, event->align_bytes);
        census_raise(&census->largest_align_bytes, event->align_bytes);
    }
    return (event->has & astray) != 0;
}

CENSUS_INLINE void census_add(struct measure_census *census,
                              const struct trace_event *event,
                              uint64_t old_bytes, bool is_tame)
{
    census->events++;
    if (event->has != 0 && census_members(census, event))
        return;
    if (event->op <= TRACE_REALLOC) {
        census_block(census, event, old_bytes, is_tame);
    } else if (event->op >= TRACE_EXTEND) {
        census->has_misuse = true;
        if (event->op == TRACE_EXTEND)
            census_grow(&census->extend_bytes, event->size_bytes, false);
    }
}

/* The first of the events, as long as they are tame; answers how many. */
static size_t census_add_tame(struct measure_census *census,
                              const struct trace_event *events, size_t count,
                              const uint64_t *old_bytes)
{
    struct measure_census now = *census;
    size_t i = 0;

    if (count > CENSUS_TAME_EVENTS ||
        now.usual_align_bytes > CENSUS_TAME_SIZE ||
        (now.requested_bytes | now.live_bytes | now.load_now_bytes) >=
            CENSUS_TAME_SUM)
        return 0;
    while (i < count &&
           (events[i].size_bytes | old_bytes[i]) < CENSUS_TAME_SIZE) {
        census_add(&now, &events[i], old_bytes[i], true);
        i++;
    }
    *census = now;
    return i;
}

void measure_census_add(struct measure_census *census,
                        const struct trace_event *events, size_t count,
                        const uint64_t *old_bytes)
{
    size_t i = census_add_tame(census, events, count, old_bytes);

    for (; i < count; i++)
        census_add(census, &events[i], old_bytes[i], false);
}
