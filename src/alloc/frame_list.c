/*
 * frame_list.c - single frames, the last that came back first.
 *
 *     top -> 7 -> 2 -> 5            links: 4 bytes a frame
 *     |1|1|0|1|1|0|1|0|1|   virgin   |reserved|   virgin   |
 *     first             mark                               end
 *     a bit a frame below the mark: handed out?
 *
 * Frames that nobody had yet are not listed but lie above the mark, so that
 * init and reset are done at once and nothing is written of a frame that
 * nobody has had.  A run of frames can be reserved, which keeps a range, but
 * not allocated: that is what a list of frames cannot do.
 *
 * Time: O(log ranges) for alloc, free and resize of a frame.  A reserved range
 * costs O(log ranges) more once, when the mark passes it; reserving below the
 * mark and freeing a reserved range take O(its frames + listed frames).
 * walk and check: O(frames below the mark).
 * Fails: when every frame is handed out, and for more than a frame;
 * UNSUPPORTED for more than a frame's alignment; LIMIT when more ranges are
 * reserved than the knob allows.
 * Keeps: 4 bytes and a bit for each frame and 16 bytes for each range, all in
 * control.  Data is never touched, and may not be there.
 */
#include "alloc/frame_list.h"
#include "polished/policies.h"

static enum polished_status
frame_list_alloc(struct polished_heap *heap,
                 const struct polished_request *request, polished_size *offset)
{
    struct frame_list_state *state = frame_list_state(heap);
    const struct frame_grid *grid = &state->virgin.grid;
    uint64_t frame = state->top;

    POLISHED_STEP(heap);
    if (frame_need(grid, request->size_bytes) > 1)
        return POLISHED_NO_MEMORY;
    if (frame_align(grid, request->align_bytes) > 1)
        return POLISHED_UNSUPPORTED;
    if (frame != FRAME_LIST_NONE) {
        state->top = state->links[frame];
    } else {
        if (!virgin_place(heap, &state->virgin, 1, 1, &frame))
            return POLISHED_NO_MEMORY;
        state->virgin.mark = frame + 1;
        frame_list_note_end(heap, frame + 1);
    }
    *frame_list_word(state, frame) |= frame_list_bit(frame);
    *offset = frame_offset(grid, frame);
    return POLISHED_OK;
}

/* The block that starts there and has the size that the caller tells.  If it
   is a reserved range, that is at `at`; else at is that of none. */
static enum polished_status frame_list_find(struct polished_heap *heap,
                                            polished_size offset,
                                            polished_size size_bytes,
                                            struct virgin_range *block,
                                            uint32_t *at)
{
    const struct frame_list_state *state = frame_list_state(heap);
    const struct virgin *virgin = &state->virgin;
    uint64_t frame;

    POLISHED_STEP(heap);
    if (!frame_of(&virgin->grid, offset, &frame))
        return POLISHED_NOT_OWNED;
    *at = virgin_find(heap, virgin, frame);
    *block = (struct virgin_range){frame, frame + 1};
    if (virgin_holds(virgin, *at, frame)) {
        *block = virgin->ranges[*at];
        if (block->first != frame)
            return POLISHED_INTERIOR;
    } else {
        *at = virgin->range_count;
        if (frame >= virgin->mark)
            return POLISHED_NOT_OWNED;
        if (!frame_list_is_out(state, frame))
            return POLISHED_DOUBLE_FREE;
    }
    if (!frame_is_start(&virgin->grid, offset))
        return POLISHED_INTERIOR;
    if (size_bytes != 0 &&
        frame_need(&virgin->grid, size_bytes) != block->end - block->first)
        return POLISHED_SIZE_MISMATCH;
    return POLISHED_OK;
}

