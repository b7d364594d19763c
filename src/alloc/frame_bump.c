/*
 * frame_bump.c - the frames of a machine that boots: from low to high, around
 * what is reserved, never twice.
 *
 *     |  used  |gap|  used     |   free   |reserved|   free   |
 *     first         last       mark                           end
 *
 * Any number of frames with any alignment.  What alignment skips is remembered
 * as a gap, as long as there is room to: nobody gets it here, but the heap to
 * which memory is handed over does (polished/map.h).
 *
 * Time: O(log ranges) for every call, and once for each range that the mark
 * passes or that is moved in the list of ranges.
 * Fails: when no run above the mark is long enough; reserve also when there
 * are more ranges than the knob allows (LIMIT).  Free is accepted, and of no
 * effect.
 * Keeps: 16 bytes for each range, all in control; nothing for a frame.
 * Data is never touched, and may not be there.
 */
#include "alloc/virgin.h"
#include "core/count.h"
#include "core/walk.h"
#include "polished/policies.h"

struct frame_bump_state {
    struct virgin virgin; /* its ranges below the mark are gaps */
    uint64_t last;        /* the last block; ends at the mark */
};

static struct frame_bump_state *
frame_bump_state(const struct polished_heap *heap)
{
    return heap->control;
}

static polished_size frame_bump_control_bytes(const polished_size *knobs,
                                              polished_size data_bytes)
{
    (void)data_bytes;
    return (polished_size)(sizeof(struct frame_bump_state) +
                           knobs[1] * sizeof(struct virgin_range));
}

static enum polished_status frame_bump_reset(struct polished_heap *heap)
{
    struct frame_bump_state *state = frame_bump_state(heap);

    POLISHED_STEP(heap);
    state->virgin.mark = state->virgin.grid.first;
    state->virgin.range_count = 0;
    state->last = 0;
    return POLISHED_OK;
}

static enum polished_status frame_bump_init(struct polished_heap *heap,
                                            const polished_size *knobs)
{
    struct frame_bump_state *state = frame_bump_state(heap);

    state->virgin = (struct virgin){
        .grid = frame_grid(&heap->data, knobs[0], 1),
        .range_most = (uint32_t)knobs[1],
        .ranges = (struct virgin_range *)(state + 1),
    };
    if (frame_is_none(&state->virgin.grid))
        return POLISHED_BAD_SIZE;
    POLISHED_LOWER_SLACK(heap, heap->data.size_bytes -
                                   frame_offset(&state->virgin.grid,
                                                state->virgin.grid.first + 1));
    return frame_bump_reset(heap);
}

static void frame_bump_note_end(struct polished_heap *heap, uint64_t end)
{
    POLISHED_LOWER_SLACK(
        heap, heap->data.size_bytes -
                  frame_offset(&frame_bump_state(heap)->virgin.grid, end));
}

/* Let the mark go on to a place that is clear of ranges: those that it passes
   are used from now on, and what lies before each of them is a gap. */
static void frame_bump_pass(struct polished_heap *heap, uint64_t to)
{
    struct virgin *virgin = &frame_bump_state(heap)->virgin;
    uint32_t at = virgin_find(heap, virgin, virgin->mark);

    while (virgin_holds(virgin, at, to)) {
        struct virgin_range gap = {virgin->mark, virgin->ranges[at].first};

        POLISHED_STEP(heap);
        virgin->mark = virgin->ranges[at].end;
        if (gap.first < gap.end)
            virgin->ranges[at++] = gap;
        else
            virgin_remove(heap, virgin, at);
    }
    if (virgin->mark < to && virgin->range_count < virgin->range_most)
        virgin_insert(heap, virgin, at,
                      (struct virgin_range){virgin->mark, to});
}

static enum polished_status
frame_bump_alloc(struct polished_heap *heap,
                 const struct polished_request *request, polished_size *offset)
{
    struct frame_bump_state *state = frame_bump_state(heap);
    const struct frame_grid *grid = &state->virgin.grid;
    uint64_t need = frame_need(grid, request->size_bytes);
    uint64_t first;

    POLISHED_STEP(heap);
    if (!virgin_place(heap, &state->virgin, need,
                      frame_align(grid, request->align_bytes), &first))
        return POLISHED_NO_MEMORY;
    frame_bump_pass(heap, first);
    state->virgin.mark = first + need;
    state->last = first;
    frame_bump_note_end(heap, first + need);
    *offset = frame_offset(grid, first);
    return POLISHED_OK;
}

