/*
 * pool.c - equal objects, side by side.
 *
 *     data     | gap | object | object | object | object |  ...  | tail |
 *     control  | state | a bit per object, 1: free | a bit per word of those,
 *              1: not all 0 | a bit per word of these | ... one word |
 *
 * object_bytes says how large the objects are.  If it is 0, a pool that is
 * empty takes size and alignment from the next request.
 *
 * Time: O(1): at most two words on each level of bits, and the number of
 * levels is log64 of the number of objects.  walk and check O(objects).
 * Fails: when every object is in use; when a request is larger than an object,
 * or wants more alignment than every object has.
 * Keeps: nothing in data, which it never touches; in control 72 bytes and a
 * bit per object, written only as far as objects have ever been in use.
 *
 * Which object?  The lowest that was in use before, else the first that never
 * was.
 */
#include "alloc/levels.h"
#include "core/arith.h"
#include "core/count.h"
#include "core/judged.h"
#include "core/walk.h"
#include "polished/policies.h"

enum { POOL_OBJECT, POOL_ALIGN };

static const struct polished_knob pool_knobs[] = {
    [POOL_OBJECT] = {"object_bytes",
                     "the size of an object; 0: of the first request", 0,
                     1 << 30, 0, POLISHED_ANY},
    [POOL_ALIGN] = {"align_bytes", "objects start at multiples of this", 8,
                    65536, 16, POLISHED_POWER_OF_TWO},
    {0}};

struct pool_state {
    _Alignas(uint64_t) polished_size object_bytes; /* a knob; bits follow all */
    polished_size align_bytes;                     /* the other one */
    polished_size base;    /* where the first object starts */
    polished_size stride;  /* from object to object; 0: not known yet */
    polished_size inverse; /* of the odd part of stride, modulo 2^n */
    polished_size count;   /* objects there are */
    polished_size used;    /* objects in use */
    polished_size fresh;   /* this one and those behind never were in use */
    polished_size words;   /* of bits, on the lowest level; 1: free */
};

static struct pool_state *pool_state(const struct polished_heap *heap)
{
    return heap->control;
}

static struct levels pool_bits(const struct polished_heap *heap)
{
    const struct levels levels = {(void *)(pool_state(heap) + 1),
                                  pool_state(heap)->words};

    return levels;
}

static bool pool_is_free(const struct polished_heap *heap, polished_size index)
{
    return levels_is_set(pool_bits(heap), index);
}

/* a / b, on targets too that have no such division. */
static polished_size pool_divide(polished_size a, polished_size b)
{
    polished_size quotient = 0;
    unsigned shift;

    if (a < b)
        return 0;
    shift = bits_highest(a) - bits_highest(b);
    do {
        if (a >> shift >= b) {
            a -= b << shift;
            quotient |= (polished_size)1 << shift;
        }
    } while (shift-- > 0);
    return quotient;
}

/* The inverse of an odd number: each round doubles the bits that are right
   (Newton and Hensel). */
static polished_size pool_invert(polished_size odd)
{
    polished_size inverse = odd;

    while (odd * inverse != 1)
        inverse *= 2 - odd * inverse;
    return inverse;
}

/* Does the next request say how large the objects are? */
static bool pool_is_open(const struct pool_state *state)
{
    return state->object_bytes == 0 && state->used == 0;
}

/* Every object is aligned as the knob says, at least. */
static polished_size pool_align(const struct pool_state *state,
                                polished_size align_bytes)
{
    return align_bytes < state->align_bytes ? state->align_bytes : align_bytes;
}

/* Cut data into objects for such requests; false if there is no room for one.
 */
static bool pool_cut(const struct polished_heap *heap, struct pool_state *state,
                     polished_size size_bytes, polished_size align_bytes)
{
    polished_size base, stride;

    align_bytes = pool_align(state, align_bytes);
    base = arith_gap(heap->data.bus_base, align_bytes);
    if (!arith_round_up(size_bytes, align_bytes, &stride) ||
        base >= heap->data.size_bytes || stride > heap->data.size_bytes - base)
        return false;
    if (base == state->base && stride == state->stride)
        return true;
    state->base = base;
    state->stride = stride;
    state->inverse = pool_invert(stride >> bits_lowest(stride));
    state->count = pool_divide(heap->data.size_bytes - base, stride);
    state->fresh = 0;
    return true;
}

/* The bytes of the smallest object that these knobs allow. */
static polished_size pool_least(const polished_size *knobs)
{
    polished_size bytes = knobs[POOL_OBJECT], align_bytes = knobs[POOL_ALIGN];

    return bytes == 0 ? align_bytes : bytes + arith_gap(bytes, align_bytes);
}

