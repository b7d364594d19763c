/*
 * alloc/tlsf_list.h - the free blocks of tlsf and half-fit, each in the list
 * of its class.
 *
 * The previous link of the first block of a list says nothing.  So the first
 * block can be taken without touching the second, which may be far away; that
 * it is what its head says is asked when it is taken itself.
 *
 * Whether there is a next block is not asked before its previous link is
 * written, for nobody can foresee it: TLSF_NONE has one too.
 */
#ifndef ALLOC_TLSF_LIST_H
#define ALLOC_TLSF_LIST_H

#include "alloc/tlsf.h"

/* Make [block, right), whose neighbours are used, a free block. */
TLSF_INLINE void tlsf_file(const struct tlsf *tlsf, uint32_t block,
                           uint32_t right)
{
    struct tlsf_state *state = tlsf->state;
    uint32_t class, next;

    *tlsf_head(tlsf->words, block) = right;
    *tlsf_foot(tlsf->words, right) = block;
    if (right == tlsf->end) {
        state->last = block;
        return;
    }
    class = tlsf_class(tlsf->detail, right - block);
    next = state->head[class];
    *tlsf_next(tlsf->words, block) = next;
    *tlsf_previous(tlsf->words, next) = block;
    state->head[class] = block;
    state->word[class / 64] |= UINT64_C(1) << class % 64;
}

/* The lowest class, from this one on, that has a block; TLSF_NO_CLASS if none
   has. */
TLSF_INLINE uint32_t tlsf_seek(struct polished_heap *heap,
                               const struct tlsf_state *state, unsigned detail,
                               uint32_t class)
{
    uint32_t at = class / 64, words = detail == 0 ? 1 : TLSF_WORDS;
    uint64_t bits = state->word[at] >> class % 64;

    if (bits != 0)
        return class + bits_lowest(bits);
    while (++at < words) {
        POLISHED_STEP(heap);
        if (state->word[at] != 0)
            return at * 64 + bits_lowest(state->word[at]);
    }
    return TLSF_NO_CLASS;
}

/* Take the first block of a list out of it.  False in a damaged heap. */
TLSF_INLINE bool tlsf_pop(const struct tlsf *tlsf, uint32_t class,
                          uint32_t block)
{
    struct tlsf_state *state = tlsf->state;
    uint32_t next = *tlsf_next(tlsf->words, block);

    if (next >= tlsf->end)
        return false;
    state->head[class] = next;
    state->word[class / 64] ^= (uint64_t)(next == TLSF_NONE) << class % 64;
    return true;
}

/* Take a free block out of the list of its class.  False in a damaged heap. */
TLSF_INLINE bool tlsf_unlist(const struct tlsf *tlsf, uint32_t class,
                             uint32_t block)
{
    uint32_t next, previous;

    if (tlsf->state->head[class] == block)
        return tlsf_pop(tlsf, class, block);
    next = *tlsf_next(tlsf->words, block);
    previous = *tlsf_previous(tlsf->words, block);
    if (next >= tlsf->end || !tlsf_is_inside(tlsf, previous) ||
        *tlsf_next(tlsf->words, previous) != block)
        return false;
    *tlsf_next(tlsf->words, previous) = next;
    *tlsf_previous(tlsf->words, next) = previous;
    return true;
}

/* Let the free block [block, right) be none. */
TLSF_INLINE bool tlsf_unfile(const struct tlsf *tlsf, uint32_t block,
                             uint32_t right)
{
    if (right != tlsf->end)
        return tlsf_unlist(tlsf, tlsf_class(tlsf->detail, right - block),
                           block);
    tlsf->state->last = TLSF_NONE;
    return true;
}

/* Cut [block, right) in a used block of size need and, if enough is left for
   one, a free one. */
TLSF_INLINE void tlsf_split(struct polished_heap *heap, const struct tlsf *tlsf,
                            uint32_t block, uint32_t right, uint32_t need,
                            uint32_t left)
{
    uint32_t end = block + need;

    /* No shorter region could hold a block that ends there. */
    POLISHED_LOWER_SLACK(heap, TLSF_CELL * (polished_size)(tlsf->end - end));
    if (right - end < TLSF_LEAST) {
        end = right;
        *tlsf_head(tlsf->words, right) &= ~TLSF_LEFT_FREE;
    } else {
        tlsf_file(tlsf, end, right);
    }
    tlsf_set_used(tlsf->words, block, end, left);
}

#endif
