/*
 * frame_bitmap.c - runs of frames, the lowest that fit, two bits a frame.
 *
 *     frame   0 1 2 3 4 5 6 7 8 9 ...
 *     used    1 1 1 0 0 1 0 0 0 1
 *     start   1 0 0 0 0 1 0 0 0 1
 *             one block | one |   one ...
 *
 * Above the bits stands a tree that knows the longest free run of each part
 * (core/runs.h); so the lowest run that is long enough is found in one
 * descent, also in a memory that is nearly full.
 *
 * Time: O(log frames) for every call, and for a block of any length, plus
 * O(log frames) for each run that is long enough but not where alignment or
 * limits want it.  walk and check: O(blocks).
 * Fails: when no free run is long enough.
 * Keeps: all in control, 2.4 bits a frame, of which only what lies near a
 * block was ever written.  Data is never touched, and may not be there.
 */
#include "alloc/area.h"
#include "core/count.h"
#include "polished/policies.h"

static enum polished_status frame_bitmap_init(struct polished_heap *heap,
                                              const polished_size *knobs)
{
    enum polished_status status = area_init(heap, knobs);

    area_state(heap)->from_hint = (uint32_t)knobs[1];
    return status;
}

static enum polished_status
frame_bitmap_alloc(struct polished_heap *heap,
                   const struct polished_request *request,
                   polished_size *offset)
{
    struct area_state *state = area_state(heap);
    struct area_query query = area_query(heap, request);
    uint64_t first = AREA_NOWHERE;

    if (state->from_hint != 0 && state->hint != 0)
        first = area_lowest(heap, &query, state->hint);
    if (first == AREA_NOWHERE)
        first = area_lowest(heap, &query, 0);
    if (first == AREA_NOWHERE)
        return area_refusal(heap, request);
    area_take(heap, first, first + query.need);
    state->hint = first + query.need;
    *offset = frame_offset(&state->grid, first);
    return POLISHED_OK;
}

static const struct polished_knob frame_bitmap_knobs[] = {
    FRAME_KNOB,
    {"next_fit", "1: search from the last block on, not from the start", 0, 1,
     0, POLISHED_ANY},
    {0}};

const struct polished_ops polished_frame_bitmap = {
    .abi = POLISHED_ABI,
    .caps = POLISHED_RECLAIMS | POLISHED_ANY_ORDER | POLISHED_NO_TOUCH |
            POLISHED_LIMITS | POLISHED_PAGES | POLISHED_EXACT_MISUSE |
            POLISHED_EXACT_WALK | COUNT_CAPS(POLISHED_SLACK),
    .name = "frame-bitmap",
    .summary = "runs of frames, the lowest that fit; two bits a frame",
    .knobs = frame_bitmap_knobs,
    .control_bytes = area_control_bytes,
    .init = frame_bitmap_init,
    .alloc = frame_bitmap_alloc,
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
