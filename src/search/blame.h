/*
 * search/blame.h - who fragments a heap?
 *
 * A hole between two live blocks is there because neither of them has gone:
 * each of the two is charged half of it, for as long as all three are there.
 * Charges are summed over the sites that asked for the blocks, or over sizes
 * where a trace has no sites.  What lies above the last block is no hole.
 */
#ifndef SEARCH_BLAME_H
#define SEARCH_BLAME_H

#include "search/trial.h"

/*
 * Replay in a heap of so many bytes, in which the tape passes, and charge.
 * Then search for the min heap without the blocks of each of the first few,
 * for most_steps each.  false: out of memory.
 */
bool search_blame(const struct search_ground *ground, uint64_t memory_bytes,
                  uint64_t most_steps, struct sim_blame *answer);

#endif
