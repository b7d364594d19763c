/* sim/witness.h - who splits the hole that a request would have needed? */
#ifndef SIM_WITNESS_H
#define SIM_WITNESS_H

#include "sim/replay.h"

/*
 * Find the cheapest window: a stretch of the heap as long as the request in
 * which the fewest bytes are alive, and name the oldest block in it.  O(blocks
 * of the heap) in time and in memory; leaves window_bytes 0 without memory.
 */
void sim_witness(const struct sim_replay *replay, struct sim_failure *failure);

#endif
