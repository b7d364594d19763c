/*
 * stack.c - last in, first out: only the block on top can be freed.
 *
 *     | head | block    | skip ... | head | block   |    free    | tail
 *     0                                    last      top          limit
 *
 *     head  8 bytes before each block: where the block below it starts, and
 *           its own size (16 bytes in data of more than STACK_NARROW)
 *     skip  where alignment leaves a gap, its first word says how long it is:
 *           so the blocks can be walked upwards too
 *
 * Time: alloc, free, resize and usable O(1).  rewind O(blocks it frees); walk
 * and check O(blocks).
 * Fails: when the top would pass the end.  Freeing the top block gives back
 * its head and the gap before it too: nothing is ever lost.
 * Keeps: five words in control, one head per block in data (stack.h).
 */
#include "alloc/stack.h"

#include "core/arith.h"
#include "core/count.h"
#include "core/judged.h"
#include "core/walk.h"
#include "polished/policies.h"

static polished_size stack_control_bytes(const polished_size *knobs,
                                         polished_size data_bytes)
{
    (void)knobs;
    return data_bytes > STACK_SPAN ? 0 : sizeof(struct stack_state);
}

static enum polished_status stack_init(struct polished_heap *heap,
                                       const polished_size *knobs)
{
    polished_size size_bytes = heap->data.size_bytes;
    const struct stack_state fresh = {
        .head = size_bytes > STACK_NARROW ? 2 : 1,
        .shift_bytes = (uint32_t)arith_gap(heap->data.bus_base, STACK_GRAIN)};
    polished_size least_bytes =
        fresh.shift_bytes + (fresh.head + 1) * STACK_GRAIN;

    (void)knobs;
    if (size_bytes < least_bytes)
        return POLISHED_BAD_SIZE;
    *stack_state(heap) = fresh;
    POLISHED_LOWER_SLACK(heap, size_bytes - least_bytes);
    if (fresh.head == 2)
        POLISHED_LOWER_SLACK(heap,
                             (polished_size)(size_bytes - STACK_NARROW - 1));
    return POLISHED_OK;
}

/* Where the next block with this alignment would start; true if in data. */
static bool stack_next(const struct polished_heap *heap,
                       polished_size align_bytes, uint64_t *start)
{
    uint64_t lowest = stack_state(heap)->top + stack_state(heap)->head;
    uint64_t address = heap->data.bus_base + stack_state(heap)->shift_bytes +
                       lowest * STACK_GRAIN;

    *start = lowest + arith_gap(address, align_bytes) / STACK_GRAIN;
    return *start < stack_limit(heap);
}

static uint64_t stack_round(polished_size size_bytes)
{
    return size_bytes / STACK_GRAIN + (size_bytes % STACK_GRAIN != 0);
}

/* Let the stack end with this block. */
static void stack_raise(struct polished_heap *heap, uint64_t start,
                        uint64_t top)
{
    struct stack_state *state = stack_state(heap);

    POLISHED_ASSERT(start < top && top <= stack_limit(heap));
    state->last = start;
    state->top = top;
    if (state->peak < top)
        state->peak = top;
    POLISHED_LOWER_SLACK(
        heap, (polished_size)((stack_limit(heap) - top) * STACK_GRAIN));
}

static enum polished_status stack_alloc(struct polished_heap *heap,
                                        const struct polished_request *request,
                                        polished_size *offset)
{
    const struct stack_state *state = stack_state(heap);
    uint64_t size = stack_round(request->size_bytes);
    uint64_t start, gap;

    POLISHED_ASSERT(judged_request(heap, request));
    POLISHED_STEP(heap);
    if (!stack_next(heap, request->align_bytes, &start) ||
        size > stack_limit(heap) - start)
        return POLISHED_NO_MEMORY;
    gap = start - state->head - state->top;
    if (gap != 0)
        *stack_word(heap, state->top) = STACK_SKIP | gap;
    stack_write(heap, start, state->last, size);
    stack_raise(heap, start, start + size);
    *offset = stack_offset(heap, start);
    return POLISHED_OK;
}

