/* tlsf_free.c - tlsf and half-fit: what is done with a block in use. */
#include "alloc/tlsf_list.h"
#include "core/arith.h"

/* Why no used block starts there, as far as one look can tell. */
TLSF_OUTLINE enum polished_status tlsf_explain(const struct polished_heap *heap,
                                               polished_size offset)
{
    const struct tlsf tlsf = tlsf_open(heap);
    polished_size distance = offset - tlsf.state->base_bytes;
    uint32_t block = (uint32_t)(distance / TLSF_CELL);

    if (offset < tlsf.state->base_bytes || !tlsf_is_inside(&tlsf, block))
        return POLISHED_NOT_OWNED;
    if (distance % TLSF_GRAIN != 0)
        return POLISHED_INTERIOR;
    return tlsf_seal(tlsf.words, block) == TLSF_WAS_USED ||
                   tlsf_is_free(&tlsf, block)
               ? POLISHED_DOUBLE_FREE
               : POLISHED_INTERIOR;
}

/* Can a block of this size have been made for so many bytes? */
static bool tlsf_is_made_for(unsigned detail, uint32_t size,
                             polished_size size_bytes)
{
    uint32_t need = tlsf_need(size_bytes);
    uint32_t rounded = tlsf_round(detail, need);

    return need <= size && (size - need < TLSF_LEAST ||
                            (rounded <= size && size - rounded < TLSF_LEAST));
}

/* Find the used block whose payload starts at the offset, and its end.  An
   offset in data has a head before it unless it is where cell 0 is; and only
   the head of a used block is sealed. */
TLSF_INLINE bool tlsf_locate(const struct tlsf *tlsf, polished_size offset,
                             uint32_t *block, uint32_t *right)
{
    polished_size distance = offset - tlsf->state->base_bytes;

    *block = (uint32_t)(distance / TLSF_CELL);
    if (distance % TLSF_GRAIN != 0 || distance == 0 ||
        tlsf_seal(tlsf->words, *block) != TLSF_IS_USED)
        return false;
    *right = tlsf_right(tlsf->words, *block);
    return true;
}

/* Join what was a used block with its free neighbours. */
TLSF_INLINE bool tlsf_release(const struct tlsf *tlsf, uint32_t block,
                              uint32_t right)
{
    tlsf_word *words = tlsf->words;

    if (tlsf_is_used(words, right)) {
        *tlsf_head(words, right) |= TLSF_LEFT_FREE;
    } else {
        uint32_t behind = *tlsf_head(words, right);

        if (!tlsf_is_free(tlsf, right) || !tlsf_unfile(tlsf, right, behind))
            return false;
        tlsf_bury(words, right);
        right = behind;
    }
    if (tlsf_left_is_free(words, block)) {
        uint32_t left = tlsf_left(tlsf, block);

        if (left == TLSF_NONE || !tlsf_unfile(tlsf, left, block))
            return false;
        tlsf_bury(words, block);
        block = left;
    }
    tlsf_file(tlsf, block, right);
    return true;
}

TLSF_INLINE enum polished_status tlsf_free_in(struct polished_heap *heap,
                                              const struct tlsf *tlsf,
                                              polished_size offset,
                                              polished_size size_bytes)
{
    uint32_t block, right;

    POLISHED_STEPS(heap, 4);
    if (!tlsf_locate(tlsf, offset, &block, &right))
        return tlsf_explain(heap, offset);
    if (size_bytes != 0 &&
        !tlsf_is_made_for(tlsf->detail, right - block, size_bytes))
        return POLISHED_SIZE_MISMATCH;
    return tlsf_release(tlsf, block, right) ? POLISHED_OK : POLISHED_CORRUPT;
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
                                          uint32_t block, uint32_t right,
                                          uint32_t need)
{
    const struct tlsf tlsf = tlsf_open(heap);
    uint32_t left = *tlsf_head(tlsf.words, block) & TLSF_LEFT_FREE;
    uint32_t rounded = tlsf_round(tlsf.detail, need);
    uint32_t behind = right;

    if (!tlsf_is_used(tlsf.words, right)) {
        if (!tlsf_is_free(&tlsf, right))
            return POLISHED_CORRUPT;
        behind = tlsf_right(tlsf.words, right);
    }
    if (rounded <= behind - block)
        need = rounded;
    if (need > behind - block)
        return POLISHED_NO_MEMORY;
    if (behind != right) {
        if (!tlsf_unfile(&tlsf, right, behind))
            return POLISHED_CORRUPT;
        tlsf_bury(tlsf.words, right);
    } else {
        *tlsf_head(tlsf.words, right) |= TLSF_LEFT_FREE;
    }
    tlsf_cut(heap, block, behind, 0, need, left);
    return POLISHED_OK;
}

enum polished_status tlsf_resize(struct polished_heap *heap,
                                 polished_size offset, polished_size size_bytes,
                                 const struct polished_request *request)
{
    const struct tlsf tlsf = tlsf_open(heap);
    uint32_t block, right;

    POLISHED_STEPS(heap, 4);
    if (!tlsf_locate(&tlsf, offset, &block, &right))
        return tlsf_explain(heap, offset);
    if (size_bytes != 0 &&
        !tlsf_is_made_for(tlsf.detail, right - block, size_bytes))
        return POLISHED_SIZE_MISMATCH;
    if (arith_gap(heap->data.bus_base + offset, request->align_bytes) != 0)
        return POLISHED_NO_MEMORY;
    return tlsf_move_end(heap, block, right, tlsf_need(request->size_bytes));
}

enum polished_status tlsf_usable(const struct polished_heap *heap,
                                 polished_size offset,
                                 polished_size *size_bytes)
{
    const struct tlsf tlsf = tlsf_open(heap);
    uint32_t block, right;

    if (!tlsf_locate(&tlsf, offset, &block, &right))
        return tlsf_explain(heap, offset);
    *size_bytes = (polished_size)TLSF_CELL * (right - block - 1);
    return POLISHED_OK;
}
