/* operation.c - what an operation means for a heap as it is. */
#include "sim/operation.h"

/* The block that an operation picks; false: there is none. */
static bool resolve_pick(const struct operation *operation,
                         const struct operation_view *view, bool is_ended,
                         size_t *index, struct operation_block *block)
{
    size_t count = is_ended ? view->ended_count : view->live_count;

    if (count == 0)
        return false;
    *index = count - 1 - operation->pick % count;
    *block = view->block(view->context, is_ended, *index);
    return true;
}

/* What could be had now, by whoever asks. */
static polished_size resolve_largest(const struct operation_view *view,
                                     const struct polished_request *request,
                                     uint32_t owner)
{
    struct polished_heap heap = *view->heap;

    heap.owner = owner;
    return polished_largest(&heap, request);
}

static polished_size resolve_number(const struct operation_number *number,
                                    const struct operation_view *view,
                                    const struct operation_call *call,
                                    polished_size block_bytes)
{
    switch (number->from) {
    case OPERATION_FROM_DATA:
        return view->heap->data.size_bytes + number->bytes;
    case OPERATION_FROM_MOST:
        return POLISHED_SIZE_MAX + number->bytes;
    case OPERATION_FROM_LARGEST:
        return resolve_largest(view, &call->request, call->owner) +
               number->bytes;
    case OPERATION_FROM_BLOCK:
        return block_bytes + number->bytes;
    case OPERATION_FROM_BUS:
        return (polished_size)view->heap->data.bus_base + number->bytes;
    default:
        return number->bytes;
    }
}

static bool resolve_alloc(const struct operation *operation,
                          const struct operation_view *view,
                          struct operation_call *call)
{
    struct operation_block block = {.size_bytes = 0};
    bool has_owners = view->heap->ops->caps & POLISHED_OWNERS;
    size_t newest;

    resolve_pick(operation, view, false, &newest, &block);
    call->owner = has_owners ? operation->owner : 0;
    call->request.align_bytes = operation->align_bytes;
    call->request.boundary = operation->boundary;
    call->request.below = resolve_number(&operation->below, view, call, 0);
    call->request.size_bytes =
        resolve_number(&operation->size, view, call, block.size_bytes);
    return view->live_count < view->live_most;
}

static bool resolve_reserve(const struct operation *operation,
                            const struct operation_view *view,
                            struct operation_call *call)
{
    call->request.align_bytes = 1;
    call->offset = resolve_number(&operation->place, view, call, 0);
    call->request.size_bytes = resolve_number(&operation->size, view, call, 0);
    return view->heap->ops->reserve != NULL &&
           view->live_count < view->live_most;
}

static polished_size resolve_told(const struct operation *operation,
                                  const struct operation_view *view,
                                  const struct operation_block *block)
{
    bool is_needed = view->heap->ops->caps & POLISHED_NEEDS_SIZE;

    return operation->is_told || is_needed ? block->size_bytes : 0;
}

static bool resolve_free(const struct operation *operation,
                         const struct operation_view *view,
                         struct operation_call *call)
{
    struct operation_block block;

    if (!resolve_pick(operation, view, false, &call->index, &block))
        return false;
    call->owner = block.owner;
    call->offset = block.offset;
    call->told_bytes = resolve_told(operation, view, &block);
    return true;
}

static bool resolve_realloc(const struct operation *operation,
                            const struct operation_view *view,
                            struct operation_call *call)
{
    struct operation_block block;

    if (!resolve_free(operation, view, call))
        return false;
    block = view->block(view->context, false, call->index);
    call->request.align_bytes = operation->align_bytes != 0
                                    ? operation->align_bytes
                                    : block.align_bytes;
    call->request.size_bytes =
        resolve_number(&operation->size, view, call, block.size_bytes);
    return true;
}

/* What nobody gave cannot be taken in, but a number that overflows may be
   asked for. */
static bool resolve_extend(const struct operation *operation,
                           const struct operation_view *view,
                           struct operation_call *call)
{
    polished_size more_bytes = resolve_number(&operation->size, view, call, 0);

    call->request.size_bytes = more_bytes;
    return more_bytes <= view->room_bytes ||
           more_bytes > POLISHED_SIZE_MAX - view->heap->data.size_bytes;
}

