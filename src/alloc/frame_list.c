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
#include "alloc/virgin.h"
#include "core/count.h"
#include "core/walk.h"
#include "polished/policies.h"

#define FRAME_LIST_NONE UINT32_MAX
#define FRAME_LIST_BITS 64

struct frame_list_state {
    struct virgin virgin;
    uint64_t *words; /* the bits; those of the mark's word on are not valid */
    uint32_t *links;
    uint64_t capacity; /* frames that words and links have room for */
    uint32_t top;
};

static struct frame_list_state *
frame_list_state(const struct polished_heap *heap)
{
    return heap->control;
}

/* A frame has 33 bits; a word more for the mark, and one for rounding. */
static polished_size frame_list_control_bytes(const polished_size *knobs,
                                              polished_size data_bytes)
{
    uint64_t frames = data_bytes / knobs[0] + 1; /* one may not be whole */
    uint64_t bytes = sizeof(struct frame_list_state) +
                     knobs[1] * sizeof(struct virgin_range) + frames / 8 * 33 +
                     frames % 8 * 33 / 8 + 16;

    return frames >= FRAME_LIST_NONE || bytes > POLISHED_SIZE_MAX
               ? 0
               : (polished_size)bytes;
}

static uint64_t frame_list_capacity(polished_size bytes)
{
    uint64_t frames = (bytes - 8) / 33 * 8 + (bytes - 8) % 33 * 8 / 33;

    return frames < FRAME_LIST_NONE ? frames : FRAME_LIST_NONE - 1;
}

static enum polished_status frame_list_reset(struct polished_heap *heap)
{
    struct frame_list_state *state = frame_list_state(heap);

    POLISHED_STEP(heap);
    state->words[0] = 0;
    state->virgin.mark = state->virgin.grid.first;
    state->virgin.range_count = 0;
    state->top = FRAME_LIST_NONE;
    return POLISHED_OK;
}

static enum polished_status frame_list_init(struct polished_heap *heap,
                                            const polished_size *knobs)
{
    struct frame_list_state *state = frame_list_state(heap);
    struct virgin_range *ranges = (struct virgin_range *)(state + 1);
    uint64_t *words = (uint64_t *)(ranges + knobs[1]);

    state->virgin = (struct virgin){
        .grid = frame_grid(&heap->data, knobs[0], 1),
        .range_most = (uint32_t)knobs[1],
        .ranges = ranges,
    };
    if (frame_is_none(&state->virgin.grid))
        return POLISHED_BAD_SIZE;
    state->capacity = frame_list_capacity(
        heap->control_bytes -
        (polished_size)((unsigned char *)words - (unsigned char *)state));
    state->words = words;
    state->links = (uint32_t *)(words + state->capacity / FRAME_LIST_BITS + 1);
    POLISHED_LOWER_SLACK(heap, heap->data.size_bytes -
                                   frame_offset(&state->virgin.grid,
                                                state->virgin.grid.first + 1));
    return frame_list_reset(heap);
}

static uint64_t *frame_list_word(const struct frame_list_state *state,
                                 uint64_t frame)
{
    return &state->words[frame / FRAME_LIST_BITS];
}

static uint64_t frame_list_bit(uint64_t frame)
{
    return UINT64_C(1) << frame % FRAME_LIST_BITS;
}

/* Of a frame below the mark and in no range. */
static bool frame_list_is_out(const struct frame_list_state *state,
                              uint64_t frame)
{
    return *frame_list_word(state, frame) & frame_list_bit(frame);
}

/* Move the mark, and make the word valid in which it comes to stand. */
static void frame_list_pass(struct frame_list_state *state, uint64_t to)
{
    uint64_t mark = state->virgin.mark;

    if (to / FRAME_LIST_BITS != mark / FRAME_LIST_BITS ||
        mark % FRAME_LIST_BITS == 0)
        *frame_list_word(state, to) = 0;
    state->virgin.mark = to;
}

static void frame_list_note_end(struct polished_heap *heap, uint64_t end)
{
    POLISHED_LOWER_SLACK(
        heap, heap->data.size_bytes -
                  frame_offset(&frame_list_state(heap)->virgin.grid, end));
}

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
        frame_list_pass(state, frame);
        state->virgin.mark++;
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

static enum polished_status frame_list_extend(struct polished_heap *heap,
                                              polished_size more_bytes)
{
    struct frame_list_state *state = frame_list_state(heap);
    struct frame_grid *grid = &state->virgin.grid;
    uint64_t end = frame_end(grid, heap->data.size_bytes + more_bytes);

    POLISHED_STEP(heap);
    if (end > state->capacity)
        return POLISHED_LIMIT;
    grid->end = end;
    return POLISHED_OK;
}

/* Take what lies in the range off the list. */
static void frame_list_unlist(struct polished_heap *heap,
                              const struct virgin_range *range)
{
    struct frame_list_state *state = frame_list_state(heap);
    uint32_t *link = &state->top;

    while (*link != FRAME_LIST_NONE) {
        POLISHED_STEP(heap);
        if (range->first <= *link && *link < range->end)
            *link = state->links[*link];
        else
            link = &state->links[*link];
    }
}

