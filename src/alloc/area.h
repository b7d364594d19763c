/*
 * alloc/area.h - what frame-bitmap and dma have in common: blocks are runs of
 * units in a tree (core/runs.h), and a place is judged on the bus.
 *
 *     the calls         area.c
 *     which place       area_place.c: the lowest, or the highest, that keeps
 *                       alignment, limit and boundary
 */
#ifndef ALLOC_AREA_H
#define ALLOC_AREA_H

#include "alloc/frame.h"
#include "core/runs.h"

#define AREA_NOWHERE UINT64_MAX

/* From so many units on it is worth some of them that alignments are known to
   the tree. */
#define AREA_ROUND (8 * RUNS_LEAF)

/* After so many runs that hold no place within the boundary, a place is sought
   that is aligned to its size; only if there is none, the others are. */
#ifndef AREA_TRIES
#define AREA_TRIES 8
#endif

struct area_state {
    struct runs runs; /* the first, as core/runs.h wants */
    struct frame_grid grid;
    uint64_t hint;       /* next fit: where the last block ended */
    uint32_t from_hint;  /* is it asked for? */
    uint32_t round_log2; /* unit 0 is a multiple of so many units on the bus */
};

static inline struct area_state *area_state(const struct polished_heap *heap)
{
    return heap->control;
}

/* A request in units.  Every place ends by `end`. */
struct area_query {
    uint64_t need;
    uint32_t wide; /* what such a place has, as in core/runs.h */
    uint64_t align;
    uint64_t boundary;    /* 0: none that units could cross */
    uint64_t end;         /* of a block of `need` units */
    uint64_t limit_bytes; /* of what is asked for, from unit 0 */
};

struct area_query area_query(const struct polished_heap *heap,
                             const struct polished_request *request);

/* The lowest unit from `from` on where it fits, or the highest where it ends
   by `to`; AREA_NOWHERE.  Where boundaries bar the way again and again, the
   lowest or highest that is aligned to its size may be taken instead. */
uint64_t area_lowest(struct polished_heap *heap, const struct area_query *query,
                     uint64_t from);
uint64_t area_highest(struct polished_heap *heap,
                      const struct area_query *query, uint64_t to);

/* Does a block of `need` units that begins there keep what the query asks? */
bool area_keeps(const struct polished_heap *heap,
                const struct area_query *query, uint64_t first);

/* Could an empty heap serve it?  CONSTRAINT if its limits are to blame. */
enum polished_status area_refusal(const struct polished_heap *heap,
                                  const struct polished_request *request);

/* The most bytes that one block can have. */
polished_size area_largest(const struct polished_heap *heap,
                           const struct polished_request *request);

/* Make a block of free units. */
void area_take(struct polished_heap *heap, uint64_t first, uint64_t end);

/* The calls of a row. */
polished_size area_control_bytes(const polished_size *knobs,
                                 polished_size data_bytes);
enum polished_status area_init(struct polished_heap *heap,
                               const polished_size *knobs);
enum polished_status area_free(struct polished_heap *heap, polished_size offset,
                               polished_size size_bytes);
enum polished_status area_resize(struct polished_heap *heap,
                                 polished_size offset, polished_size size_bytes,
                                 const struct polished_request *request);
enum polished_status area_usable(const struct polished_heap *heap,
                                 polished_size offset,
                                 polished_size *size_bytes);
enum polished_status area_extend(struct polished_heap *heap,
                                 polished_size more_bytes);
enum polished_status area_reserve(struct polished_heap *heap,
                                  polished_size offset,
                                  polished_size size_bytes);
enum polished_status area_reset(struct polished_heap *heap);
enum polished_status area_walk(const struct polished_heap *heap,
                               polished_visit *visit, void *context);
enum polished_status area_check(const struct polished_heap *heap);

#endif