static bool resolve_reset(const struct operation *operation,
                          const struct operation_view *view,
                          struct operation_call *call)
{
    (void)operation;
    (void)view;
    (void)call;
    return true;
}

static bool resolve_destroy(const struct operation *operation,
                            const struct operation_view *view,
                            struct operation_call *call)
{
    call->owner = operation->owner;
    return view->heap->ops->destroy != NULL;
}

static bool resolve_extra(const struct operation *operation,
                          const struct operation_view *view,
                          struct operation_call *call)
{
    const struct polished_extra *extras = view->heap->ops->extras;
    unsigned answer = operation->pick % OPERATION_ANSWERS, count = 0;

    while (extras && extras[count].name)
        count++;
    if (count == 0 || view->live_count == view->live_most)
        return false;
    call->extra = extras[operation->extra % count].name;
    call->request.align_bytes = 1;
    call->a = resolve_number(&operation->size, view, call, 0);
    call->b = resolve_number(&operation->place, view, call, 0);
    if (operation->size.from == OPERATION_FROM_ANSWER)
        call->a += view->answers[answer][0];
    if (operation->place.from == OPERATION_FROM_ANSWER)
        call->b += view->answers[answer][1];
    return true;
}

/* Is this no misuse, because a block begins there? */
static bool resolve_is_start(const struct operation_view *view,
                             polished_size offset)
{
    for (size_t i = 0; i < view->live_count; i++)
        if (view->block(view->context, false, i).offset == offset)
            return true;
    return false;
}

static polished_size resolve_inside(const struct operation *operation,
                                    const struct operation_block *block)
{
    return operation->place.bytes % block->size_bytes;
}

static bool resolve_target(const struct operation *operation,
                           const struct operation_view *view,
                           const struct operation_block *block,
                           struct operation_call *call)
{
    switch (operation->misuse) {
    case OPERATION_INTERIOR:
    case OPERATION_FORGED:
        call->offset += resolve_inside(operation, block);
        return call->offset != block->offset;
    case OPERATION_CLAIM:
        call->told_bytes =
            resolve_number(&operation->size, view, call, block->size_bytes);
        call->request.size_bytes = block->size_bytes;
        return call->told_bytes != block->size_bytes && call->told_bytes != 0;
    case OPERATION_STRANGER:
        call->owner = operation->owner;
        return (view->heap->ops->caps & POLISHED_OWNERS) &&
               call->owner != block->owner;
    default:
        return !resolve_is_start(view, call->offset);
    }
}

static bool resolve_misuse(const struct operation *operation,
                           const struct operation_view *view,
                           struct operation_call *call)
{
    struct operation_block block = {.size_bytes = 1, .align_bytes = 1};
    bool is_stale = operation->misuse == OPERATION_STALE;
    bool is_astray = operation->misuse == OPERATION_ASTRAY;

    if (!resolve_pick(operation, view, is_stale, &call->index, &block) &&
        !is_astray)
        return false;
    call->misuse = operation->misuse;
    call->is_resize = operation->is_resize;
    call->owner = block.owner;
    call->told_bytes = resolve_told(operation, view, &block);
    call->request.align_bytes = block.align_bytes;
    call->request.size_bytes =
        resolve_number(&operation->size, view, call, block.size_bytes);
    call->offset = is_astray ? resolve_number(&operation->place, view, call, 0)
                             : block.offset;
    return resolve_target(operation, view, &block, call);
}

bool operation_resolve(const struct operation *operation,
                       const struct operation_view *view,
                       struct operation_call *call)
{
    static bool (*const kinds[OPERATION_KIND_COUNT])(
        const struct operation *operation, const struct operation_view *view,
        struct operation_call *call) = {
        [OPERATION_ALLOC] = resolve_alloc,
        [OPERATION_RESERVE] = resolve_reserve,
        [OPERATION_REALLOC] = resolve_realloc,
        [OPERATION_FREE] = resolve_free,
        [OPERATION_EXTEND] = resolve_extend,
        [OPERATION_RESET] = resolve_reset,
        [OPERATION_DESTROY] = resolve_destroy,
        [OPERATION_EXTRA] = resolve_extra,
        [OPERATION_MISUSE] = resolve_misuse,
    };

    *call = (struct operation_call){.kind = operation->kind};
    return kinds[operation->kind](operation, view, call);
}