/*
 * The block that starts there, as far as it is known: the last, and those that
 * are reserved above the mark.  Of others block->end is 0.
 */
static enum polished_status frame_bump_find(struct polished_heap *heap,
                                            polished_size offset,
                                            polished_size size_bytes,
                                            struct virgin_range *block)
{
    const struct frame_bump_state *state = frame_bump_state(heap);
    const struct virgin *virgin = &state->virgin;
    uint64_t need = 0, most;
    uint32_t at;

    if (!frame_of(&virgin->grid, offset, &block->first))
        return POLISHED_NOT_OWNED;
    at = virgin_find(heap, virgin, block->first);
    block->end = block->first == state->last ? virgin->mark : 0;
    if (virgin_holds(virgin, at, block->first)) {
        if (virgin->ranges[at].end <= virgin->mark)
            return POLISHED_NOT_OWNED; /* a gap */
        if (virgin->ranges[at].first != block->first)
            return POLISHED_INTERIOR;
        block->end = virgin->ranges[at].end;
    } else if (block->first >= virgin->mark) {
        return POLISHED_NOT_OWNED;
    }
    if (!frame_is_start(&virgin->grid, offset) ||
        (block->end == 0 && block->first > state->last))
        return POLISHED_INTERIOR;
    most = (block->end == 0 ? state->last : block->end) - block->first;
    if (size_bytes != 0)
        need = frame_need(&virgin->grid, size_bytes);
    return need > most ? POLISHED_SIZE_MISMATCH : POLISHED_OK;
}

/* Accepted, and of no effect. */
static enum polished_status frame_bump_free(struct polished_heap *heap,
                                            polished_size offset,
                                            polished_size size_bytes)
{
    struct virgin_range block;

    POLISHED_STEP(heap);
    return frame_bump_find(heap, offset, size_bytes, &block);
}

/* Move the mark if the last block can end there. */
static enum polished_status frame_bump_grow(struct polished_heap *heap,
                                            uint64_t end)
{
    struct virgin *virgin = &frame_bump_state(heap)->virgin;
    uint32_t at = virgin_find(heap, virgin, virgin->mark);

    if (end > virgin->grid.end || virgin_holds(virgin, at, end - 1))
        return POLISHED_NO_MEMORY;
    virgin->mark = end;
    frame_bump_note_end(heap, end);
    return POLISHED_OK;
}

static enum polished_status
frame_bump_resize(struct polished_heap *heap, polished_size offset,
                  polished_size size_bytes,
                  const struct polished_request *request)
{
    const struct frame_bump_state *state = frame_bump_state(heap);
    const struct frame_grid *grid = &state->virgin.grid;
    struct virgin_range block;
    uint64_t end;
    enum polished_status status =
        frame_bump_find(heap, offset, size_bytes, &block);

    POLISHED_STEP(heap);
    if (status != POLISHED_OK)
        return status;
    if (arith_gap(heap->data.bus_base + offset, request->align_bytes) != 0)
        return POLISHED_NO_MEMORY;
    end = block.first + frame_need(grid, request->size_bytes);
    if (block.end == 0 && size_bytes == 0)
        return POLISHED_UNSUPPORTED;
    if (block.end == 0)
        block.end = block.first + frame_need(grid, size_bytes);
    if (end <= block.end)
        return POLISHED_OK;
    return block.end == state->virgin.mark ? frame_bump_grow(heap, end)
                                           : POLISHED_NO_MEMORY;
}

/* Known of the last block alone, and not for long: so not known. */
static enum polished_status frame_bump_usable(const struct polished_heap *heap,
                                              polished_size offset,
                                              polished_size *size_bytes)
{
    struct polished_heap reader = *heap; /* whose steps do not count */
    struct virgin_range block;
    enum polished_status status = frame_bump_find(&reader, offset, 0, &block);

    (void)size_bytes;
    return status == POLISHED_OK ? POLISHED_UNSUPPORTED : status;
}

static enum polished_status frame_bump_extend(struct polished_heap *heap,
                                              polished_size more_bytes)
{
    struct frame_grid *grid = &frame_bump_state(heap)->virgin.grid;

    POLISHED_STEP(heap);
    grid->end = frame_end(grid, heap->data.size_bytes + more_bytes);
    return POLISHED_OK;
}

