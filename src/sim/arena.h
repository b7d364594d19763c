/* sim/arena.h - a heap made from a spec, over memory of its own. */
#ifndef SIM_ARENA_H
#define SIM_ARENA_H

#include <stdbool.h>

#include "polished/heap.h"
#include "sim/memory.h"
#include "sim/spec.h"

struct sim_arena {
    struct polished_heap heaps[SIM_NESTED]; /* the outermost first */
    struct polished_heap *heap;             /* heaps[0] */
    const struct host_row *host;            /* of the outermost; may be NULL */
    const struct sim_memory *memory;        /* which has to stay */
    uint64_t memory_bytes;                  /* S */
    uint64_t control_bytes;                 /* of all heaps, cut from S */
    uint64_t largest_piece_bytes;
    uint64_t hole_bytes; /* what the heap's walk shows as used for holes */
};

/*
 * Make the heaps of spec in memory whose first byte is base.  extend_bytes
 * more are kept behind data for polished_extend.  POLISHED_OK, or why it
 * cannot be, with a sentence in why.
 */
enum polished_status sim_arena_in(struct sim_arena *arena,
                                  const struct sim_spec *spec,
                                  const struct sim_memory *memory, void *base,
                                  uint64_t extend_bytes, char *why,
                                  size_t why_bytes);

/*
 * The bytes of data that sim_arena_in leaves of this memory when it cuts the
 * control of every layer from it; 0: it does not hold them.
 */
uint64_t sim_arena_data(const struct sim_spec *spec,
                        const struct sim_memory *memory, void *base);

/* Map memory and make the heaps in it. */
enum polished_status sim_arena_make(struct sim_arena *arena,
                                    const struct sim_spec *spec,
                                    const struct sim_memory *memory,
                                    uint64_t extend_bytes, char *why,
                                    size_t why_bytes);

/* Free everything but the holes of the map. */
enum polished_status sim_arena_reset(struct sim_arena *arena);

#endif
