/*
 * bump.c - hand out memory from low to high, never look back.
 *
 *     |  used: blocks and the gaps that alignment left  |   free   |
 *     0                               last              top        end
 *
 * Time: O(1) for every call, whatever happens.
 * Fails: when the top would pass the end.  What is freed comes back only by
 * reset, or by rewind to a mark.
 * Keeps: three words and, for stale marks, the last few cuts, all in control.
 * Data is never touched; a block costs nothing.
 *
 * It knows no block but the last.  That one is resized in place, any other can
 * only be told to be smaller; and the walk shows all that is used as one.
 */
#include "alloc/bump.h"

#include "core/arith.h"
#include "core/count.h"
#include "core/judged.h"
#include "core/walk.h"
#include "polished/policies.h"

static struct bump_state *bump_state(const struct polished_heap *heap)
{
    return heap->control;
}

/*
 * Lower the top.  A cut makes those above it superfluous.  When there are too
 * many, the two lowest become one: that may refuse a mark that was good, and
 * never takes one that is stale.
 */
static void bump_cut(struct bump_state *state, polished_size top_bytes)
{
    POLISHED_ASSERT(top_bytes < state->top_bytes);
    while (state->cut_count > 0 &&
           state->cuts[state->cut_count - 1].top_bytes >= top_bytes)
        state->cut_count--;
    if (state->cut_count == BUMP_CUTS) {
        state->cuts[1].top_bytes = state->cuts[0].top_bytes;
        for (uint32_t i = 1; i < BUMP_CUTS; i++)
            state->cuts[i - 1] = state->cuts[i];
        state->cut_count--;
    }
    state->cuts[state->cut_count].top_bytes = top_bytes;
    state->cuts[state->cut_count].epoch = ++state->epoch;
    state->cut_count++;
    state->top_bytes = top_bytes;
}

static polished_size bump_control_bytes(const polished_size *knobs,
                                        polished_size data_bytes)
{
    (void)knobs;
    (void)data_bytes;
    return sizeof(struct bump_state);
}

static enum polished_status bump_init(struct polished_heap *heap,
                                      const polished_size *knobs)
{
    struct bump_state *state = bump_state(heap);

    (void)knobs;
    *state = (struct bump_state){.last = POLISHED_NOWHERE};
    return POLISHED_OK;
}

/* Where the next block with this alignment would start. */
static bool bump_next(const struct polished_heap *heap,
                      polished_size align_bytes, polished_size *start)
{
    polished_size top_bytes = bump_state(heap)->top_bytes;
    polished_size gap_bytes =
        arith_gap(heap->data.bus_base + top_bytes, align_bytes);

    return arith_add(top_bytes, gap_bytes, start) &&
           *start < heap->data.size_bytes;
}

static enum polished_status bump_alloc(struct polished_heap *heap,
                                       const struct polished_request *request,
                                       polished_size *offset)
{
    struct bump_state *state = bump_state(heap);
    polished_size start;

    POLISHED_ASSERT(judged_request(heap, request));
    POLISHED_STEP(heap);
    if (!bump_next(heap, request->align_bytes, &start) ||
        request->size_bytes > heap->data.size_bytes - start)
        return POLISHED_NO_MEMORY;
    state->last = start;
    state->top_bytes = start + request->size_bytes;
    POLISHED_LOWER_SLACK(heap, heap->data.size_bytes - state->top_bytes);
    *offset = start;
    return POLISHED_OK;
}

/* Whether a block may start here, as far as a bump heap can know. */
static enum polished_status bump_judge(const struct polished_heap *heap,
                                       polished_size offset,
                                       polished_size size_bytes)
{
    const struct bump_state *state = bump_state(heap);

    POLISHED_ASSERT(judged_block(heap, offset, size_bytes));
    POLISHED_ASSERT(state->top_bytes <= heap->data.size_bytes);
    if (offset >= state->top_bytes)
        return POLISHED_NOT_OWNED;
    if (size_bytes > state->top_bytes - offset)
        return POLISHED_SIZE_MISMATCH;
    if (state->last == POLISHED_NOWHERE || offset < state->last)
        return POLISHED_OK;
    if (offset > state->last)
        return POLISHED_INTERIOR;
    return size_bytes != 0 && size_bytes != state->top_bytes - offset
               ? POLISHED_SIZE_MISMATCH
               : POLISHED_OK;
}

/* Accepted, and of no effect. */
static enum polished_status bump_free(struct polished_heap *heap,
                                      polished_size offset,
                                      polished_size size_bytes)
{
    POLISHED_STEP(heap);
    return bump_judge(heap, offset, size_bytes);
}