/* A gap gives way to it if there is room for no more ranges. */
static enum polished_status frame_bump_reserve(struct polished_heap *heap,
                                               polished_size offset,
                                               polished_size size_bytes)
{
    struct virgin *virgin = &frame_bump_state(heap)->virgin;
    struct virgin_range range;
    enum polished_status status = frame_range(&virgin->grid, offset, size_bytes,
                                              &range.first, &range.end);
    uint32_t at;

    if (status != POLISHED_OK)
        return status;
    at = virgin_find(heap, virgin, range.first);
    if (range.first < virgin->mark || virgin_holds(virgin, at, range.end - 1))
        return POLISHED_OVERLAP;
    if (virgin->range_count == virgin->range_most) {
        if (virgin->ranges[0].end > virgin->mark)
            return POLISHED_LIMIT;
        virgin_remove(heap, virgin, 0);
        at--;
    }
    virgin_insert(heap, virgin, at, range);
    frame_bump_note_end(heap, range.end);
    return POLISHED_OK;
}

static enum polished_status frame_bump_walk(const struct polished_heap *heap,
                                            polished_visit *visit,
                                            void *context)
{
    const struct virgin *virgin = &frame_bump_state(heap)->virgin;
    const struct frame_grid *grid = &virgin->grid;
    struct walk walk = {.visit = visit, .context = context};
    uint32_t at = 0;

    walk_to(&walk, frame_offset(grid, grid->first), POLISHED_OWN);
    for (; at < virgin->range_count && virgin->ranges[at].end <= virgin->mark;
         at++) {
        walk_to(&walk, frame_offset(grid, virgin->ranges[at].first),
                POLISHED_USED);
        walk_to(&walk, frame_offset(grid, virgin->ranges[at].end),
                POLISHED_OWN);
    }
    walk_to(&walk, frame_offset(grid, virgin->mark), POLISHED_USED);
    for (; at < virgin->range_count; at++) {
        walk_to(&walk, frame_offset(grid, virgin->ranges[at].first),
                POLISHED_FREE);
        walk_to(&walk, frame_offset(grid, virgin->ranges[at].end),
                POLISHED_USED);
    }
    walk_to(&walk, frame_offset(grid, grid->end), POLISHED_FREE);
    walk_to(&walk, heap->data.size_bytes, POLISHED_OWN);
    return POLISHED_OK;
}

static polished_size frame_bump_largest(const struct polished_heap *heap,
                                        const struct polished_request *request)
{
    const struct virgin *virgin = &frame_bump_state(heap)->virgin;

    return (
        polished_size)(virgin_largest(virgin, frame_align(&virgin->grid,
                                                          request->align_bytes))
                       << virgin->grid.log2);
}

static enum polished_status frame_bump_check(const struct polished_heap *heap)
{
    const struct frame_bump_state *state = frame_bump_state(heap);
    const struct virgin *virgin = &state->virgin;

    if (!virgin_check(virgin) || state->last > virgin->mark)
        return POLISHED_CORRUPT;
    for (uint32_t at = 0; at < virgin->range_count; at++)
        if (virgin->ranges[at].first < virgin->mark &&
            virgin->ranges[at].end > virgin->mark)
            return POLISHED_CORRUPT;
    return POLISHED_OK;
}

static const struct polished_knob frame_bump_knobs[] = {
    FRAME_KNOB, VIRGIN_KNOB, {0}};

const struct polished_ops polished_frame_bump = {
    .abi = POLISHED_ABI,
    .caps = POLISHED_ANY_ORDER | POLISHED_NO_TOUCH | POLISHED_PAGES |
            COUNT_CAPS(POLISHED_SLACK),
    .name = "frame-bump",
    .summary = "frames from low to high; for booting, nothing comes back",
    .knobs = frame_bump_knobs,
    .control_bytes = frame_bump_control_bytes,
    .init = frame_bump_init,
    .alloc = frame_bump_alloc,
    .free = frame_bump_free,
    .resize = frame_bump_resize,
    .usable = frame_bump_usable,
    .extend = frame_bump_extend,
    .reserve = frame_bump_reserve,
    .reset = frame_bump_reset,
    .walk = frame_bump_walk,
    .largest = frame_bump_largest,
    .check = frame_bump_check,
};
