/*
 * trace/live.h - which ids are alive, and what an event does to them.
 *
 * Judges the order of events (an id that is alive is not allocated again, one
 * that is not alive is not freed), replaces ids by slots, and spells out what
 * destroy, rewind and reset stand for.  Slots are small dense numbers, the
 * last one freed is the first one used again, so that whoever replays needs
 * an array as large as the peak of live blocks and nothing else.
 *
 * Memory: proportional to the peak of live blocks, marks and heaps.
 */
#ifndef TRACE_LIVE_H
#define TRACE_LIVE_H

#include <stdbool.h>

#include "trace/event.h"

struct trace_live;

/*
 * NULL when out of memory.  With misuse, freed ids stay known (their slot is
 * kept until the id is allocated again), a free or realloc of one gets
 * TRACE_IS_STALE, and only one of an id never allocated is refused.  What is
 * stale or has a delta changes nothing here: a good policy refuses it.
 */
struct trace_live *trace_live_new(bool misuse);
void trace_live_free(struct trace_live *live);

/* Where labels have their names, for messages; NULL: nowhere. */
struct trace_reader;
void trace_live_name(struct trace_live *live,
                     const struct trace_reader *reader);

/*
 * Apply one event.  Its id becomes a slot.  For destroy, rewind and reset the
 * blocks that they end, newest first, are then to be fetched one by one with
 * trace_live_implied, each a TRACE_FREE with TRACE_IS_IMPLIED (the next apply
 * drops those that were not).  An alloc that states no heap is in heap 0.
 * A mark is forgotten when its label is marked again, when an older mark is
 * rewound to, and by a reset; it outlives its own rewind.
 * false: the event is refused, and error->kind and ->what say why.
 */
bool trace_live_apply(struct trace_live *live, struct trace_event *event,
                      struct trace_error *error);
bool trace_live_implied(struct trace_live *live, struct trace_event *event);

/*
 * Apply plain events up to the first that is not: none, with misuse; else an
 * alloc, a free or a realloc that states no heap, delta or claim, that nobody
 * refuses, and for which memory is there.  ended_bytes[i]: the size that
 * events[i] has ended or replaced.  How many they were.
 */
size_t trace_live_run(struct trace_live *live, struct trace_event *events,
                      size_t count, uint64_t *ended_bytes);

/* The size that the last event applied or implied has ended or replaced. */
uint64_t trace_live_ended(const struct trace_live *live);

/* The id and size of a slot, also when its block has just ended. */
uint64_t trace_live_id(const struct trace_live *live, uint64_t slot);
uint64_t trace_live_size(const struct trace_live *live, uint64_t slot);

/* Has any id not been the slot that it became? */
bool trace_live_renames(const struct trace_live *live);

/* Blocks alive now, slots ever in use, requested bytes alive now. */
uint64_t trace_live_count(const struct trace_live *live);
uint64_t trace_live_slots(const struct trace_live *live);
uint64_t trace_live_bytes(const struct trace_live *live);

#endif
