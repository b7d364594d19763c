/* tlsf_free.c - tlsf and half-fit: what is done with a block in use. */
#include "alloc/tlsf_list.h"
#include "core/arith.h"

/* Why no used block starts there, as far as one look can tell. */
TLSF_OUTLINE enum polished_status
tlsf_explain(const struct polished_heap *heap, polished_size offset)
{
    const struct tlsf tlsf = tlsf_open(heap);
    polished_size distance = offset - tlsf.state->base_bytes;
    uint32_t block = (uint32_t)(distance / 4);

    if (offset < tlsf.state->base_bytes || distance / 4 < TLSF_FIRST ||
        distance / 4 >= tlsf.end)
        return POLISHED_NOT_OWNED;
    if (distance % TLSF_GRAIN != 0)
        return POLISHED_INTERIOR;
    return tlsf_is_buried(tlsf.words, block) || tlsf_is_free(&tlsf, block)
               ? POLISHED_DOUBLE_FREE
               : POLISHED_INTERIOR;
}

/* Can a block of this size have been made for so many bytes? */
static bool tlsf_is_made_for(unsigned detail, uint32_t size,
                             polished_size size_bytes)
{
    uint64_t need = tlsf_need(size_bytes);
    uint64_t rounded = tlsf_round(detail, need);

    return need <= size && (size - need < TLSF_LEAST ||
                            (rounded <= size && size - rounded < TLSF_LEAST));
}

/* Find the used block whose payload starts at the offset. */
TLSF_INLINE bool tlsf_locate(const struct tlsf *tlsf, polished_size offset,
                             uint32_t *block, uint32_t *size)
{
    polished_size distance = offset - tlsf->state->base_bytes;

    *block = (uint32_t)(distance / 4);
    if (distance % TLSF_GRAIN != 0 ||
        distance / 4 - TLSF_FIRST >= tlsf->end - TLSF_FIRST ||
        !tlsf_is_sealed(tlsf->words, *block))
        return false;
    *size = tlsf_size(tlsf->words, *block);
    return *size - 1 < tlsf->end - *block &&
           tlsf_left_is_used(tlsf->words, *block + *size);
}

/* Join what was a used block with its free neighbours. */
TLSF_INLINE bool tlsf_release(const struct tlsf *tlsf, uint32_t block,
                              uint32_t size)
{
    tlsf_word *words = tlsf->words;
    uint32_t right = block + size;

    if (tlsf_is_used(words, right)) {
        *tlsf_head(words, right) &= ~TLSF_LEFT_USED;
    } else {
        uint32_t right_size = tlsf_size(words, right);

        if (!tlsf_is_free(tlsf, right) || !tlsf_unfile(tlsf, right, right_size))
            return false;
        tlsf_bury(words, right);
        size += right_size;
    }
    if (!tlsf_left_is_used(words, block)) {
        uint32_t left_size = tlsf_left_size(tlsf, block);
        uint32_t left = block - left_size;

        if (left_size == 0 || !tlsf_unfile(tlsf, left, left_size))
            return false;
        tlsf_bury(words, block);
        size += left_size;
        block = left;
    }
    tlsf_file(tlsf, block, size);
    return true;
}

TLSF_INLINE enum polished_status tlsf_free_in(struct polished_heap *heap,
                                              const struct tlsf *tlsf,
                                              polished_size offset,
                                              polished_size size_bytes)
{
    uint32_t block, size;

    tlsf_count(heap, 4);
    if (!tlsf_locate(tlsf, offset, &block, &size))
        return tlsf_explain(heap, offset);
    if (size_bytes != 0 && !tlsf_is_made_for(tlsf->detail, size, size_bytes))
        return POLISHED_SIZE_MISMATCH;
    return tlsf_release(tlsf, block, size) ? POLISHED_OK : POLISHED_CORRUPT;
}

enum polished_status tlsf_free_fine(struct polished_heap *heap,
                                    polished_size offset,
                                    polished_size size_bytes)
{
    const struct tlsf tlsf = tlsf_open_as(heap, TLSF_DETAIL);

    return tlsf_free_in(heap, &tlsf, offset, size_bytes);
}

enum polished_status tlsf_free_half(struct polished_heap *heap,
                                    polished_size offset,
                                    polished_size size_bytes)
{
    const struct tlsf tlsf = tlsf_open_as(heap, 0);

    return tlsf_free_in(heap, &tlsf, offset, size_bytes);
}

/*
 * Let the block end elsewhere.  The room it can have is its own and that of a
 * free right neighbour, which is cut again behind it.
 */
static enum polished_status tlsf_move_end(struct polished_heap *heap,
                                          uint32_t block, uint32_t size,
                                          uint64_t need)
{
    const struct tlsf tlsf = tlsf_open(heap);
    uint32_t left = *tlsf_head(tlsf.words, block) & TLSF_LEFT_USED;
    uint64_t rounded = tlsf_round(tlsf.detail, need);
    uint32_t right = block + size, room = size;

    if (!tlsf_is_used(tlsf.words, right)) {
        if (!tlsf_is_free(&tlsf, right))
            return POLISHED_CORRUPT;
        room += tlsf_size(tlsf.words, right);
    }
    if (rounded <= room)
        need = rounded;
    if (need > room)
        return POLISHED_NO_MEMORY;
    if (room > size) {
        if (!tlsf_unfile(&tlsf, right, room - size))
            return POLISHED_CORRUPT;
        tlsf_bury(tlsf.words, right);
    } else {
        *tlsf_head(tlsf.words, right) &= ~TLSF_LEFT_USED;
    }
    tlsf_cut(heap, block, room, 0, (uint32_t)need, left);
    return POLISHED_OK;
}

enum polished_status tlsf_resize(struct polished_heap *heap,
                                 polished_size offset, polished_size size_bytes,
                                 const struct polished_request *request)
{
    const struct tlsf tlsf = tlsf_open(heap);
    uint32_t block, size;

    tlsf_count(heap, 4);
    if (!tlsf_locate(&tlsf, offset, &block, &size))
        return tlsf_explain(heap, offset);
    if (size_bytes != 0 && !tlsf_is_made_for(tlsf.detail, size, size_bytes))
        return POLISHED_SIZE_MISMATCH;
    if (arith_gap(heap->data.bus_base + offset, request->align_bytes) != 0)
        return POLISHED_NO_MEMORY;
    return tlsf_move_end(heap, block, size, tlsf_need(request->size_bytes));
}

enum polished_status tlsf_usable(const struct polished_heap *heap,
                                 polished_size offset,
                                 polished_size *size_bytes)
{
    const struct tlsf tlsf = tlsf_open(heap);
    uint32_t block, size;

    if (!tlsf_locate(&tlsf, offset, &block, &size))
        return tlsf_explain(heap, offset);
    *size_bytes = (polished_size)4 * size - TLSF_HEAD;
    return POLISHED_OK;
}
