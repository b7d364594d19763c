/* thin_free.c - the policy `polished`: what is done with a block in use. */
#include "alloc/thin.h"

/* Why no used block starts there, as far as one look can tell. */
static enum polished_status thin_explain(const struct polished_heap *heap,
                                         polished_size offset)
{
    const struct thin thin = thin_open(heap);
    polished_size distance = offset - thin.first_bytes - THIN_HEAD;
    uint32_t block;

    if (offset < thin.first_bytes + THIN_HEAD ||
        distance / 4 + THIN_FIRST >= thin_end(thin.bins))
        return POLISHED_NOT_OWNED;
    if (distance % THIN_GRANULE != 0)
        return POLISHED_INTERIOR;
    block = (uint32_t)(distance / 4) + THIN_FIRST;
    return !thin_is_used(&thin, block) &&
                   thin_fits_in(&thin, block, thin_size(&thin, block))
               ? POLISHED_DOUBLE_FREE
               : POLISHED_INTERIOR;
}

/* The used block whose payload starts at the offset. */
BINS_INLINE enum polished_status thin_locate(const struct polished_heap *heap,
                                             const struct thin *thin,
                                             polished_size offset,
                                             polished_size size_bytes,
                                             uint32_t *block, uint32_t *size)
{
    polished_size distance = offset - thin->first_bytes - THIN_HEAD;
    uint32_t head;
    size_t right;

    *block = *size = 0;
    if (distance % THIN_GRANULE != 0 ||
        distance / 4 >= thin->bins->end - THIN_FIRST)
        return thin_explain(heap, offset);
    *block = (uint32_t)(distance / 4) + THIN_FIRST;
    head = thin->words[*block];
    *size = thin_size_in(head);
    right = (size_t)*block + 2 * (size_t)*size;
    if (!(head & THIN_USED) || right > thin_end(thin->bins) ||
        !(thin->words[right] & THIN_LEFT_USED))
        return thin_explain(heap, offset);
    if (size_bytes != 0 &&
        *size - thin_need(thin_mask(heap), size_bytes) >= THIN_LEAST)
        return POLISHED_SIZE_MISMATCH;
    return POLISHED_OK;
}

/* The free left neighbour of a block; false: what should tell is damaged. */
BINS_INLINE bool thin_find_left(const struct thin *thin, uint32_t block,
                                uint32_t *left, uint32_t *left_size)
{
    *left_size = thin->words[(size_t)block - 1];
    *left = block - 2 * *left_size;
    return *left_size < block / 2 &&
           thin->words[*left] == thin_head(*left_size, THIN_LEFT_USED);
}

/*
 * Join what was a used block with its free neighbours, after a look at both.
 * Its own head is left behind as one of a free block if it lies inside of the
 * new one: it tells a stale pointer, until somebody writes over it.
 */
BINS_INLINE bool thin_release(struct polished_heap *heap,
                              const struct thin *thin, uint32_t block,
                              uint32_t size)
{
    bins_word *words = thin->words;
    uint32_t right = thin_behind(block, size), left = 0, left_size = 0;

    if (!thin_left_is_used(thin, block) &&
        !thin_find_left(thin, block, &left, &left_size))
        return false;
    if (thin_is_used(thin, right)) {
        words[right] &= ~THIN_LEFT_USED;
    } else {
        uint32_t right_size = thin_size(thin, right);

        if (!thin_is_free(thin, right, right_size) ||
            !thin_unfile(thin, right, right_size))
            return false;
        size += right_size;
    }
    if (left_size != 0) {
        words[block] &= ~THIN_USED;
        size += left_size;
        block = left;
        if (bins_grow(thin->bins, block, left_size, size)) {
            if (block != thin->bins->wild)
                thin_compare(heap, thin, size);
            thin_set_free(thin, block, size);
            return true;
        }
        if (!thin_unfile(thin, block, left_size))
            return false;
    }
    thin_set_free(thin, block, size);
    thin_file(heap, thin, block, size);
    return true;
}

enum polished_status thin_free(struct polished_heap *heap, polished_size offset,
                               polished_size size_bytes)
{
    const struct thin thin = thin_open(heap);
    uint32_t block, size;
    enum polished_status status =
        thin_locate(heap, &thin, offset, size_bytes, &block, &size);

    thin_count(heap, 4);
    if (status != POLISHED_OK)
        return status;
    return thin_release(heap, &thin, block, size) ? POLISHED_OK
                                                  : POLISHED_CORRUPT;
}

/*
 * Let the block end elsewhere.  The room it can have is its own and that of a
 * free right neighbour, which is cut again behind it.
 */
static enum polished_status thin_move_end(struct polished_heap *heap,
                                          uint32_t block, uint32_t size,
                                          uint32_t need)
{
    const struct thin thin = thin_open(heap);
    uint32_t left = thin.words[block] & THIN_LEFT_USED;
    uint32_t right = thin_behind(block, size), right_size = 0;
    struct bins_choice room = {block, size};

    if (!thin_is_used(&thin, right)) {
        right_size = thin_size(&thin, right);
        if (!thin_is_free(&thin, right, right_size))
            return POLISHED_CORRUPT;
    }
    room.size += right_size;
    if (need > room.size)
        return POLISHED_NO_MEMORY;
    if (right_size == 0)
        thin.words[right] &= ~THIN_LEFT_USED;
    else if (!thin_unfile(&thin, right, right_size))
        return POLISHED_CORRUPT;
    thin_cut(heap, room, 0, need, left, false);
    return POLISHED_OK;
}

enum polished_status thin_resize(struct polished_heap *heap,
                                 polished_size offset, polished_size size_bytes,
                                 const struct polished_request *request)
{
    const struct thin thin = thin_open(heap);
    uint32_t need = thin_need(thin_mask(heap), request->size_bytes);
    uint32_t block, size;
    enum polished_status status =
        thin_locate(heap, &thin, offset, size_bytes, &block, &size);

    thin_count(heap, 4);
    if (status != POLISHED_OK)
        return status;
    if (arith_gap(heap->data.bus_base + offset, request->align_bytes) != 0)
        return POLISHED_NO_MEMORY;
    return need == size ? POLISHED_OK : thin_move_end(heap, block, size, need);
}

enum polished_status thin_usable(const struct polished_heap *heap,
                                 polished_size offset,
                                 polished_size *size_bytes)
{
    const struct thin thin = thin_open(heap);
    uint32_t block, size;
    enum polished_status status =
        thin_locate(heap, &thin, offset, 0, &block, &size);

    if (status == POLISHED_OK)
        *size_bytes = (polished_size)size * THIN_GRANULE - THIN_HEAD;
    return status;
}
