/*
 * alloc/tlsf_list.h - the free blocks of tlsf and half-fit, each in the list
 * of its class; but the one that touches the end is state->last.
 *
 * The previous link of the first block of a list says nothing.  So the first
 * block can be taken without touching the second, which may be far away; that
 * it is what its head says is asked when it is taken itself.
 */
#ifndef ALLOC_TLSF_LIST_H
#define ALLOC_TLSF_LIST_H

#include "alloc/tlsf.h"

/* Write head and foot of a free block, whose neighbours are used. */
TLSF_INLINE void tlsf_shape(const struct tlsf *tlsf, uint32_t block,
                            uint32_t size)
{
    *tlsf_head(tlsf->words, block) = size << TLSF_SIZE | TLSF_LEFT_USED;
    *tlsf_foot(tlsf->words, block + size) = size;
}

/*
 * Where the link back to a block is kept: in the next block of its list or, if
 * there is none, in a word that nobody reads.  To choose a place takes less
 * time than to choose a way, for nobody can foresee which it will be.
 */
TLSF_INLINE tlsf_word *tlsf_back(const struct tlsf *tlsf, uint32_t next)
{
    uintptr_t in_next = (uintptr_t)tlsf->words + 16 * (uintptr_t)next + 12;
    uintptr_t nowhere = (uintptr_t)&tlsf->state->sink;

    return (tlsf_word *)(next < tlsf->end ? in_next : nowhere);
}

/* The list of a class has become empty. */
TLSF_INLINE void tlsf_clear_bit(struct tlsf_state *state, uint32_t class)
{
    state->word[class / 64] &= ~(UINT64_C(1) << class % 64);
    if (state->word[class / 64] == 0)
        state->map &= ~(UINT64_C(1) << class / 64);
}

/* Put a free block that does not touch the end into its list. */
TLSF_INLINE void tlsf_list(const struct tlsf *tlsf, uint32_t block,
                           uint32_t size)
{
    struct tlsf_state *state = tlsf->state;
    uint32_t class = tlsf_class(tlsf->detail, size);
    uint32_t next = state->head[class];

    tlsf_shape(tlsf, block, size);
    *tlsf_next(tlsf->words, block) = next;
    *tlsf_back(tlsf, next) = block;
    state->head[class] = block;
    state->word[class / 64] |= UINT64_C(1) << class % 64;
    state->map |= UINT64_C(1) << class / 64;
}

/* Take the first block of a list out of it.  False in a damaged heap. */
TLSF_INLINE bool tlsf_pop(const struct tlsf *tlsf, uint32_t class,
                          uint32_t block)
{
    uint32_t next = *tlsf_next(tlsf->words, block);

    tlsf->state->head[class] = next;
    if (next < tlsf->end)
        return true;
    tlsf_clear_bit(tlsf->state, class);
    return next == TLSF_NONE;
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
    if (previous >= tlsf->end || *tlsf_next(tlsf->words, previous) != block)
        return false;
    *tlsf_next(tlsf->words, previous) = next;
    *tlsf_back(tlsf, next) = previous;
    return next < tlsf->end || next == TLSF_NONE;
}

/* Make any [block, block + size) a free block. */
TLSF_INLINE void tlsf_file(const struct tlsf *tlsf, uint32_t block,
                           uint32_t size)
{
    if (block + size != tlsf->end) {
        tlsf_list(tlsf, block, size);
    } else {
        tlsf_shape(tlsf, block, size);
        tlsf->state->last = block;
    }
}

/* Let any free block of that size be none. */
TLSF_INLINE bool tlsf_unfile(const struct tlsf *tlsf, uint32_t block,
                             uint32_t size)
{
    if (block + size != tlsf->end)
        return tlsf_unlist(tlsf, tlsf_class(tlsf->detail, size), block);
    tlsf->state->last = TLSF_NONE;
    return true;
}

#endif
