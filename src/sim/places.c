#include "sim/places.h"

#include <stddef.h>

#include "sim/pages.h"

enum { PLACES_FAN_LOG2 = 6 };

static uint64_t places_granules(const struct sim_places *places)
{
    return (places->heap_bytes >> places->granule_log2) + 1;
}

/* How many words have a bit for each of so many things. */
static uint64_t places_above(uint64_t bits)
{
    return (bits >> PLACES_FAN_LOG2) + 1;
}

static void places_free(struct sim_places *places)
{
    uint64_t bits = places_granules(places);

    sim_pages_free(places->places, bits * sizeof *places->places);
    for (unsigned level = 0; level < places->level_count; level++) {
        bits = places_above(bits);
        sim_pages_free(places->levels[level], bits * sizeof(uint64_t));
    }
}

bool sim_places_init(struct sim_places *places, uint64_t heap_bytes,
                     uint64_t granule_bytes)
{
    uint64_t bits;

    *places = (struct sim_places){
        .granule_log2 = (unsigned)__builtin_ctzll(granule_bytes),
        .heap_bytes = heap_bytes,
    };
    bits = places_granules(places);
    places->places = sim_pages(bits * sizeof *places->places);
    if (places->places == NULL)
        return false;
    do {
        uint64_t *level;

        bits = places_above(bits);
        level = sim_pages(bits * sizeof *level);
        if (level == NULL) {
            places_free(places);
            return false;
        }
        places->levels[places->level_count++] = level;
    } while (bits > 1);
    return true;
}

static void places_set(struct sim_places *places, uint64_t bit)
{
    for (unsigned level = 0; level < places->level_count; level++) {
        uint64_t *word = &places->levels[level][bit >> PLACES_FAN_LOG2];
        uint64_t before = *word;

        *word |= UINT64_C(1) << (bit & 63);
        if (before != 0)
            return;
        bit >>= PLACES_FAN_LOG2;
    }
}

static void places_clear(struct sim_places *places, uint64_t bit)
{
    for (unsigned level = 0; level < places->level_count; level++) {
        uint64_t *word = &places->levels[level][bit >> PLACES_FAN_LOG2];

        *word &= ~(UINT64_C(1) << (bit & 63));
        if (*word != 0)
            return;
        bit >>= PLACES_FAN_LOG2;
    }
}

/* The last set bit at or before this one; UINT64_MAX if there is none. */
static uint64_t places_before(const struct sim_places *places, uint64_t bit)
{
    unsigned level = 0;
    uint64_t word = places->levels[0][bit >> PLACES_FAN_LOG2]
                    << (63 - (bit & 63));

    while (word == 0) {
        bit >>= PLACES_FAN_LOG2;
        if (++level == places->level_count || bit == 0)
            return UINT64_MAX;
        bit--;
        word = places->levels[level][bit >> PLACES_FAN_LOG2]
               << (63 - (bit & 63));
    }
    bit -= (uint64_t)__builtin_clzll(word);
    while (level-- > 0) {
        word = places->levels[level][bit];
        bit = (bit << PLACES_FAN_LOG2) + 63 - (uint64_t)__builtin_clzll(word);
    }
    return bit;
}

const struct sim_place *sim_places_in(const struct sim_places *places,
                                      uint64_t offset_bytes,
                                      uint64_t size_bytes)
{
    uint64_t last = (offset_bytes + size_bytes - 1) >> places->granule_log2;
    uint64_t before = places_before(places, last);

    return before != UINT64_MAX &&
                   places->places[before].end_bytes > offset_bytes
               ? &places->places[before]
               : NULL;
}

const struct sim_place *sim_places_take(struct sim_places *places,
                                        uint64_t offset_bytes,
                                        uint64_t size_bytes, uint64_t birth)
{
    const struct sim_place *other =
        sim_places_in(places, offset_bytes, size_bytes);
    uint64_t first = offset_bytes >> places->granule_log2;

    if (other != NULL)
        return other;
    places->places[first].end_bytes = offset_bytes + size_bytes;
    places->places[first].birth = birth;
    places_set(places, first);
    return NULL;
}

void sim_places_give(struct sim_places *places, uint64_t offset_bytes)
{
    places_clear(places, offset_bytes >> places->granule_log2);
}

const struct sim_place *sim_places_at(const struct sim_places *places,
                                      uint64_t offset_bytes)
{
    uint64_t bit = offset_bytes >> places->granule_log2;

    return places->levels[0][bit >> PLACES_FAN_LOG2] >> (bit & 63) & 1
               ? &places->places[bit]
               : NULL;
}

bool sim_places_refine(struct sim_places *places, uint64_t granule_bytes)
{
    struct sim_places finer;
    uint64_t bit = places_before(places, places_granules(places) - 1);

    if (!sim_places_init(&finer, places->heap_bytes, granule_bytes))
        return false;
    while (bit != UINT64_MAX) {
        uint64_t offset_bytes = bit << places->granule_log2;
        const struct sim_place *place = &places->places[bit];

        sim_places_take(&finer, offset_bytes, place->end_bytes - offset_bytes,
                        place->birth);
        bit = bit == 0 ? UINT64_MAX : places_before(places, bit - 1);
    }
    places_free(places);
    *places = finer;
    return true;
}
