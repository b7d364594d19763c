/*
 * sim/atlas.h - which bytes of all addresses are taken: places, but of a heap
 * that may lie anywhere.
 *
 * Addresses are cut into leaves, and each leaf that something lies in gets
 * places of its own.  A block across leaves is a piece in each.
 */
#ifndef SIM_ATLAS_H
#define SIM_ATLAS_H

#include "sim/places.h"

enum { SIM_ATLAS_LEAF_LOG2 = 32, SIM_ATLAS_ADDRESS_LOG2 = 47 };

struct sim_atlas {
    struct sim_places *leaves; /* by address; level_count 0: not yet there */
    uint64_t granule_bytes;
};

/* As of places, but a block that overlaps another one may now be taken in
   part.  false: the system has no such address space left. */
bool sim_atlas_init(struct sim_atlas *atlas, uint64_t granule_bytes);
bool sim_atlas_take(struct sim_atlas *atlas, uint64_t offset_bytes,
                    uint64_t size_bytes);
void sim_atlas_give(struct sim_atlas *atlas, uint64_t offset_bytes,
                    uint64_t size_bytes);

#endif