/* The block that starts at a grain below the top block, if one seems to. */
static bool stack_seems(struct polished_heap *heap, polished_size offset,
                        uint64_t grain, struct stack_block *block)
{
    POLISHED_STEP(heap);
    return stack_offset(heap, grain) == offset &&
           stack_load(heap, grain, block);
}

/*
 * Find the block that starts at an offset.  Exact for the top block and what
 * lies above it; below, where a free is refused anyway, the head is believed,
 * if those around it agree.
 */
static enum polished_status stack_find(struct polished_heap *heap,
                                       polished_size offset,
                                       polished_size size_bytes,
                                       struct stack_block *block)
{
    const struct stack_state *state = stack_state(heap);
    uint64_t grain;

    POLISHED_ASSERT(judged_block(heap, offset, size_bytes));
    if (offset < state->shift_bytes)
        return POLISHED_NOT_OWNED;
    grain = (offset - state->shift_bytes) / STACK_GRAIN;
    if (grain >= state->top)
        return grain < state->peak ? POLISHED_DOUBLE_FREE : POLISHED_NOT_OWNED;
    POLISHED_STEP(heap);
    if (!stack_load(heap, state->last, block))
        return POLISHED_CORRUPT;
    if (grain < block->floor ? !stack_seems(heap, offset, grain, block)
                             : grain < block->start)
        return POLISHED_NOT_OWNED;
    if (offset != stack_offset(heap, block->start))
        return POLISHED_INTERIOR;
    if (size_bytes != 0 &&
        stack_round(size_bytes) != block->end - block->start)
        return POLISHED_SIZE_MISMATCH;
    return POLISHED_OK;
}

static enum polished_status stack_free(struct polished_heap *heap,
                                       polished_size offset,
                                       polished_size size_bytes)
{
    struct stack_state *state = stack_state(heap);
    struct stack_block block;
    enum polished_status status = stack_find(heap, offset, size_bytes, &block);

    if (status != POLISHED_OK)
        return status;
    if (block.start != state->last)
        return POLISHED_BAD_ORDER;
    state->last = block.below;
    state->top = block.floor;
    return POLISHED_OK;
}

static enum polished_status stack_resize(struct polished_heap *heap,
                                         polished_size offset,
                                         polished_size size_bytes,
                                         const struct polished_request *request)
{
    uint64_t size = stack_round(request->size_bytes);
    struct stack_block block;
    enum polished_status status = stack_find(heap, offset, size_bytes, &block);

    POLISHED_ASSERT(judged_request(heap, request));
    if (status != POLISHED_OK)
        return status;
    if (block.start != stack_state(heap)->last)
        return POLISHED_BAD_ORDER;
    if (arith_gap(heap->data.bus_base + offset, request->align_bytes) != 0 ||
        size > stack_limit(heap) - block.start)
        return POLISHED_NO_MEMORY;
    stack_write(heap, block.start, block.below, size);
    stack_raise(heap, block.start, block.start + size);
    return POLISHED_OK;
}

static enum polished_status stack_usable(const struct polished_heap *heap,
                                         polished_size offset,
                                         polished_size *size_bytes)
{
    struct polished_heap reader = *heap; /* whose steps do not count */
    struct stack_block block;
    enum polished_status status = stack_find(&reader, offset, 0, &block);

    if (status == POLISHED_OK)
        *size_bytes = (polished_size)((block.end - block.start) * STACK_GRAIN);
    return status;
}

static enum polished_status stack_extend(struct polished_heap *heap,
                                         polished_size more_bytes)
{
    uint64_t most_bytes =
        stack_state(heap)->head == 1 ? STACK_NARROW : STACK_SPAN;

    POLISHED_STEP(heap);
    return heap->data.size_bytes + more_bytes > most_bytes ? POLISHED_LIMIT
                                                           : POLISHED_OK;
}

static enum polished_status stack_reset(struct polished_heap *heap)
{
    struct stack_state *state = stack_state(heap);

    POLISHED_STEP(heap);
    state->last = 0;
    state->top = 0;
    state->peak = 0;
    state->epoch++;
    return POLISHED_OK;
}

/* Show the blocks below the top; false where they are damaged. */
static bool stack_walk_blocks(const struct polished_heap *heap,
                              struct walk *walk)
{
    uint64_t top = stack_state(heap)->top;
    uint64_t head = stack_state(heap)->head;
    uint64_t grain = 0;

