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

/* Make [block, block + size), whose neighbours are used, a free block. */
TLSF_INLINE void tlsf_file(const struct tlsf *tlsf, uint32_t block,
                           uint32_t size)
{
    struct tlsf_state *state = tlsf->state;
    uint32_t class = tlsf_class_of(tlsf, block, size);
    uint32_t next = state->head[class];

    *tlsf_head(tlsf->words, block) = size | TLSF_LEFT_USED;
    *tlsf_foot(tlsf->words, block + size) = size;
    *tlsf_next(tlsf->words, block) = next;
    *tlsf_previous(tlsf->words, next) = block;
    state->head[class] = block;
    state->word[class / 64] |= UINT64_C(1) << class % 64;
}

/* Take the first block of a list out of it.  False in a damaged heap. */
TLSF_INLINE bool tlsf_pop(const struct tlsf *tlsf, uint32_t class,
                          uint32_t block)
{
    struct tlsf_state *state = tlsf->state;
    uint32_t next = *tlsf_next(tlsf->words, block);

    if (next == TLSF_NONE)
        state->word[class / 64] &= ~(UINT64_C(1) << class % 64);
    else if (!tlsf_is_inside(tlsf, next))
        return false;
    state->head[class] = next;
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

/* Let any free block of that size be none. */
TLSF_INLINE bool tlsf_unfile(const struct tlsf *tlsf, uint32_t block,
                             uint32_t size)
{
    return tlsf_unlist(tlsf, tlsf_class_of(tlsf, block, size), block);
}

#endif
