/*
 * sim/places.h - which bytes of the heap are taken, to find overlaps.
 *
 * A bit for each granule marks where a block begins; a word of bits above
 * tells which words below are not empty, and so on, so that the last block
 * that begins before an address is found in one look a level (the idea of
 * van Emde Boas, with 64 branches).  Pages that no block is near are never
 * touched.
 */
#ifndef SIM_PLACES_H
#define SIM_PLACES_H

#include <stdbool.h>
#include <stdint.h>

enum { SIM_PLACES_LEVELS = 11 };

/* A taken range: its end, and the event that took it. */
struct sim_place {
    uint64_t end_bytes;
    uint64_t birth;
};

struct sim_places {
    uint64_t *levels[SIM_PLACES_LEVELS]; /* [0] has a bit a granule */
    unsigned level_count;
    unsigned granule_log2;
    uint64_t heap_bytes;
    struct sim_place *places; /* by granule */
};

/* Blocks begin at multiples of granule_bytes, a power of two, in a heap of
   heap_bytes.  false: the system has no such address space left. */
bool sim_places_init(struct sim_places *places, uint64_t heap_bytes,
                     uint64_t granule_bytes);

/* Blocks may begin at multiples of less from now on.  Those that are taken
   stay so.  false: nothing has changed. */
bool sim_places_refine(struct sim_places *places, uint64_t granule_bytes);

static inline uint64_t sim_places_granule(const struct sim_places *places)
{
    return UINT64_C(1) << places->granule_log2;
}

/*
 * Take [offset, offset + size).  NULL, or the place that it overlaps: then
 * nothing has changed.
 */
const struct sim_place *sim_places_take(struct sim_places *places,
                                        uint64_t offset_bytes,
                                        uint64_t size_bytes, uint64_t birth);

/* A place that lies at least partly in [offset, offset + size), the last of
   them; NULL if none does.  size is not 0. */
const struct sim_place *sim_places_in(const struct sim_places *places,
                                      uint64_t offset_bytes,
                                      uint64_t size_bytes);

/* Give back the range that begins here. */
void sim_places_give(struct sim_places *places, uint64_t offset_bytes);

/* The place that begins here, NULL if none does. */
const struct sim_place *sim_places_at(const struct sim_places *places,
                                      uint64_t offset_bytes);

#endif
