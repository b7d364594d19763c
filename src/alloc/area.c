/* area.c - the calls that frame-bitmap and dma share. */
#include "alloc/area.h"

#include "core/count.h"
#include "core/walk.h"

polished_size area_control_bytes(const polished_size *knobs,
                                 polished_size data_bytes)
{
    uint64_t units = data_bytes / knobs[0] + 1; /* one may not be whole */
    polished_size need_bytes =
        runs_bytes(units + (units > AREA_ROUND ? RUNS_LEAF : 0));

    return need_bytes == 0
               ? 0
               : need_bytes + (polished_size)sizeof(struct area_state);
}

enum polished_status area_init(struct polished_heap *heap,
                               const polished_size *knobs)
{
    struct area_state *state = area_state(heap);

    state->round_log2 = heap->data.size_bytes / knobs[0] < AREA_ROUND
                            ? 0
                            : bits_highest(RUNS_LEAF);
    state->grid =
        frame_grid(&heap->data, knobs[0], UINT64_C(1) << state->round_log2);
    if (frame_is_none(&state->grid))
        return POLISHED_BAD_SIZE;
    runs_init(&state->runs, state + 1,
              heap->control_bytes - (polished_size)sizeof *state);
    POLISHED_ASSERT(state->grid.end <= state->runs.capacity);
    POLISHED_LOWER_SLACK(heap,
                         heap->data.size_bytes -
                             frame_offset(&state->grid, state->grid.first + 1));
    return area_reset(heap);
}

enum polished_status area_reset(struct polished_heap *heap)
{
    struct area_state *state = area_state(heap);

    state->hint = 0;
    runs_clear(heap, state->grid.end);
    if (state->grid.first != 0)
        runs_take(heap, 0, state->grid.first);
    return POLISHED_OK;
}

void area_take(struct polished_heap *heap, uint64_t first, uint64_t end)
{
    runs_take(heap, first, end);
    POLISHED_LOWER_SLACK(heap, heap->data.size_bytes -
                                   frame_offset(&area_state(heap)->grid, end));
}

/* The block that starts there and has the size that the caller tells. */
static enum polished_status area_find(struct polished_heap *heap,
                                      polished_size offset,
                                      polished_size size_bytes,
                                      struct runs_run *block)
{
    const struct frame_grid *grid = &area_state(heap)->grid;
    enum runs_state state;

    if (!frame_of(grid, offset, &block->first))
        return POLISHED_NOT_OWNED;
    state = runs_state_of(heap, block->first);
    if (state == RUNS_IS_FREE)
        return POLISHED_DOUBLE_FREE;
    if (state == RUNS_IS_INSIDE || !frame_is_start(grid, offset))
        return POLISHED_INTERIOR;
    block->end = runs_border(heap, block->first + 1);
    if (size_bytes != 0 &&
        frame_need(grid, size_bytes) != block->end - block->first)
        return POLISHED_SIZE_MISMATCH;
    return POLISHED_OK;
}

enum polished_status area_free(struct polished_heap *heap, polished_size offset,
                               polished_size size_bytes)
{
    struct runs_run block;
    enum polished_status status = area_find(heap, offset, size_bytes, &block);

    if (status == POLISHED_OK)
        runs_give(heap, block.first, block.end);
    return status;
}

enum polished_status area_resize(struct polished_heap *heap,
                                 polished_size offset, polished_size size_bytes,
                                 const struct polished_request *request)
{
    struct area_query query = area_query(heap, request);
    struct runs_run block;
    uint64_t end;
    enum polished_status status = area_find(heap, offset, size_bytes, &block);

    if (status != POLISHED_OK)
        return status;
    if (!area_keeps(heap, &query, block.first))
        return POLISHED_NO_MEMORY;
    end = block.first + query.need;
    if (end > block.end) {
        if (!runs_is_free(heap, block.end, end))
            return POLISHED_NO_MEMORY;
        runs_lengthen(heap, block.end, end);
        POLISHED_LOWER_SLACK(heap,
                             heap->data.size_bytes -
                                 frame_offset(&area_state(heap)->grid, end));
    } else {
        runs_give(heap, end, block.end);
    }
    return POLISHED_OK;
}

enum polished_status area_usable(const struct polished_heap *heap,
                                 polished_size offset,
                                 polished_size *size_bytes)
{
    struct polished_heap reader = *heap; /* whose steps do not count */
    struct runs_run block;
    enum polished_status status = area_find(&reader, offset, 0, &block);

    if (status == POLISHED_OK)
        *size_bytes = (polished_size)((block.end - block.first)
                                      << area_state(heap)->grid.log2);
    return status;
}

enum polished_status area_extend(struct polished_heap *heap,
                                 polished_size more_bytes)
{
    struct area_state *state = area_state(heap);
    uint64_t end = frame_end(&state->grid, heap->data.size_bytes + more_bytes);

    if (end > state->runs.capacity)
        return POLISHED_LIMIT;
    if (end != state->grid.end)
        runs_extend(heap, state->grid.end, end);
    state->grid.end = end;
    return POLISHED_OK;
}

enum polished_status area_reserve(struct polished_heap *heap,
                                  polished_size offset,
                                  polished_size size_bytes)
{
    struct runs_run block;
    enum polished_status status = frame_range(
        &area_state(heap)->grid, offset, size_bytes, &block.first, &block.end);

    if (status != POLISHED_OK)
        return status;
    if (!runs_is_free(heap, block.first, block.end))
        return POLISHED_OVERLAP;
    area_take(heap, block.first, block.end);
    return POLISHED_OK;
}

struct area_show {
    struct walk walk;
    const struct frame_grid *grid;
};

static int area_show(void *context, uint64_t end, bool is_free)
{
    struct area_show *show = context;

    walk_to(&show->walk, frame_offset(show->grid, end),
            is_free ? POLISHED_FREE : POLISHED_USED);
    return show->walk.is_over;
}

enum polished_status area_walk(const struct polished_heap *heap,
                               polished_visit *visit, void *context)
{
    const struct frame_grid *grid = &area_state(heap)->grid;
    struct area_show show = {{.visit = visit, .context = context}, grid};

    walk_to(&show.walk, frame_offset(grid, grid->first), POLISHED_OWN);
    runs_walk(heap, grid->end, area_show, &show);
    walk_to(&show.walk, heap->data.size_bytes, POLISHED_OWN);
    return POLISHED_OK;
}

enum polished_status area_check(const struct polished_heap *heap)
{
    const struct area_state *state = area_state(heap);

    return state->grid.end <= state->runs.capacity && runs_check(heap)
               ? POLISHED_OK
               : POLISHED_CORRUPT;
}
