/* compact_free.c - polished-compact: what is done with a block in use. */
#include "alloc/compact.h"
#include "core/judged.h"

/*
 * Why no block in use begins at the offset.  The last one before it says
 * whether it lies inside of that.  If none is near, it may still be where a
 * free block begins, for no code reaches so far; else it lies inside of
 * something large, in use or free.
 */
static enum polished_status compact_explain(struct polished_heap *heap,
                                            polished_size offset)
{
    const struct compact compact = compact_open(heap);
    polished_size granule =
        (offset - compact.state->lead_bytes) >> compact.shift;
    uint32_t words = COMPACT_LOOK, at = (uint32_t)granule, block;

    if (offset < compact_first(compact.state) || granule >= compact.end)
        return POLISHED_NOT_OWNED;
    block = toggle_before(compact.map, at, &words);
    compact_count(heap, COMPACT_LOOK - words);
    if (block == 0)
        return words != 0 || toggle_slot(compact.map, at) == TOGGLE_FREE
                   ? POLISHED_DOUBLE_FREE
                   : POLISHED_INTERIOR;
    return at - block < toggle_size(toggle_window(compact.map, block))
               ? POLISHED_INTERIOR
               : POLISHED_DOUBLE_FREE;
}

/* A block in use: where it is, and what the map shows from there on. */
struct compact_found {
    uint32_t block, size;
    uint64_t window;
};

/* The block in use that starts at the offset; its size, too, if it is told. */
COMPACT_INLINE enum polished_status
compact_locate(const struct compact *compact, polished_size offset,
               polished_size told_bytes, struct compact_found *found)
{
    polished_size number = compact_number(compact, offset);
    uint32_t size;

    if (number >= compact->end)
        return POLISHED_INTERIOR;
    found->block = (uint32_t)number;
    found->window = toggle_window(compact->map, found->block);
    if ((found->window & 1) == 0)
        return POLISHED_INTERIOR;
    if (told_bytes == 0) {
        found->size = toggle_size(found->window);
        return POLISHED_OK;
    }
    size = compact_need(compact->shift, told_bytes);
    found->size = size;
    return toggle_is_size(found->window, size) ? POLISHED_OK
                                               : POLISHED_SIZE_MISMATCH;
}

/* What the map shows from the right neighbour of a block on: two slots at
   least. */
COMPACT_INLINE uint64_t compact_right(const struct compact *compact,
                                      const struct compact_found *found)
{
    return found->size < 31
               ? found->window >> 2 * found->size
               : toggle_window(compact->map, found->block + found->size);
}

/* Join what was a used block with its free neighbours.  False in a damaged
   heap. */
COMPACT_INLINE bool compact_release(struct polished_heap *heap,
                                    const struct compact *compact,
                                    const struct compact_found *found)
{
    uint64_t right_window = compact_right(compact, found);
    uint32_t block = found->block, size = found->size;

    toggle_block(compact->map, block, size);
    if ((right_window & 1) == 0) {
        uint32_t right = block + size;
        uint32_t right_size = compact_free_size(compact, right, right_window);

        if (right_size == 0 || !compact_unfile(compact, right, right_size))
            return false;
        size += right_size;
    }
    if (found->window & 2) {
        uint32_t left_size = compact_left_size(compact, block);

        block -= left_size;
        if (left_size == 0 || !compact_unfile(compact, block, left_size))
            return false;
        size += left_size;
    }
    compact_file(heap, compact, block, size);
    return true;
}

COMPACT_INLINE enum polished_status compact_free_in(struct polished_heap *heap,
                                                    unsigned shift,
                                                    polished_size offset,
                                                    polished_size size_bytes)
{
    const struct compact compact = compact_open_as(heap, shift);
    struct compact_found found;
    enum polished_status status =
        compact_locate(&compact, offset, size_bytes, &found);

    POLISHED_ASSERT(judged_block(heap, offset, size_bytes));
    compact_count(heap, 4);
    if (status == POLISHED_INTERIOR)
        return compact_explain(heap, offset);
    if (status != POLISHED_OK)
        return status;
    return compact_release(heap, &compact, &found) ? POLISHED_OK
                                                   : POLISHED_CORRUPT;
}

enum polished_status compact_free(struct polished_heap *heap,
                                  polished_size offset,
                                  polished_size size_bytes)
{
    if (compact_state(heap)->shift == 3)
        return compact_free_in(heap, 3, offset, size_bytes);
    return compact_free_in(heap, 4, offset, size_bytes);
}

/* Let the block have another size; what is free behind it moves its start. */
static enum polished_status compact_move_end(struct polished_heap *heap,
                                             const struct compact *compact,
                                             const struct compact_found *found,
                                             uint32_t need)
{
    uint64_t right_window = compact_right(compact, found);
    uint32_t block = found->block, right = block + found->size;
    uint32_t room = found->size;

    if ((right_window & 1) == 0) {
        uint32_t right_size = compact_free_size(compact, right, right_window);

        if (right_size == 0)
            return POLISHED_CORRUPT;
        room += right_size;
    }
    if (need > room)
        return POLISHED_NO_MEMORY;
    if (need == found->size)
        return POLISHED_OK;
    if (room > found->size &&
        !compact_unfile(compact, right, room - found->size))
        return POLISHED_CORRUPT;
    toggle_resize(compact->map, block, found->size, need);
    if (block + room == compact->end)
        compact_lower_slack(heap, compact->shift, room - need);
    if (need < room)
        compact_file(heap, compact, block + need, room - need);
    return POLISHED_OK;
}

enum polished_status compact_resize(struct polished_heap *heap,
                                    polished_size offset,
                                    polished_size size_bytes,
                                    const struct polished_request *request)
{
    const struct compact compact = compact_open(heap);
    struct compact_found found;
    enum polished_status status =
        compact_locate(&compact, offset, size_bytes, &found);

    compact_count(heap, 4);
    if (status == POLISHED_INTERIOR)
        return compact_explain(heap, offset);
    if (status != POLISHED_OK)
        return status;
    if (arith_gap(heap->data.bus_base + offset, request->align_bytes) != 0)
        return POLISHED_NO_MEMORY;
    return compact_move_end(heap, &compact, &found,
                            compact_need(compact.shift, request->size_bytes));
}

enum polished_status compact_usable(const struct polished_heap *heap,
                                    polished_size offset,
                                    polished_size *size_bytes)
{
    const struct compact compact = compact_open(heap);
    struct polished_heap reader = *heap; /* whose steps do not count */
    struct compact_found found;

    if (compact_locate(&compact, offset, 0, &found) != POLISHED_OK)
        return compact_explain(&reader, offset);
    *size_bytes = (polished_size)found.size << compact.shift;
    return POLISHED_OK;
}
