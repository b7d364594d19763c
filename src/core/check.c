/* check.c - the check that every policy must pass: its walk tiles data. */
#include <stdbool.h>

#include "polished/heap.h"

struct check_walk {
    polished_size next_bytes; /* where the next block has to begin */
    polished_size end_bytes;
    bool is_sound;
};

/* Is this block the next tile? */
static int check_visit(void *context, const struct polished_block *block)
{
    struct check_walk *walk = context;

    walk->is_sound = block->offset_bytes == walk->next_bytes &&
                     block->size_bytes != 0 &&
                     block->size_bytes <= walk->end_bytes - walk->next_bytes &&
                     (unsigned)block->kind < POLISHED_KIND_COUNT;
    walk->next_bytes += block->size_bytes;
    return !walk->is_sound;
}

enum polished_status polished_check(const struct polished_heap *heap)
{
    struct check_walk walk = {0, heap->data.size_bytes, true};
    enum polished_status status = heap->ops->walk(heap, check_visit, &walk);

    if (status != POLISHED_OK || !walk.is_sound ||
        walk.next_bytes != walk.end_bytes)
        return POLISHED_CORRUPT;
    return heap->ops->check ? heap->ops->check(heap) : POLISHED_OK;
}
