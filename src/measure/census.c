#include "measure/census.h"

#include <stdbool.h>

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

/* Rounded up to the usual alignment; saturates, as nothing so large fits. */
static inline uint64_t census_rounded(const struct measure_census *census,
                                      uint64_t size_bytes)
{
    uint64_t mask = census->usual_align_bytes - 1;

    return size_bytes > UINT64_MAX - mask ? UINT64_MAX & ~mask
                                          : (size_bytes + mask) & ~mask;
}

/* Live sums saturate too: a trace may ask for 2^63 bytes twice. */
static inline void census_grow(uint64_t *sum, uint64_t bytes)
{
    *sum = bytes > UINT64_MAX - *sum ? UINT64_MAX : *sum + bytes;
}

static inline void census_shrink(uint64_t *sum, uint64_t bytes)
{
    *sum = *sum == UINT64_MAX ? UINT64_MAX : *sum - bytes;
}

static inline void census_end(struct measure_census *census,
                              uint64_t size_bytes)
{
    census_shrink(&census->live_bytes, size_bytes);
    census_shrink(&census->load_now_bytes, census_rounded(census, size_bytes));
}

static inline void census_request(struct measure_census *census,
                                  uint64_t size_bytes)
{
    census->zero_requests += size_bytes == 0;
    census_grow(&census->requested_bytes, size_bytes);
    census_grow(&census->live_bytes, size_bytes);
    census_grow(&census->load_now_bytes, census_rounded(census, size_bytes));
    if (size_bytes < census->smallest_request_bytes)
        census->smallest_request_bytes = size_bytes;
    if (size_bytes > census->largest_request_bytes)
        census->largest_request_bytes = size_bytes;
    if (census->live_bytes > census->peak_live_bytes) {
        census->peak_live_bytes = census->live_bytes;
        census->peak_event = census->events;
    }
    if (census->load_now_bytes > census->load_bytes)
        census->load_bytes = census->load_now_bytes;
}

static inline void census_align(struct measure_census *census,
                                uint64_t align_bytes)
{
    if (align_bytes < census->smallest_align_bytes)
        census->smallest_align_bytes = align_bytes;
    if (align_bytes > census->largest_align_bytes)
        census->largest_align_bytes = align_bytes;
}

static inline void census_alloc(struct measure_census *census,
                                const struct trace_event *event)
{
    census->allocs++;
    if (++census->live_blocks > census->peak_live_blocks)
        census->peak_live_blocks = census->live_blocks;
    if (event->id >= census->slots)
        census->slots = event->id + 1;
    if (event->has & TRACE_HAS_ALIGN)
        census_align(census, event->align_bytes);
    census_request(census, event->size_bytes);
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
    return (event->has & astray) != 0;
}

void measure_census_add(struct measure_census *census,
                        const struct trace_event *event, uint64_t old_bytes)
{
    census->events++;
    if (event->has != 0 && census_members(census, event))
        return;
    switch (event->op) {
    case TRACE_ALLOC:
        census_alloc(census, event);
        break;
    case TRACE_REALLOC:
        census->reallocs++;
        census_end(census, old_bytes);
        census_request(census, event->size_bytes);
        break;
    case TRACE_FREE:
        census->frees++;
        census->live_blocks--;
        census_end(census, old_bytes);
        break;
    case TRACE_EXTEND:
        census->has_misuse = true;
        census_grow(&census->extend_bytes, event->size_bytes);
        break;
    case TRACE_EXTRA:
        census->has_misuse = true;
        break;
    }
}
