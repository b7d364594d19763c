/*
 * sim/places.h - which bytes of the heap are taken, to find overlaps.
 *
 * A bit for each granule marks where a block begins; a word of bits above
 * tells which words below may have one, and so on, so that the last block
 * that begins before an address is found in one look a level (the idea of
 * van Emde Boas, with 64 branches).  Of a word that gets empty nothing is said
 * above: who looks for it there and finds none corrects that.  Pages that no
 * block is near are never touched.
 */
#ifndef SIM_PLACES_H
#define SIM_PLACES_H

#include <stdbool.h>
#include <stdint.h>

enum { SIM_PLACES_LEVELS = 11 };

struct sim_places {
    uint64_t *levels[SIM_PLACES_LEVELS]; /* [0] has a bit a granule */
    uint64_t *ends; /* by the granule where a block begins, in bytes */
    unsigned level_count;
    unsigned granule_log2;
    uint64_t heap_bytes;
    uint64_t skew_bytes; /* of granule 0 that lie before the heap */
};

/* Blocks begin at addresses that are multiples of granule_bytes, a power of
   two, in a heap of heap_bytes at `base`.  false: the system has no such
   address space left. */
bool sim_places_init(struct sim_places *places, uint64_t heap_bytes,
                     uint64_t base, uint64_t granule_bytes);
void sim_places_free(struct sim_places *places);

static inline uint64_t sim_places_granule(const struct sim_places *places)
{
    return UINT64_C(1) << places->granule_log2;
}

/* Take [offset, offset + size).  false: some of it is taken, and nothing has
   changed.  size is not 0, here and below. */
bool sim_places_take(struct sim_places *places, uint64_t offset_bytes,
                     uint64_t size_bytes);

/* Give back what was taken and begins here. */
void sim_places_give(struct sim_places *places, uint64_t offset_bytes);

/* Is any of [offset, offset + size) taken? */
bool sim_places_in(struct sim_places *places, uint64_t offset_bytes,
                   uint64_t size_bytes);

/* Does what is taken begin here? */
bool sim_places_at(const struct sim_places *places, uint64_t offset_bytes);

#endif