/* May this range be reserved, where virgin_find says it belongs? */
static enum polished_status frame_list_judge(struct polished_heap *heap,
                                             const struct virgin_range *range,
                                             uint32_t at)
{
    const struct frame_list_state *state = frame_list_state(heap);
    const struct virgin *virgin = &state->virgin;

    if (virgin_holds(virgin, at, range->end - 1))
        return POLISHED_OVERLAP;
    for (uint64_t frame = range->first;
         frame < range->end && frame < virgin->mark; frame++) {
        POLISHED_STEP(heap);
        if (frame_list_is_out(state, frame))
            return POLISHED_OVERLAP;
    }
    return POLISHED_OK;
}

static enum polished_status frame_list_reserve(struct polished_heap *heap,
                                               polished_size offset,
                                               polished_size size_bytes)
{
    struct frame_list_state *state = frame_list_state(heap);
    struct virgin *virgin = &state->virgin;
    struct virgin_range range;
    enum polished_status status = frame_range(&virgin->grid, offset, size_bytes,
                                              &range.first, &range.end);
    uint32_t at;
    bool is_single;

    if (status != POLISHED_OK)
        return status;
    at = virgin_find(heap, virgin, range.first);
    status = frame_list_judge(heap, &range, at);
    if (status != POLISHED_OK)
        return status;
    is_single = range.end - range.first == 1 && range.first < virgin->mark;
    if (!is_single && virgin->range_count == virgin->range_most)
        return POLISHED_LIMIT;
    if (range.first < virgin->mark)
        frame_list_unlist(heap, &range);
    if (is_single)
        *frame_list_word(state, range.first) |= frame_list_bit(range.first);
    else
        virgin_insert(heap, virgin, at, range);
    if (range.first < virgin->mark && virgin->mark < range.end)
        frame_list_pass(state, range.end);
    frame_list_note_end(heap, range.end);
    return POLISHED_OK;
}

/* The piece that begins at a frame: where it ends, and what it is. */
static uint64_t frame_list_piece(const struct frame_list_state *state,
                                 uint64_t frame, uint32_t *at,
                                 enum polished_kind *kind)
{
    const struct virgin *virgin = &state->virgin;

    *kind = POLISHED_USED;
    if (virgin_holds(virgin, *at, frame))
        return virgin->ranges[(*at)++].end;
    if (frame < virgin->mark && frame_list_is_out(state, frame))
        return frame + 1;
    *kind = POLISHED_FREE;
    if (frame < virgin->mark)
        return frame + 1;
    return *at < virgin->range_count ? virgin->ranges[*at].first
                                     : virgin->grid.end;
}

static enum polished_status frame_list_walk(const struct polished_heap *heap,
                                            polished_visit *visit,
                                            void *context)
{
    const struct frame_list_state *state = frame_list_state(heap);
    const struct frame_grid *grid = &state->virgin.grid;
    struct walk walk = {.visit = visit, .context = context};
    uint64_t frame = grid->first;
    uint32_t at = 0;

    walk_to(&walk, frame_offset(grid, grid->first), POLISHED_OWN);
    while (frame < grid->end && !walk.is_over) {
        enum polished_kind kind;
        uint64_t end = frame_list_piece(state, frame, &at, &kind);

        if (kind == POLISHED_USED) {
            walk_to(&walk, frame_offset(grid, frame), POLISHED_FREE);
            walk_to(&walk, frame_offset(grid, end), POLISHED_USED);
        }
        frame = end;
    }
    walk_to(&walk, frame_offset(grid, frame), POLISHED_FREE);
    walk_to(&walk, heap->data.size_bytes, POLISHED_OWN);
    return POLISHED_OK;
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

/* Is the list just what lies free below the mark? */
static enum polished_status frame_list_check(const struct polished_heap *heap)
{
    struct polished_heap reader = *heap;
    const struct frame_list_state *state = frame_list_state(heap);
    const struct virgin *virgin = &state->virgin;
    uint64_t free = 0;
    uint32_t at = 0;

    if (!virgin_check(virgin) || virgin->grid.end > state->capacity)
        return POLISHED_CORRUPT;
    for (uint64_t frame = virgin->grid.first; frame < virgin->mark;) {
        enum polished_kind kind;

        frame = frame_list_piece(state, frame, &at, &kind);
        free += kind == POLISHED_FREE;
    }
    for (uint32_t frame = state->top; frame != FRAME_LIST_NONE;
         frame = state->links[frame]) {
        if (free-- == 0 || frame >= virgin->mark ||
            virgin_holds(virgin, virgin_find(&reader, virgin, frame), frame) ||
            frame_list_is_out(state, frame))
            return POLISHED_CORRUPT;
    }
    return free == 0 ? POLISHED_OK : POLISHED_CORRUPT;
}

static const struct polished_knob frame_list_knobs[] = {
    FRAME_KNOB, VIRGIN_KNOB, {0}};

const struct polished_ops polished_frame_list = {
    .abi = POLISHED_ABI,
    .caps = POLISHED_RECLAIMS | POLISHED_ANY_ORDER | POLISHED_NO_TOUCH |
            POLISHED_ONE_SIZE | POLISHED_PAGES | POLISHED_EXACT_MISUSE |
            POLISHED_EXACT_WALK | POLISHED_SLACK,
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
