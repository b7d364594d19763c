/* sim/bare.h - a replay that only replays, to be timed. */
#ifndef SIM_BARE_H
#define SIM_BARE_H

#include "measure/tally.h"
#include "sim/feed.h"
#include "sim/memory.h"
#include "sim/spec.h"

/*
 * Replay a feed of slots once more on a fresh heap, without verifying or
 * measuring anything but time: sets time_ns and timed_operations.  Reading is
 * not timed.
 */
void sim_bare(const struct sim_spec *spec, const struct sim_memory *memory,
              struct sim_feed *feed, const struct measure_census *census,
              uint64_t align_bytes, struct measure_tally *tally);

#endif
