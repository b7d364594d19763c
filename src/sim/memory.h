/* sim/memory.h - the memory that heaps are made in: one piece, or a map. */
#ifndef SIM_MEMORY_H
#define SIM_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trace/event.h"

/* [offset, offset + size) of the span. */
struct sim_piece {
    uint64_t offset_bytes, size_bytes;
};

struct sim_memory {
    uint64_t bus_base;
    uint64_t span_bytes;  /* from the first byte to the last, holes included */
    uint64_t total_bytes; /* S: the span without the holes */
    uint64_t largest_bytes; /* the largest piece between holes */
    uint64_t congruence;    /* addresses agree with bus addresses modulo this */
    struct sim_piece *holes; /* in order; malloc's */
    size_t hole_count;
};

/* One piece of this size at bus address 0. */
void sim_memory_plain(struct sim_memory *memory, uint64_t bytes);

/*
 * The map of a trace's header: entries in any order, overlapping or not;
 * what any entry reserves is no memory.  limit_bytes, if not 0, cuts the map
 * from its top to so many bytes.  false: there is no memory in it, or none
 * here to think about it.
 */
bool sim_memory_map(struct sim_memory *memory, const struct trace_memory *map,
                    size_t count, uint64_t limit_bytes);
void sim_memory_free(struct sim_memory *memory);

#endif
