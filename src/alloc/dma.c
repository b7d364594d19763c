/*
 * dma.c - contiguous memory for devices: the highest place that keeps the
 * alignment, limit and boundary of a request, all judged on the bus.
 *
 *     bus   0          16 MiB                    4 GiB              top
 *           |  ..free.. |####|  ..free..  |####| | ..free..  |######|
 *                       ^ below 16 MiB         ^ below 4 GiB        ^ any
 *
 * Whoever can live anywhere is served from the top, so that low memory is
 * left to those who cannot.  Blocks are runs of grains in the tree of
 * frame-bitmap; a small grain (64 bytes, a cache line) makes pools of small
 * blocks, one of 4096 makes pages.
 *
 * Time: O(log grains) for every call, and for a block of any length, plus
 * O(log grains) for each free run that is long enough but not where alignment
 * or limits want it: the next candidate is computed, never stepped to.
 * Fails: when no free run has such a place; CONSTRAINT when not even an empty
 * heap would.
 * Keeps: all in control, 2.4 bits a grain, of which only what lies near a
 * block was ever written.  Data is never touched, and may not be there.
 */
#include "polished/dma.h"

#include "alloc/area.h"
#include "core/bits.h"
#include "core/count.h"
#include "polished/policies.h"

static enum polished_status dma_alloc(struct polished_heap *heap,
                                      const struct polished_request *request,
                                      polished_size *offset)
{
    struct area_query query = area_query(heap, request);
    uint64_t first = area_highest(heap, &query, query.end);

    if (first == AREA_NOWHERE)
        return area_refusal(heap, request);
    area_take(heap, first, first + query.need);
    *offset = frame_offset(&area_state(heap)->grid, first);
    return POLISHED_OK;
}

/* The segments of a list before they are taken, the largest first. */
struct dma_plan {
    struct polished_segment segments[POLISHED_SEGMENTS];
    uint32_t count, most;
    polished_size segment_bytes; /* no segment is larger */
};

/* Enter a segment if it is among the largest. */
static void dma_enter(struct dma_plan *plan, struct polished_segment segment)
{
    uint32_t at = plan->count;

    if (plan->count == plan->most) {
        if (segment.size_bytes <= plan->segments[at - 1].size_bytes)
            return;
        at--;
    } else {
        plan->count++;
    }
    for (; at > 0 && plan->segments[at - 1].size_bytes < segment.size_bytes;
         at--)
        plan->segments[at] = plan->segments[at - 1];
    plan->segments[at] = segment;
}

/* Smaller segments than this would not be entered. */
static polished_size dma_floor(const struct dma_plan *plan)
{
    return plan->count < plan->most
               ? 1
               : plan->segments[plan->count - 1].size_bytes + 1;
}

/* Cut a free run to segments, and enter them. */
static void dma_cut(struct polished_heap *heap, const struct area_query *query,
                    struct runs_run run, struct dma_plan *plan)
{
    const struct frame_grid *grid = &area_state(heap)->grid;
    uint64_t unit_bytes = UINT64_C(1) << grid->log2;
    uint64_t most = plan->segment_bytes >> grid->log2;

    while (dma_floor(plan) <= plan->segment_bytes) {
        struct runs_run part = {frame_round_up(grid, run.first, query->align),
                                run.end};
        uint64_t edge =
            query->boundary == 0
                ? UINT64_MAX
                : ((grid->base + part.first) | (query->boundary - 1)) + 1 -
                      grid->base;
        struct polished_segment segment;

        if (part.first >= run.end)
            return;
        if (part.end > edge)
            part.end = edge;
        if (part.end - part.first > most)
            part.end = part.first + (most == 0 ? 1 : most);
        segment.offset_bytes = frame_offset(grid, part.first);
        segment.size_bytes =
            (polished_size)((part.end - part.first) * unit_bytes);
        if (part.end << grid->log2 > query->limit_bytes)
            segment.size_bytes -=
                (polished_size)((part.end << grid->log2) - query->limit_bytes);
        if (segment.size_bytes > plan->segment_bytes)
            segment.size_bytes = plan->segment_bytes;
        POLISHED_STEP(heap);
        dma_enter(plan, segment);
        run.first = part.end;
    }
}

static struct runs_wish dma_wish(const struct dma_plan *plan,
                                 uint64_t unit_bytes)
{
    return (struct runs_wish){(dma_floor(plan) + unit_bytes - 1) / unit_bytes,
                              0};
}

/* Find the largest segments there are, from the top down, until enough. */
static void dma_collect(struct polished_heap *heap,
                        const struct polished_request *request,
                        struct dma_plan *plan)
{
    const struct polished_request least = {1, request->align_bytes,
                                           request->below, request->boundary};
    struct area_query query = area_query(heap, &least);
    uint64_t unit_bytes = UINT64_C(1) << area_state(heap)->grid.log2;
    uint64_t to = query.end;
    struct runs_run run;

    while (dma_floor(plan) <= plan->segment_bytes &&
           runs_previous(heap, to, dma_wish(plan, unit_bytes), &run)) {
        dma_cut(heap, &query, run, plan);
        to = run.first;
    }
}

