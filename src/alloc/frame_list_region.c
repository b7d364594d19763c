/* frame_list_region.c - frame-list: making, changing and showing a heap. */
#include "alloc/frame_list.h"
#include "core/walk.h"

/* A frame has 33 bits; the last word of bits may be begun, and all rounded. */
polished_size frame_list_control_bytes(const polished_size *knobs,
                                       polished_size data_bytes)
{
    uint64_t frames = data_bytes / knobs[0] + 1; /* one may not be whole */
    uint64_t bytes = sizeof(struct frame_list_state) +
                     knobs[1] * sizeof(struct virgin_range) + frames / 8 * 33 +
                     frames % 8 * 33 / 8 + 16;

    return frames >= FRAME_LIST_NONE ? 0 : (polished_size)bytes;
}

static uint64_t frame_list_capacity(polished_size bytes)
{
    uint64_t frames = (bytes - 8) / 33 * 8 + (bytes - 8) % 33 * 8 / 33;

    return frames < FRAME_LIST_NONE ? frames : FRAME_LIST_NONE - 1;
}

enum polished_status frame_list_reset(struct polished_heap *heap)
{
    struct frame_list_state *state = frame_list_state(heap);

    POLISHED_STEP(heap);
    state->virgin.mark = state->virgin.grid.first;
    state->virgin.range_count = 0;
    state->top = FRAME_LIST_NONE;
    return POLISHED_OK;
}

enum polished_status frame_list_init(struct polished_heap *heap,
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

enum polished_status frame_list_extend(struct polished_heap *heap,
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

enum polished_status frame_list_reserve(struct polished_heap *heap,
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
        virgin->mark = range.end;
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

enum polished_status frame_list_walk(const struct polished_heap *heap,
                                     polished_visit *visit, void *context)
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

/* Is the list just what lies free below the mark? */
enum polished_status frame_list_check(const struct polished_heap *heap)
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