/* List what lies below the mark; the lowest will be the first to go. */
static void frame_list_give(struct polished_heap *heap, uint64_t first,
                            uint64_t end)
{
    struct frame_list_state *state = frame_list_state(heap);

    while (end-- > first && end < state->virgin.mark) {
        POLISHED_STEP(heap);
        *frame_list_word(state, end) &= ~frame_list_bit(end);
        state->links[end] = state->top;
        state->top = (uint32_t)end;
    }
}

static enum polished_status frame_list_free(struct polished_heap *heap,
                                            polished_size offset,
                                            polished_size size_bytes)
{
    struct virgin *virgin = &frame_list_state(heap)->virgin;
    struct virgin_range block;
    uint32_t at;
    enum polished_status status =
        frame_list_find(heap, offset, size_bytes, &block, &at);

    if (status != POLISHED_OK)
        return status;
    if (at < virgin->range_count)
        virgin_remove(heap, virgin, at);
    frame_list_give(heap, block.first, block.end);
    return POLISHED_OK;
}

static enum polished_status
frame_list_resize(struct polished_heap *heap, polished_size offset,
                  polished_size size_bytes,
                  const struct polished_request *request)
{
    struct virgin *virgin = &frame_list_state(heap)->virgin;
    struct virgin_range block;
    uint64_t end;
    uint32_t at;
    enum polished_status status =
        frame_list_find(heap, offset, size_bytes, &block, &at);

    if (status != POLISHED_OK)
        return status;
    if (arith_gap(heap->data.bus_base + offset, request->align_bytes) != 0)
        return POLISHED_NO_MEMORY;
    end = block.first + frame_need(&virgin->grid, request->size_bytes);
    if (end > block.end)
        return POLISHED_NO_MEMORY;
    if (at < virgin->range_count)
        virgin->ranges[at].end = end;
    frame_list_give(heap, end, block.end);
    return POLISHED_OK;
}

static enum polished_status frame_list_usable(const struct polished_heap *heap,
                                              polished_size offset,
                                              polished_size *size_bytes)
{
    struct polished_heap reader = *heap; /* whose steps do not count */
    struct virgin_range block;
    uint32_t at;
    enum polished_status status =
        frame_list_find(&reader, offset, 0, &block, &at);

    if (status == POLISHED_OK)
        *size_bytes =
            (polished_size)((block.end - block.first)
                            << frame_list_state(heap)->virgin.grid.log2);
    return status;
}

static polished_size frame_list_largest(const struct polished_heap *heap,
                                        const struct polished_request *request)
{
    struct polished_heap reader = *heap; /* whose steps do not count */
    const struct frame_list_state *state = frame_list_state(heap);
    uint64_t frame;

    if (frame_align(&state->virgin.grid, request->align_bytes) > 1 ||
        (state->top == FRAME_LIST_NONE &&
         !virgin_place(&reader, &state->virgin, 1, 1, &frame)))
        return 0;
    return (polished_size)1 << state->virgin.grid.log2;
}

static const struct polished_knob frame_list_knobs[] = {
    FRAME_KNOB, VIRGIN_KNOB, {0}};

const struct polished_ops polished_frame_list = {
    .abi = POLISHED_ABI,
    .caps = POLISHED_RECLAIMS | POLISHED_ANY_ORDER | POLISHED_NO_TOUCH |
            POLISHED_ONE_SIZE | POLISHED_PAGES | POLISHED_EXACT_MISUSE |
            POLISHED_EXACT_WALK | COUNT_CAPS(POLISHED_SLACK),
    .name = "frame-list",
    .summary = "single frames, the last that came back first",
    .knobs = frame_list_knobs,
    .control_bytes = frame_list_control_bytes,
    .init = frame_list_init,
    .alloc = frame_list_alloc,
    .free = frame_list_free,
    .resize = frame_list_resize,
    .usable = frame_list_usable,
    .extend = frame_list_extend,
    .reserve = frame_list_reserve,
    .reset = frame_list_reset,
    .walk = frame_list_walk,
    .largest = frame_list_largest,
    .check = frame_list_check,
};