static polished_size pool_control_bytes(const polished_size *knobs,
                                        polished_size data_bytes)
{
    polished_size most = pool_divide(data_bytes, pool_least(knobs));

    return sizeof(struct pool_state) + 8 * levels_all_words(most / 64 + 1);
}

static enum polished_status pool_init(struct polished_heap *heap,
                                      const polished_size *knobs)
{
    struct pool_state *state = pool_state(heap);
    polished_size room = (heap->control_bytes - sizeof *state) / 8;

    *state = (struct pool_state){.object_bytes = knobs[POOL_OBJECT],
                                 .align_bytes = knobs[POOL_ALIGN],
                                 .words = levels_fit(room)};
    if (!pool_cut(heap, state, pool_least(knobs), knobs[POOL_ALIGN]))
        return POLISHED_BAD_SIZE;
    POLISHED_LOWER_SLACK(heap,
                         heap->data.size_bytes - state->base - state->stride);
    return POLISHED_OK;
}

/* Is every object aligned so? */
static bool pool_is_aligned(const struct polished_heap *heap,
                            polished_size align_bytes)
{
    const struct pool_state *state = pool_state(heap);

    return (((heap->data.bus_base + state->base) | state->stride) &
            (align_bytes - 1)) == 0;
}

static enum polished_status pool_alloc(struct polished_heap *heap,
                                       const struct polished_request *request,
                                       polished_size *offset)
{
    struct pool_state *state = pool_state(heap);
    polished_size index;

    POLISHED_ASSERT(judged_request(heap, request));
    if (pool_is_open(state) &&
        !pool_cut(heap, state, request->size_bytes, request->align_bytes))
        return POLISHED_NO_MEMORY;
    if (request->size_bytes > state->stride ||
        !pool_is_aligned(heap, request->align_bytes))
        return POLISHED_NO_MEMORY;
    if (state->used == state->count)
        return POLISHED_NO_MEMORY;
    if (state->used < state->fresh) {
        index = levels_lowest(heap, pool_bits(heap));
        levels_clear(heap, pool_bits(heap), index);
    } else {
        index = state->fresh++;
        levels_begin(heap, pool_bits(heap), index);
        POLISHED_LOWER_SLACK(heap, heap->data.size_bytes - state->base -
                                       state->fresh * state->stride);
    }
    state->used++;
    *offset = state->base + index * state->stride;
    return POLISHED_OK;
}

/* Which object an offset in the objects lies in; does it start there? */
static bool pool_index(const struct pool_state *state, polished_size behind,
                       polished_size *index)
{
    *index = (behind >> bits_lowest(state->stride)) * state->inverse;
    if (*index < state->count && *index * state->stride == behind)
        return true;
    *index = pool_divide(behind, state->stride);
    return false;
}

/* The object that starts there, if it is in use. */
static enum polished_status pool_judge(const struct polished_heap *heap,
                                       polished_size offset,
                                       polished_size size_bytes,
                                       polished_size *index)
{
    const struct pool_state *state = pool_state(heap);
    bool is_start;

    POLISHED_ASSERT(judged_block(heap, offset, size_bytes));
    if (offset < state->base)
        return POLISHED_NOT_OWNED;
    is_start = pool_index(state, offset - state->base, index);
    if (*index >= state->fresh)
        return POLISHED_NOT_OWNED;
    if (pool_is_free(heap, *index))
        return is_start ? POLISHED_DOUBLE_FREE : POLISHED_NOT_OWNED;
    if (!is_start)
        return POLISHED_INTERIOR;
    return size_bytes > state->stride ? POLISHED_SIZE_MISMATCH : POLISHED_OK;
}

static enum polished_status pool_free(struct polished_heap *heap,
                                      polished_size offset,
                                      polished_size size_bytes)
{
    polished_size index;
    enum polished_status status = pool_judge(heap, offset, size_bytes, &index);

    POLISHED_STEP(heap);
    if (status != POLISHED_OK)
        return status;
    levels_set(heap, pool_bits(heap), index);
    pool_state(heap)->used--;
    return POLISHED_OK;
}

static enum polished_status pool_resize(struct polished_heap *heap,
                                        polished_size offset,
                                        polished_size size_bytes,
                                        const struct polished_request *request)
{
    polished_size index;
    enum polished_status status = pool_judge(heap, offset, size_bytes, &index);

    POLISHED_STEP(heap);
    if (status != POLISHED_OK)
        return status;
    return request->size_bytes > pool_state(heap)->stride ||
                   arith_gap(heap->data.bus_base + offset,
                             request->align_bytes) != 0
               ? POLISHED_NO_MEMORY
               : POLISHED_OK;
}