    while (grain < top && !walk->is_over) {
        uint64_t skip = stack_skip(heap, grain);
        uint64_t start = grain + skip + head;
        uint64_t size;

        if (start >= top)
            return false;
        size = stack_size(heap, start);
        if (size == 0 || size > top - start)
            return false;
        grain = start + size;
        walk_to(walk, stack_offset(heap, start), POLISHED_OWN);
        walk_to(walk, stack_offset(heap, grain), POLISHED_USED);
    }
    return true;
}

static enum polished_status stack_walk(const struct polished_heap *heap,
                                       polished_visit *visit, void *context)
{
    const struct stack_state *state = stack_state(heap);
    struct walk walk = {.visit = visit, .context = context};
    uint64_t limit = stack_limit(heap);
    uint64_t start = state->top + state->head;

    walk_to(&walk, state->shift_bytes, POLISHED_OWN);
    if (state->top > limit || !stack_walk_blocks(heap, &walk))
        return POLISHED_CORRUPT;
    if (start < limit) {
        walk_to(&walk, stack_offset(heap, start), POLISHED_OWN);
        walk_to(&walk, stack_offset(heap, limit), POLISHED_FREE);
    }
    walk_to(&walk, heap->data.size_bytes, POLISHED_OWN);
    return POLISHED_OK;
}

static polished_size stack_largest(const struct polished_heap *heap,
                                   const struct polished_request *request)
{
    uint64_t start;

    if (!stack_next(heap, request->align_bytes, &start))
        return 0;
    return (polished_size)((stack_limit(heap) - start) * STACK_GRAIN);
}

/* The chain from the top down must end where the walk began. */
static enum polished_status stack_check(const struct polished_heap *heap)
{
    const struct stack_state *state = stack_state(heap);
    struct stack_block block = {.floor = state->top};
    uint64_t start = state->last;

    if (state->top > state->peak || state->peak > stack_limit(heap))
        return POLISHED_CORRUPT;
    while (start != 0) {
        uint64_t end = block.floor;

        if (!stack_load(heap, start, &block) || block.end != end)
            return POLISHED_CORRUPT;
        start = block.below;
    }
    return block.floor == 0 ? POLISHED_OK : POLISHED_CORRUPT;
}

static enum polished_status stack_mark(struct polished_heap *heap,
                                       polished_size *a, polished_size *b)
{
    *a = (polished_size)stack_state(heap)->top;
    *b = (polished_size)stack_state(heap)->epoch;
    return POLISHED_OK;
}

/* A mark is stale when no block now ends, or begins, at its height. */
static enum polished_status stack_rewind(struct polished_heap *heap,
                                         polished_size *a, polished_size *b)
{
    struct stack_state *state = stack_state(heap);
    struct stack_block block = {.floor = state->top, .below = state->last};

    if (*b != (polished_size)state->epoch)
        return POLISHED_BAD_ORDER;
    while (block.floor > *a) {
        POLISHED_STEP(heap);
        if (!stack_load(heap, block.below, &block))
            return POLISHED_CORRUPT;
    }
    if (block.floor != *a)
        return POLISHED_BAD_ORDER;
    state->last = block.below;
    state->top = block.floor;
    return POLISHED_OK;
}

static const struct polished_extra stack_extras[] = {
    {"mark", "answer this moment: a = top, b = epoch", stack_mark},
    {"rewind", "free all since the mark a, b", stack_rewind},
    {0}};

const struct polished_ops polished_stack = {
    .abi = POLISHED_ABI,
    .caps =
        POLISHED_RECLAIMS | POLISHED_EXACT_WALK | COUNT_CAPS(POLISHED_SLACK),
    .name = "stack",
    .summary = "last in, first out; only the top block can be freed",
    .extras = stack_extras,
    .control_bytes = stack_control_bytes,
    .init = stack_init,
    .alloc = stack_alloc,
    .free = stack_free,
    .resize = stack_resize,
    .usable = stack_usable,
    .extend = stack_extend,
    .reset = stack_reset,
    .walk = stack_walk,
    .largest = stack_largest,
    .check = stack_check,
};
