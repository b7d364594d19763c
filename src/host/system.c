/*
 * system - the malloc that this program is linked with, as a policy.
 *
 * It takes memory from the operating system as it likes, so the region is all
 * addresses and no heap size bounds it.  What it took is asked of mallinfo2,
 * less what was there before the heap was made: an estimate, as this process
 * had used malloc before.  A misuse may end the process, as malloc does.
 *
 * Time and overhead: the library's.  Keeps: the figures at the start.
 */
#include "config.h"

#include <malloc.h>
#include <stdlib.h>

#include "host/host.h"

#ifdef HAVE_MALLINFO2

struct system_control {
    uint64_t used_bytes, free_bytes; /* when the heap was made */
};

static uint64_t system_used(const struct mallinfo2 *info)
{
    return info->uordblks + info->hblkhd;
}

static void *system_pointer(polished_size offset)
{
    return (void *)(uintptr_t)(offset + HOST_FIRST_ADDRESS);
}

static polished_size system_offset(const void *pointer)
{
    return (uintptr_t)pointer - HOST_FIRST_ADDRESS;
}

static polished_size system_control_bytes(const polished_size *knobs,
                                          polished_size data_bytes)
{
    (void)knobs;
    (void)data_bytes;
    return sizeof(struct system_control);
}

static enum polished_status system_init(struct polished_heap *heap,
                                        const polished_size *knobs)
{
    struct system_control *control = heap->control;
    struct mallinfo2 info = mallinfo2();

    (void)knobs;
    control->used_bytes = system_used(&info);
    control->free_bytes = info.fordblks;
    return POLISHED_OK;
}

static enum polished_status system_alloc(struct polished_heap *heap,
                                         const struct polished_request *request,
                                         polished_size *offset)
{
    void *pointer = NULL;

    (void)heap;
    if (request->align_bytes <= _Alignof(max_align_t))
        pointer = malloc(request->size_bytes);
    else if (posix_memalign(&pointer, request->align_bytes,
                            request->size_bytes) != 0)
        pointer = NULL;
    if (pointer == NULL)
        return POLISHED_NO_MEMORY;
    *offset = system_offset(pointer);
    return POLISHED_OK;
}

static enum polished_status system_free(struct polished_heap *heap,
                                        polished_size offset,
                                        polished_size size_bytes)
{
    (void)heap;
    (void)size_bytes;
    free(system_pointer(offset));
    return POLISHED_OK;
}

static enum polished_status system_usable(const struct polished_heap *heap,
                                          polished_size offset,
                                          polished_size *size_bytes)
{
    (void)heap;
    *size_bytes = malloc_usable_size(system_pointer(offset));
    return POLISHED_OK;
}

static enum polished_status
system_resize(struct polished_heap *heap, polished_size offset,
              polished_size size_bytes, const struct polished_request *request)
{
    (void)heap;
    (void)size_bytes;
    return malloc_usable_size(system_pointer(offset)) >= request->size_bytes
               ? POLISHED_OK
               : POLISHED_NO_MEMORY;
}

static enum polished_status
system_realloc(struct polished_heap *heap, polished_size *offset,
               const struct polished_request *request)
{
    void *pointer;

    if (request->align_bytes > _Alignof(max_align_t))
        return polished_realloc(heap, offset, 0, request);
    pointer = realloc(system_pointer(*offset), request->size_bytes);
    if (pointer == NULL)
        return POLISHED_NO_MEMORY;
    *offset = system_offset(pointer);
    return POLISHED_OK;
}

/* There is no way to give all back but block by block. */
static enum polished_status system_reset(struct polished_heap *heap)
{
    (void)heap;
    return POLISHED_UNSUPPORTED;
}

/* Sums, not places: used, free, and the rest of all addresses. */
static enum polished_status system_walk(const struct polished_heap *heap,
                                        polished_visit *visit, void *context)
{
    const struct system_control *control = heap->control;
    struct mallinfo2 info = mallinfo2();
    struct polished_block blocks[] = {
        {0, system_used(&info) - control->used_bytes, POLISHED_USED},
        {0, info.fordblks, POLISHED_FREE},
        {0, 0, POLISHED_HOLE},
    };
    polished_size end = 0;

    blocks[2].size_bytes =
        heap->data.size_bytes - blocks[0].size_bytes - blocks[1].size_bytes;
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
        blocks[i].offset_bytes = end;
        end += blocks[i].size_bytes;
        if (blocks[i].size_bytes != 0 && visit(context, &blocks[i]) != 0)
            break;
    }
    return POLISHED_OK;
}

static uint64_t system_footprint(const struct polished_heap *heap)
{
    const struct system_control *control = heap->control;
    struct mallinfo2 info = mallinfo2();
    uint64_t used_bytes = system_used(&info) - control->used_bytes;

    return info.fordblks <= control->free_bytes
               ? used_bytes
               : used_bytes + (info.fordblks - control->free_bytes);
}

const struct polished_ops host_system_ops = {
    .abi = POLISHED_ABI,
    .caps = POLISHED_RECLAIMS | POLISHED_ANY_ORDER,
    .name = "system",
    .summary = "this machine's malloc, without a bound on its memory",
    .control_bytes = system_control_bytes,
    .init = system_init,
    .alloc = system_alloc,
    .free = system_free,
    .resize = system_resize,
    .usable = system_usable,
    .reset = system_reset,
    .walk = system_walk,
};

const struct host_row host_system = {
    .ops = &host_system_ops,
    .unbounded = true,
    .footprint = system_footprint,
    .realloc = system_realloc,
};

#endif
