/*
 * alloc/levels.h - a bit for each of many things, and the lowest 1 among them
 * found in a few steps.
 *
 *     level 0  a bit for each thing
 *     level 1  a bit for each word of level 0: 1 if that is not 0
 *     ...      and so on, up to a level of one word
 *
 * Things begin one after the other; words are written when the first thing
 * in them does, so that memory is touched only as far as there are things.
 */
#ifndef ALLOC_LEVELS_H
#define ALLOC_LEVELS_H

#include <stdbool.h>

#include "core/bits.h"
#include "core/count.h"

struct levels {
    uint64_t *bits;      /* of all levels, the lowest first */
    polished_size words; /* on the lowest */
};

static inline polished_size levels_words_above(polished_size words)
{
    return words / 64 + (words % 64 != 0);
}

/* The words of all levels, with so many on the lowest. */
static inline polished_size levels_all_words(polished_size words)
{
    polished_size sum = words;

    while (words > 1) {
        words = levels_words_above(words);
        sum += words;
    }
    return sum;
}

/* The most words on the lowest level, with room for so many in all. */
static inline polished_size levels_fit(polished_size room)
{
    polished_size words = 0;

    for (unsigned bit = bits_highest(room) + 1; bit-- > 0;)
        if (levels_all_words(words + ((polished_size)1 << bit)) <= room)
            words += (polished_size)1 << bit;
    return words;
}

static inline bool levels_is_set(struct levels levels, polished_size index)
{
    return levels.bits[index / 64] >> index % 64 & 1;
}

/* The next level; false if this was the last. */
static inline bool levels_rise(struct levels *levels)
{
    levels->bits += levels->words;
    if (levels->words == 1)
        return false;
    levels->words = levels_words_above(levels->words);
    return true;
}

/* This thing begins, those before it have: its bit is 0. */
static inline void levels_begin(struct polished_heap *heap,
                                struct levels levels, polished_size index)
{
    do {
        POLISHED_STEP(heap);
        if (index % 64 != 0)
            return;
        index /= 64;
        levels.bits[index] = 0;
    } while (levels_rise(&levels));
}

static inline void levels_set(struct polished_heap *heap, struct levels levels,
                              polished_size index)
{
    do {
        uint64_t *word = &levels.bits[index / 64];
        bool was_empty = *word == 0;

        POLISHED_STEP(heap);
        *word |= UINT64_C(1) << index % 64;
        if (!was_empty)
            return;
        index /= 64;
    } while (levels_rise(&levels));
}

static inline void levels_clear(struct polished_heap *heap,
                                struct levels levels, polished_size index)
{
    do {
        uint64_t *word = &levels.bits[index / 64];

        POLISHED_STEP(heap);
        *word &= ~(UINT64_C(1) << index % 64);
        if (*word != 0)
            return;
        index /= 64;
    } while (levels_rise(&levels));
}

/* The lowest bit that is 1; there is one. */
static inline polished_size levels_lowest(struct polished_heap *heap,
                                          struct levels levels)
{
    struct levels rows[11]; /* 64^11 > 2^64 */
    unsigned level = 0;
    polished_size found = 0;

    do
        rows[level++] = levels;
    while (levels_rise(&levels));
    while (level-- > 0) {
        POLISHED_STEP(heap);
        found = found * 64 + bits_lowest(rows[level].bits[found]);
    }
    return found;
}

/* Does every level tell the truth, for things up to this one? */
static inline bool levels_are_sound(struct levels levels, polished_size begun)
{
    struct levels above = levels;

    while (levels_rise(&above)) {
        begun = levels_words_above(begun);
        for (polished_size i = 0; i < begun; i++)
            if (levels_is_set(above, i) != (levels.bits[i] != 0))
                return false;
        levels = above;
    }
    return true;
}

#endif