static enum polished_status bump_resize(struct polished_heap *heap,
                                        polished_size offset,
                                        polished_size size_bytes,
                                        const struct polished_request *request)
{
    struct bump_state *state = bump_state(heap);
    enum polished_status status = bump_judge(heap, offset, size_bytes);

    POLISHED_ASSERT(judged_request(heap, request));
    POLISHED_STEP(heap);
    if (status != POLISHED_OK)
        return status;
    if (arith_gap(heap->data.bus_base + offset, request->align_bytes) != 0)
        return POLISHED_NO_MEMORY;
    if (offset != state->last) {
        if (size_bytes == 0)
            return POLISHED_UNSUPPORTED;
        return request->size_bytes <= size_bytes ? POLISHED_OK
                                                 : POLISHED_NO_MEMORY;
    }
    if (request->size_bytes > heap->data.size_bytes - offset)
        return POLISHED_NO_MEMORY;
    if (offset + request->size_bytes < state->top_bytes)
        bump_cut(state, offset + request->size_bytes);
    state->top_bytes = offset + request->size_bytes;
    POLISHED_LOWER_SLACK(heap, heap->data.size_bytes - state->top_bytes);
    return POLISHED_OK;
}

static enum polished_status bump_usable(const struct polished_heap *heap,
                                        polished_size offset,
                                        polished_size *size_bytes)
{
    const struct bump_state *state = bump_state(heap);
    enum polished_status status = bump_judge(heap, offset, 0);

    if (status != POLISHED_OK)
        return status;
    if (offset != state->last)
        return POLISHED_UNSUPPORTED;
    *size_bytes = state->top_bytes - offset;
    return POLISHED_OK;
}

static enum polished_status bump_extend(struct polished_heap *heap,
                                        polished_size more_bytes)
{
    (void)more_bytes;
    POLISHED_STEP(heap);
    return POLISHED_OK;
}

static enum polished_status bump_reset(struct polished_heap *heap)
{
    struct bump_state *state = bump_state(heap);

    POLISHED_STEP(heap);
    state->reset_epoch = ++state->epoch;
    state->cut_count = 0;
    state->top_bytes = 0;
    state->last = POLISHED_NOWHERE;
    return POLISHED_OK;
}

static enum polished_status bump_walk(const struct polished_heap *heap,
                                      polished_visit *visit, void *context)
{
    struct walk walk = {.visit = visit, .context = context};

    walk_to(&walk, bump_state(heap)->top_bytes, POLISHED_USED);
    walk_to(&walk, heap->data.size_bytes, POLISHED_FREE);
    return POLISHED_OK;
}

static polished_size bump_largest(const struct polished_heap *heap,
                                  const struct polished_request *request)
{
    polished_size start;

    return bump_next(heap, request->align_bytes, &start)
               ? heap->data.size_bytes - start
               : 0;
}

static enum polished_status bump_check(const struct polished_heap *heap)
{
    const struct bump_state *state = bump_state(heap);

    if (state->top_bytes > heap->data.size_bytes ||
        state->cut_count > BUMP_CUTS || state->reset_epoch > state->epoch ||
        (state->last != POLISHED_NOWHERE && state->last >= state->top_bytes))
        return POLISHED_CORRUPT;
    return POLISHED_OK;
}

static enum polished_status bump_mark(struct polished_heap *heap,
                                      polished_size *a, polished_size *b)
{
    *a = bump_state(heap)->top_bytes;
    *b = bump_state(heap)->epoch;
    return POLISHED_OK;
}

static enum polished_status bump_rewind(struct polished_heap *heap,
                                        polished_size *a, polished_size *b)
{
    struct bump_state *state = bump_state(heap);

    if (*a > state->top_bytes || *b < state->reset_epoch || *b > state->epoch)
        return POLISHED_BAD_ORDER;
    for (uint32_t i = 0; i < state->cut_count; i++) {
        POLISHED_STEP(heap);
        if (state->cuts[i].epoch > *b && state->cuts[i].top_bytes < *a)
            return POLISHED_BAD_ORDER;
    }
    if (*a < state->top_bytes) {
        bump_cut(state, *a);
        state->last = POLISHED_NOWHERE;
    }
    return POLISHED_OK;
}

static const struct polished_extra bump_extras[] = {
    {"mark", "answer this moment: a = top, b = epoch", bump_mark},
    {"rewind", "free all since the mark a, b", bump_rewind},
    {0}};

const struct polished_ops polished_bump = {
    .abi = POLISHED_ABI,
    .caps = POLISHED_ANY_ORDER | POLISHED_NO_TOUCH | COUNT_CAPS(POLISHED_SLACK),
    .name = "bump",
    .summary = "from low to high; nothing comes back before reset",
    .extras = bump_extras,
    .control_bytes = bump_control_bytes,
    .init = bump_init,
    .alloc = bump_alloc,
    .free = bump_free,
    .resize = bump_resize,
    .usable = bump_usable,
    .extend = bump_extend,
    .reset = bump_reset,
    .walk = bump_walk,
    .largest = bump_largest,
    .check = bump_check,
};
