/*
 * alloc/thin_cut.h - how the policy `polished` cuts a free block in two: what
 * is used and what is kept.
 */
#ifndef ALLOC_THIN_CUT_H
#define ALLOC_THIN_CUT_H

#include "alloc/thin.h"

/* Keep what is left of a block. */
BINS_INLINE void thin_keep(struct polished_heap *heap, const struct thin *thin,
                           uint32_t block, uint32_t size, bool is_victim)
{
    struct bins_choice filed = {block, size};

    thin_set_free(thin, block, size);
    if (is_victim)
        filed = bins_swap_victim(thin->bins, block, size);
    if (filed.size != 0)
        thin_file(heap, thin, filed.block, filed.size);
}

/* Take all of a block that leaves the lists, with what is too little to keep.
   Answers where it is. */
BINS_INLINE uint32_t thin_take_whole(const struct thin *thin, uint32_t block,
                                     uint32_t size)
{
    thin->words[thin_behind(block, size)] |= THIN_LEFT_USED;
    thin_set_used(thin, block, size, THIN_LEFT_USED);
    return block;
}

/* Cut the wild block or the victim, which stays what it is, from its low end.
   Answers where. */
BINS_INLINE uint32_t thin_cut_low(const struct thin *thin, uint32_t *kept,
                                  uint32_t *kept_size, uint32_t need)
{
    uint32_t block = *kept, size = *kept_size, rest = size - need;

    if (rest < THIN_LEAST) {
        *kept = *kept_size = 0;
        return thin_take_whole(thin, block, size);
    }
    *kept_size = rest;
    *kept = thin_behind(block, need);
    thin_set_used(thin, block, need, THIN_LEFT_USED);
    thin_set_free(thin, thin_behind(block, need), rest);
    return block;
}

/* The same from its high end. */
BINS_INLINE uint32_t thin_cut_high(const struct thin *thin, uint32_t *kept,
                                   uint32_t *kept_size, uint32_t need)
{
    uint32_t block = *kept, size = *kept_size, rest = size - need;

    if (rest < THIN_LEAST) {
        *kept = *kept_size = 0;
        return thin_take_whole(thin, block, size);
    }
    *kept_size = rest;
    thin->words[thin_behind(block, size)] |= THIN_LEFT_USED;
    thin_set_free(thin, block, rest);
    thin_set_used(thin, thin_behind(block, rest), need, 0);
    return thin_behind(block, rest);
}

/* Cut a block that was taken out of its list.  Answers where. */
BINS_INLINE uint32_t thin_cut_listed(struct polished_heap *heap,
                                     const struct thin *thin,
                                     struct bins_choice choice, uint32_t need)
{
    uint32_t rest = choice.size - need, block = choice.block;
    uint32_t right = thin_behind(block, choice.size);

    if (rest < THIN_LEAST)
        return thin_take_whole(thin, block, choice.size);
    if (!thin_is_high(need)) {
        thin_set_used(thin, block, need, THIN_LEFT_USED);
        thin_keep(heap, thin, thin_behind(block, need), rest,
                  need < THIN_LARGE);
    } else {
        thin->words[right] |= THIN_LEFT_USED;
        thin_keep(heap, thin, block, rest, need < BINS_EXACT);
        block = thin_behind(block, rest);
        thin_set_used(thin, block, need, 0);
    }
    return block;
}

#endif