/* Let the plan be no longer than it needs to be; false: it is too short. */
static bool dma_trim(struct dma_plan *plan, polished_size size_bytes)
{
    for (uint32_t i = 0; i < plan->count; i++) {
        if (plan->segments[i].size_bytes >= size_bytes) {
            plan->segments[i].size_bytes = size_bytes;
            plan->count = i + 1;
            return true;
        }
        size_bytes -= plan->segments[i].size_bytes;
    }
    return false;
}

static enum polished_status dma_plan(struct polished_heap *heap,
                                     const struct polished_request *request,
                                     struct dma_plan *plan)
{
    struct area_query query = area_query(heap, request);
    polished_size unit_bytes = (polished_size)1 << area_state(heap)->grid.log2;
    uint64_t first = AREA_NOWHERE;

    if (plan->most > POLISHED_SEGMENTS)
        plan->most = POLISHED_SEGMENTS;
    if (request->boundary != 0 && request->boundary < plan->segment_bytes)
        plan->segment_bytes = (polished_size)request->boundary;
    if (plan->segment_bytes > unit_bytes)
        plan->segment_bytes = arith_round_down(plan->segment_bytes, unit_bytes);
    if (request->size_bytes <= plan->segment_bytes && plan->most != 0)
        first = area_highest(heap, &query, query.end);
    if (first != AREA_NOWHERE) {
        plan->segments[plan->count++] = (struct polished_segment){
            frame_offset(&area_state(heap)->grid, first), request->size_bytes};
        return POLISHED_OK;
    }
    if (plan->most != 0)
        dma_collect(heap, request, plan);
    return dma_trim(plan, request->size_bytes) ? POLISHED_OK
                                               : POLISHED_NO_MEMORY;
}

static void dma_take(struct polished_heap *heap,
                     const struct polished_segment *segment)
{
    const struct frame_grid *grid = &area_state(heap)->grid;
    uint64_t first = 0;

    frame_of(grid, segment->offset_bytes, &first);
    area_take(heap, first, first + frame_need(grid, segment->size_bytes));
}

static enum polished_status dma_judge(const struct polished_heap *heap,
                                      const struct polished_request *request)
{
    if (request->size_bytes == 0)
        return POLISHED_BAD_SIZE;
    if (!bits_is_power_of_two(request->align_bytes))
        return POLISHED_BAD_ALIGN;
    if (request->boundary != 0 && !bits_is_power_of_two(request->boundary))
        return POLISHED_CONSTRAINT;
    return request->size_bytes > heap->data.size_bytes ? POLISHED_NO_MEMORY
                                                       : POLISHED_OK;
}

enum polished_status polished_scatter(struct polished_heap *heap,
                                      const struct polished_request *request,
                                      polished_size segment_bytes,
                                      struct polished_segment *segments,
                                      uint32_t *count)
{
    struct dma_plan plan = {.most = *count, .segment_bytes = segment_bytes};
    enum polished_status status = dma_judge(heap, request);

    if (heap->ops != &polished_dma)
        return POLISHED_UNSUPPORTED;
    if (segment_bytes == 0)
        plan.segment_bytes = POLISHED_SIZE_MAX;
    if (status == POLISHED_OK)
        status = dma_plan(heap, request, &plan);
    if (status != POLISHED_OK)
        return status;
    for (uint32_t i = 0; i < plan.count; i++) {
        dma_take(heap, &plan.segments[i]);
        segments[i] = plan.segments[i];
    }
    *count = plan.count;
    return POLISHED_OK;
}

static enum polished_status dma_segment(struct polished_heap *heap,
                                        polished_size *a, polished_size *b)
{
    const struct polished_request request = {*a, 1, 0, 0};
    struct dma_plan plan = {.most = *b > POLISHED_SEGMENTS ? POLISHED_SEGMENTS
                                                           : (uint32_t)*b,
                            .segment_bytes = POLISHED_SIZE_MAX};
    enum polished_status status = dma_judge(heap, &request);

    if (status == POLISHED_OK)
        status = dma_plan(heap, &request, &plan);
    if (status != POLISHED_OK)
        return status;
    dma_take(heap, &plan.segments[0]);
    *a = plan.segments[0].offset_bytes;
    *b = plan.segments[0].size_bytes;
    return POLISHED_OK;
}

static const struct polished_knob dma_knobs[] = {
    {"grain_bytes", "every block is a multiple of this", 4,
     (polished_size)1 << 30, 64, POLISHED_POWER_OF_TWO},
    {0}};

static const struct polished_extra dma_extras[] = {
    {"segment",
     "allocate the first of b segments with a bytes in all: a = offset, "
     "b = bytes",
     dma_segment},
    {0}};

const struct polished_ops polished_dma = {
    .abi = POLISHED_ABI,
    .caps = POLISHED_RECLAIMS | POLISHED_ANY_ORDER | POLISHED_NO_TOUCH |
            POLISHED_LIMITS | POLISHED_EXACT_MISUSE | POLISHED_EXACT_WALK,
    .name = "dma",
    .summary = "contiguous memory for devices, from the highest address",
    .knobs = dma_knobs,
    .extras = dma_extras,
    .control_bytes = area_control_bytes,
    .init = area_init,
    .alloc = dma_alloc,
    .free = area_free,
    .resize = area_resize,
    .usable = area_usable,
    .extend = area_extend,
    .reserve = area_reserve,
    .reset = area_reset,
    .walk = area_walk,
    .largest = area_largest,
    .check = area_check,
};
