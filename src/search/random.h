/*
 * search/random.h - chance that is the same everywhere.
 *
 * SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number
 * generators", OOPSLA 2014): one word of state, any seed is good.
 */
#ifndef SEARCH_RANDOM_H
#define SEARCH_RANDOM_H

#include <stdint.h>

static inline uint64_t search_random(uint64_t *state)
{
    uint64_t mixed = *state += UINT64_C(0x9e3779b97f4a7c15);

    mixed = (mixed ^ mixed >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    mixed = (mixed ^ mixed >> 27) * UINT64_C(0x94d049bb133111eb);
    return mixed ^ mixed >> 31;
}

/* From least to most, both included. */
static inline uint64_t search_random_from(uint64_t *state, uint64_t least,
                                          uint64_t most)
{
    uint64_t number = search_random(state), range = most - least + 1;

    return range == 0 ? number : least + number % range;
}

/*
 * The same, small numbers more often: each doubling is half as probable as
 * the one before, so that sizes follow a power law of exponent 1.
 */
static inline uint64_t search_random_power(uint64_t *state, uint64_t least,
                                           uint64_t most)
{
    uint64_t base = least, coins = search_random(state);

    while ((coins & 1) && base <= most / 2) {
        base *= 2;
        coins >>= 1;
    }
    return search_random_from(state, base,
                              base > most / 2 ? most : 2 * base - 1);
}

#endif