static enum polished_status pool_usable(const struct polished_heap *heap,
                                        polished_size offset,
                                        polished_size *size_bytes)
{
    polished_size index;
    enum polished_status status = pool_judge(heap, offset, 0, &index);

    if (status == POLISHED_OK)
        *size_bytes = pool_state(heap)->stride;
    return status;
}

static enum polished_status pool_extend(struct polished_heap *heap,
                                        polished_size more_bytes)
{
    struct pool_state *state = pool_state(heap);
    polished_size size_bytes = heap->data.size_bytes + more_bytes;
    polished_size least_bytes =
        state->object_bytes != 0 ? state->stride : state->align_bytes;

    POLISHED_STEP(heap);
    if (pool_divide(size_bytes, least_bytes) / 64 >= state->words)
        return POLISHED_LIMIT;
    state->count = pool_divide(size_bytes - state->base, state->stride);
    return POLISHED_OK;
}

static enum polished_status pool_reset(struct polished_heap *heap)
{
    POLISHED_STEP(heap);
    pool_state(heap)->used = 0;
    pool_state(heap)->fresh = 0;
    return POLISHED_OK;
}

/* The largest object that all of data could be. */
static polished_size pool_room(const struct polished_heap *heap,
                               polished_size align_bytes)
{
    polished_size base = arith_gap(heap->data.bus_base, align_bytes);

    return base >= heap->data.size_bytes
               ? 0
               : arith_round_down(heap->data.size_bytes - base, align_bytes);
}

/* While the objects have no size yet, all that can become of them is free. */
static polished_size pool_largest(const struct polished_heap *heap,
                                  const struct polished_request *request)
{
    const struct pool_state *state = pool_state(heap);

    if (pool_is_open(state))
        return pool_room(heap, pool_align(state, request->align_bytes));
    return state->used < state->count &&
                   pool_is_aligned(heap, request->align_bytes)
               ? state->stride
               : 0;
}

static enum polished_status pool_walk(const struct polished_heap *heap,
                                      polished_visit *visit, void *context)
{
    const struct pool_state *state = pool_state(heap);
    struct walk walk = {.visit = visit, .context = context};

    if (pool_is_open(state)) {
        walk_to(&walk, arith_gap(heap->data.bus_base, state->align_bytes),
                POLISHED_OWN);
        walk_to(&walk, walk.at_bytes + pool_room(heap, state->align_bytes),
                POLISHED_FREE);
    } else {
        walk_to(&walk, state->base, POLISHED_OWN);
        for (polished_size index = 0; index < state->count && !walk.is_over;
             index++)
            walk_to(&walk, walk.at_bytes + state->stride,
                    index >= state->fresh || pool_is_free(heap, index)
                        ? POLISHED_FREE
                        : POLISHED_USED);
    }
    walk_to(&walk, heap->data.size_bytes, POLISHED_OWN);
    return POLISHED_OK;
}

static enum polished_status pool_check(const struct polished_heap *heap)
{
    const struct pool_state *state = pool_state(heap);
    polished_size used = 0;

    if (state->fresh > state->count || state->count > state->words * 64)
        return POLISHED_CORRUPT;
    for (polished_size index = 0; index < state->fresh; index++)
        used += !pool_is_free(heap, index);
    return used == state->used &&
                   levels_are_sound(pool_bits(heap), state->fresh)
               ? POLISHED_OK
               : POLISHED_CORRUPT;
}

const struct polished_ops polished_pool = {
    .abi = POLISHED_ABI,
    .caps = POLISHED_RECLAIMS | POLISHED_ANY_ORDER | POLISHED_NO_TOUCH |
            POLISHED_ONE_SIZE | POLISHED_EXACT_MISUSE | POLISHED_EXACT_WALK |
            COUNT_CAPS(POLISHED_SLACK),
    .name = "pool",
    .summary = "equal objects side by side",
    .knobs = pool_knobs,
    .control_bytes = pool_control_bytes,
    .init = pool_init,
    .alloc = pool_alloc,
    .free = pool_free,
    .resize = pool_resize,
    .usable = pool_usable,
    .extend = pool_extend,
    .reset = pool_reset,
    .walk = pool_walk,
    .largest = pool_largest,
    .check = pool_check,
};
