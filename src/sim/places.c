#include "sim/places.h"

#include <stddef.h>

#include "sim/pages.h"

enum { PLACES_FAN_LOG2 = 6 };
#define PLACES_NONE UINT64_MAX

/* How many words have a bit for each of so many things. */
static uint64_t places_above(uint64_t bits)
{
    return (bits >> PLACES_FAN_LOG2) + 1;
}

static inline uint64_t places_granule_of(const struct sim_places *places,
                                         uint64_t offset_bytes)
{
    return (offset_bytes + places->skew_bytes) >> places->granule_log2;
}

static uint64_t places_granules(const struct sim_places *places)
{
    return places_granule_of(places, places->heap_bytes) + 1;
}

void sim_places_free(struct sim_places *places)
{
    uint64_t bits = places_granules(places);

    sim_pages_free(places->ends, bits * sizeof *places->ends);
    for (unsigned level = 0; level < places->level_count; level++) {
        bits = places_above(bits);
        sim_pages_free(places->levels[level], bits * sizeof(uint64_t));
    }
}

bool sim_places_init(struct sim_places *places, uint64_t heap_bytes,
                     uint64_t base, uint64_t granule_bytes)
{
    uint64_t bits;

    *places = (struct sim_places){
        .granule_log2 = (unsigned)__builtin_ctzll(granule_bytes),
        .heap_bytes = heap_bytes,
        .skew_bytes = base & (granule_bytes - 1),
    };
    bits = places_granules(places);
    places->ends = sim_pages(bits * sizeof *places->ends);
    if (places->ends == NULL)
        return false;
    do {
        uint64_t *level;

        bits = places_above(bits);
        level = sim_pages(bits * sizeof *level);
        if (level == NULL) {
            sim_places_free(places);
            return false;
        }
        places->levels[places->level_count++] = level;
    } while (bits > 1);
    return true;
}

static inline void places_unset(uint64_t *level, uint64_t bit)
{
    level[bit >> PLACES_FAN_LOG2] &= ~(UINT64_C(1) << (bit & 63));
}

/* A word that was not empty is known above. */
static inline void places_set(struct sim_places *places, uint64_t bit)
{
    for (unsigned level = 0; level < places->level_count; level++) {
        uint64_t *word = &places->levels[level][bit >> PLACES_FAN_LOG2];
        uint64_t before = *word;

        *word = before | UINT64_C(1) << (bit & 63);
        if (before != 0)
            return;
        bit >>= PLACES_FAN_LOG2;
    }
}

/* The bits of a word up to this one, the last one first. */
static inline uint64_t places_word(const uint64_t *level, uint64_t bit)
{
    return level[bit >> PLACES_FAN_LOG2] << (63 - (bit & 63));
}

/* The last set bit of a level before the word of this one. */
static uint64_t places_back(struct sim_places *places, unsigned level,
                            uint64_t bit)
{
    uint64_t *words = places->levels[level], word = 0;

    while (word == 0) {
        uint64_t *above = places->levels[level + 1];
        uint64_t at = bit >> PLACES_FAN_LOG2;

        if (level + 1 == places->level_count || at-- == 0)
            return PLACES_NONE;
        word = places_word(above, at);
        at = word != 0 ? at - (uint64_t)__builtin_clzll(word)
                       : places_back(places, level + 1, at);
        if (at == PLACES_NONE)
            return PLACES_NONE;
        word = words[at];
        if (word == 0)
            places_unset(above, at);
        bit = at << PLACES_FAN_LOG2;
    }
    return bit + 63 - (uint64_t)__builtin_clzll(word);
}

/* The granule of the last block that begins in this one or before; it is most
   often in the same word, or in the one before. */
static inline uint64_t places_last(struct sim_places *places, uint64_t granule)
{
    uint64_t word = places_word(places->levels[0], granule);
    uint64_t behind = granule & ~(uint64_t)63;

    if (word != 0)
        return granule - (uint64_t)__builtin_clzll(word);
    if (behind != 0)
        word = places_word(places->levels[0], behind - 1);
    return word != 0 ? behind - 1 - (uint64_t)__builtin_clzll(word)
                     : places_back(places, 0, granule);
}

static inline bool places_taken(struct sim_places *places,
                                uint64_t offset_bytes, uint64_t size_bytes)
{
    uint64_t last = places_last(
        places, places_granule_of(places, offset_bytes + size_bytes - 1));

    return last != PLACES_NONE && places->ends[last] > offset_bytes;
}

bool sim_places_in(struct sim_places *places, uint64_t offset_bytes,
                   uint64_t size_bytes)
{
    return places_taken(places, offset_bytes, size_bytes);
}

bool sim_places_take(struct sim_places *places, uint64_t offset_bytes,
                     uint64_t size_bytes)
{
    uint64_t first = places_granule_of(places, offset_bytes);

    if (places_taken(places, offset_bytes, size_bytes))
        return false;
    places->ends[first] = offset_bytes + size_bytes;
    places_set(places, first);
    return true;
}

void sim_places_give(struct sim_places *places, uint64_t offset_bytes)
{
    places_unset(places->levels[0], places_granule_of(places, offset_bytes));
}

bool sim_places_at(const struct sim_places *places, uint64_t offset_bytes)
{
    return places_word(places->levels[0],
                       places_granule_of(places, offset_bytes)) >>
               63 !=
           0;
}
