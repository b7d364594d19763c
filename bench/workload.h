/* bench/workload.h - a trace as what a replay loop wants, and heaps for it. */
#ifndef BENCH_WORKLOAD_H
#define BENCH_WORKLOAD_H

#include <stdbool.h>
#include <stddef.h>

#include "measure/census.h"
#include "polished/heap.h"
#include "sim/spec.h"

enum bench_kind { BENCH_ALLOC, BENCH_FREE, BENCH_REALLOC };

struct bench_op {
    uint64_t size_bytes; /* of free: 0, for it is not told */
    uint64_t old_bytes;  /* that a realloc replaces, a free ends */
    uint32_t slot;
    uint8_t kind, align_log2;
};

struct bench_workload {
    char name[64];
    struct bench_op *ops;
    size_t count;
    uint64_t slots, peak_bytes, sum_bytes; /* live at once; asked for at all */
    struct measure_census census;
};

/* false, after a message: it cannot be read, or is none for a plain heap. */
bool bench_load(struct bench_workload *workload, const char *path);
void bench_unload(struct bench_workload *workload);

/* How much memory its time is taken in: to spare for a policy that takes blocks
   back, for others all there is. */
uint64_t bench_room(const struct bench_workload *workload,
                    const struct sim_spec *spec);

/* A heap and those it draws from. */
struct bench_heap {
    struct polished_heap heaps[SIM_NESTED]; /* the outermost first */
};

/* Make it in these bytes, control included; false if they are too few. */
bool bench_open(struct bench_heap *heap, const struct sim_spec *spec,
                void *memory, uint64_t bytes);

/* All of a workload on a heap; offsets has a place for every slot.  false if
   a call was refused. */
typedef bool bench_loop(struct polished_heap *heap, const struct bench_op *ops,
                        size_t count, polished_size *offsets);

/* Through the front and the row of the heap. */
bool bench_row_loop(struct polished_heap *heap, const struct bench_op *ops,
                    size_t count, polished_size *offsets);

/* With the policy's functions bound at compile time; NULL: it has no such. */
bench_loop *bench_static_loop(const struct polished_ops *ops);

/* So often as many blocks as depth says are allocated, then freed. */
typedef bool bench_pairs(struct polished_heap *heap,
                         const struct polished_request *request, size_t times,
                         size_t depth, polished_size *offsets);
bool bench_row_pairs(struct polished_heap *heap,
                     const struct polished_request *request, size_t times,
                     size_t depth, polished_size *offsets);
bench_pairs *bench_static_pairs(const struct polished_ops *ops);

#endif
