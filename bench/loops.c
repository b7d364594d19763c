/*
 * loops.c - the replay loops.  All policies are compiled in here once more
 * (policies.inc includes their sources), so that a loop can be bound to the
 * functions of one row as a kernel would that has no other.
 */
#include "bench/policies.inc"

#include "workload.h"

/* What an operation asks for; made where it is used, as a caller would. */
#define REQUEST                                                                \
    (&(const struct polished_request){(polished_size)op->size_bytes,           \
                                      (polished_size)1 << op->align_log2, 0,   \
                                      0})

/* One replay loop; what stands in between is who is called. */
#define LOOP(on_alloc, on_free, on_realloc)                                    \
    for (size_t i = 0; i < count; i++) {                                       \
        const struct bench_op *op = &ops[i];                                   \
        polished_size *offset = &offsets[op->slot];                            \
        enum polished_status status = op->kind == BENCH_ALLOC  ? (on_alloc)    \
                                      : op->kind == BENCH_FREE ? (on_free)     \
                                                               : (on_realloc); \
                                                                               \
        if (status != POLISHED_OK)                                             \
            return false;                                                      \
    }                                                                          \
    return true

bool bench_row_loop(struct polished_heap *heap, const struct bench_op *ops,
                    size_t count, polished_size *offsets)
{
    LOOP(polished_alloc(heap, REQUEST, offset),
         polished_free(heap, *offset, (polished_size)op->size_bytes),
         polished_realloc(heap, offset, (polished_size)op->old_bytes, REQUEST));
}

/* The same size again and again; a size is told where it has to be. */
#define PAIRS(on_alloc, on_free)                                               \
    const polished_size told_bytes =                                           \
        heap->ops->caps & POLISHED_NEEDS_SIZE ? request->size_bytes : 0;       \
                                                                               \
    for (size_t time = 0; time < times; time++) {                              \
        for (size_t i = 0; i < depth; i++)                                     \
            if ((on_alloc) != POLISHED_OK)                                     \
                return false;                                                  \
        for (size_t i = 0; i < depth; i++)                                     \
            if ((on_free) != POLISHED_OK)                                      \
                return false;                                                  \
    }                                                                          \
    return true

bool bench_row_pairs(struct polished_heap *heap,
                     const struct polished_request *request, size_t times,
                     size_t depth, polished_size *offsets)
{
    PAIRS(polished_alloc(heap, request, &offsets[i]),
          polished_free(heap, offsets[i], told_bytes));
}

/* As polished_realloc, for the row that is meant. */
#define MOVE(row)                                                              \
    static enum polished_status row##_move(                                    \
        struct polished_heap *heap, polished_size *offset,                     \
        polished_size old_bytes, const struct polished_request *request)       \
    {                                                                          \
        enum polished_status status =                                          \
            row.resize(heap, *offset, old_bytes, request);                     \
        polished_size fresh = 0;                                               \
                                                                               \
        if (status != POLISHED_NO_MEMORY && status != POLISHED_UNSUPPORTED)    \
            return status;                                                     \
        status = row.alloc(heap, request, &fresh);                             \
        if (status != POLISHED_OK)                                             \
            return status;                                                     \
        memcpy(polished_pointer(heap, fresh), polished_pointer(heap, *offset), \
               (size_t)(old_bytes < request->size_bytes                        \
                            ? old_bytes                                        \
                            : request->size_bytes));                           \
        status = row.free(heap, *offset, old_bytes);                           \
        *offset = fresh;                                                       \
        return status;                                                         \
    }

#define POLISHED_ROW(row)                                                      \
    MOVE(row)                                                                  \
    static bool row##_loop(struct polished_heap *heap,                         \
                           const struct bench_op *ops, size_t count,           \
                           polished_size *offsets)                             \
    {                                                                          \
        LOOP(row.alloc(heap, REQUEST, offset),                                 \
             row.free(heap, *offset, (polished_size)op->size_bytes),           \
             row##_move(heap, offset, (polished_size)op->old_bytes, REQUEST)); \
    }                                                                          \
    static bool row##_pairs(                                                   \
        struct polished_heap *heap, const struct polished_request *request,    \
        size_t times, size_t depth, polished_size *offsets)                    \
    {                                                                          \
        PAIRS(row.alloc(heap, request, &offsets[i]),                           \
              row.free(heap, offsets[i], told_bytes));                         \
    }
#include "polished/policies.def"
#undef POLISHED_ROW

static const struct {
    const struct polished_ops *ops;
    bench_loop *loop;
    bench_pairs *pairs;
} rows[] = {
#define POLISHED_ROW(row) {&row, row##_loop, row##_pairs},
#include "polished/policies.def"
#undef POLISHED_ROW
    {NULL, NULL, NULL}};

bench_loop *bench_static_loop(const struct polished_ops *ops)
{
    size_t i = 0;

    while (rows[i].ops != NULL && rows[i].ops != ops)
        i++;
    return rows[i].loop;
}

bench_pairs *bench_static_pairs(const struct polished_ops *ops)
{
    size_t i = 0;

    while (rows[i].ops != NULL && rows[i].ops != ops)
        i++;
    return rows[i].pairs;
}
