/*
 * tlsf_search.c - tlsf and half-fit: a block for any request.
 *
 * Here go those for which the first block to look at will not do, and those
 * with an alignment of their own.
 */
#include "alloc/tlsf_list.h"
#include "core/arith.h"

uint64_t tlsf_gap(const struct polished_heap *heap, uint32_t block,
                  polished_size align_bytes)
{
    uint64_t payload =
        heap->data.bus_base + tlsf_offset(tlsf_state(heap), block);
    uint64_t gap = arith_gap(payload, align_bytes) / TLSF_CELL;

    /* Too little for a block: go on to the next aligned place. */
    if (gap != 0 && gap < TLSF_LEAST)
        gap += align_bytes / TLSF_CELL;
    return gap;
}

/* Has a block room for that size, where alignment lets it start? */
static bool tlsf_has_room(const struct polished_heap *heap, uint32_t block,
                          uint64_t need, polished_size align_bytes)
{
    uint32_t size = tlsf_size(tlsf_open(heap).words, block);

    return need <= size && (align_bytes <= TLSF_GRAIN ||
                            tlsf_gap(heap, block, align_bytes) <= size - need);
}

/* The first of the first few blocks of a class that has room. */
static uint32_t tlsf_scan(struct polished_heap *heap, uint32_t class,
                          uint64_t need, polished_size align_bytes)
{
    const struct tlsf tlsf = tlsf_open(heap);
    uint32_t block = tlsf.state->head[class];

    for (unsigned i = 0; i < TLSF_TRIES && tlsf_is_inside(&tlsf, block); i++) {
        POLISHED_STEP(heap);
        if (tlsf_has_room(heap, block, need, align_bytes))
            return block;
        block = *tlsf_next(tlsf.words, block);
    }
    return TLSF_NONE;
}

/*
 * A block of the class of size want, or of the lowest class above it that has
 * one, with room for need.
 */
static uint32_t tlsf_find(struct polished_heap *heap, uint64_t want,
                          uint64_t need, polished_size align_bytes)
{
    const struct tlsf_state *state = tlsf_state(heap);
    uint32_t own = tlsf_class(state->detail, want);
    uint32_t class = tlsf_seek(heap, state, state->detail, own);
    uint32_t block = TLSF_NONE;

    POLISHED_STEPS(heap, 2);
    if (class != TLSF_NO_CLASS)
        block = tlsf_scan(heap, class, need, align_bytes);
    if (block != TLSF_NONE || class != own)
        return block;
    class = tlsf_seek(heap, state, state->detail, own + 1);
    return class == TLSF_NO_CLASS ? TLSF_NONE
                                  : tlsf_scan(heap, class, need, align_bytes);
}

/* The last block, if it has room. */
static uint32_t tlsf_find_last(struct polished_heap *heap, uint64_t need,
                               polished_size align_bytes)
{
    uint32_t last = tlsf_state(heap)->last;

    if (last == TLSF_NONE)
        return TLSF_NONE;
    POLISHED_STEP(heap);
    return tlsf_has_room(heap, last, need, align_bytes) ? last : TLSF_NONE;
}

/*
 * If need be, once more for as much as surely holds an aligned block.  The
 * last block comes last: to keep it large, and so that nothing that is found
 * elsewhere depends on its size.
 */
uint32_t tlsf_search(struct polished_heap *heap, uint64_t need,
                     polished_size align_bytes)
{
    const struct tlsf_state *state = tlsf_state(heap);
    uint64_t margin = tlsf_margin(align_bytes);
    uint32_t block;

    if (need > state->end)
        return TLSF_NONE;
    block = tlsf_find(heap, need, need, align_bytes);
    if (block == TLSF_NONE && margin != 0 && margin <= state->end - need)
        block = tlsf_find(heap, need + margin, need, align_bytes);
    return block != TLSF_NONE ? block : tlsf_find_last(heap, need, align_bytes);
}

void tlsf_cut(struct polished_heap *heap, uint32_t block, uint32_t right,
              uint32_t gap, uint32_t need, uint32_t left)
{
    const struct tlsf tlsf = tlsf_open(heap);

    if (gap != 0) {
        tlsf_file(&tlsf, block, block + gap);
        left = TLSF_LEFT_FREE;
    }
    tlsf_split(heap, &tlsf, block + gap, right, need, left);
}

/* Half-fit's request goes without rounding if nothing else will do. */
enum polished_status tlsf_alloc_any(struct polished_heap *heap,
                                    const struct polished_request *request,
                                    polished_size *offset)
{
    const struct tlsf tlsf = tlsf_open(heap);
    uint32_t bare = tlsf_need(request->size_bytes);
    uint32_t need = tlsf_round(tlsf.detail, bare);
    uint32_t block = tlsf_search(heap, need, request->align_bytes);
    uint32_t right, gap;

    if (block == TLSF_NONE && need != bare) {
        need = bare;
        block = tlsf_search(heap, need, request->align_bytes);
    }
    if (block == TLSF_NONE)
        return POLISHED_NO_MEMORY;
    right = tlsf_right(tlsf.words, block);
    gap = (uint32_t)tlsf_gap(heap, block, request->align_bytes);
    if (!tlsf_is_free(&tlsf, block) || !tlsf_unfile(&tlsf, block, right))
        return POLISHED_CORRUPT;
    tlsf_cut(heap, block, right, gap, need, 0);
    *offset = tlsf_offset(tlsf.state, block + gap);
    return POLISHED_OK;
}
