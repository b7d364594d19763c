/* area_place.c - where a request may lie: bus addresses, counted in units. */
#include "alloc/area.h"
#include "core/count.h"

/* A place with this alignment begins with as many units as aligned as that. */
static uint32_t area_wide(const struct polished_heap *heap, uint64_t need,
                          uint64_t align)
{
    uint32_t wide = bits_highest(align < need ? align : need);

    if (wide > area_state(heap)->round_log2)
        wide = area_state(heap)->round_log2;
    return wide + 1;
}

struct area_query area_query(const struct polished_heap *heap,
                             const struct polished_request *request)
{
    const struct frame_grid *grid = &area_state(heap)->grid;
    struct area_query query = {
        .need = frame_need(grid, request->size_bytes),
        .align = frame_align(grid, request->align_bytes),
        .boundary = request->boundary >> grid->log2,
        .end = grid->end,
        .limit_bytes = grid->end << grid->log2,
    };
    uint64_t bus = grid->base << grid->log2;
    uint64_t limit_bytes = request->below > bus ? request->below - bus : 0;

    query.wide = area_wide(heap, query.need, query.align);
    if (request->below == 0 || limit_bytes >= query.limit_bytes)
        return query;
    query.limit_bytes = limit_bytes;
    query.end = 0;
    if (request->size_bytes <= limit_bytes)
        query.end =
            ((limit_bytes - request->size_bytes) >> grid->log2) + query.need;
    POLISHED_ASSERT(query.end <= grid->end);
    return query;
}

/* Would a block that begins at this unit of the bus cross the boundary?  If
   so, `mark` is the boundary that it crosses last. */
static bool area_crosses(const struct area_query *query, uint64_t start,
                         uint64_t *mark)
{
    uint64_t last = start + query->need - 1;

    *mark = last & ~(query->boundary - 1); /* without a boundary: 0 */
    return *mark > start;
}

/* The lowest place in a run: align up, then once over the boundary. */
static uint64_t area_low(const struct frame_grid *grid,
                         const struct area_query *query, struct runs_run run)
{
    uint64_t first = frame_round_up(grid, run.first, query->align);
    uint64_t mark;

    if (area_crosses(query, grid->base + first, &mark))
        first = mark - grid->base;
    return first <= run.end && query->need <= run.end - first ? first
                                                              : AREA_NOWHERE;
}

/* The highest place in a run that is long enough. */
static uint64_t area_high(const struct frame_grid *grid,
                          const struct area_query *query, struct runs_run run)
{
    uint64_t first = grid->base + run.end - query->need;
    uint64_t mark;

    first &= ~(query->align - 1);
    if (area_crosses(query, first, &mark))
        first = (mark - query->need) & ~(query->align - 1);
    return first >= grid->base + run.first ? first - grid->base : AREA_NOWHERE;
}

/* The same, but aligned to its size: then it crosses no boundary, and the tree
   knows where such a place is. */
static struct area_query area_tame(const struct polished_heap *heap,
                                   const struct area_query *query)
{
    struct area_query tame = *query;

    tame.boundary = 0;
    while (tame.align < tame.need)
        tame.align *= 2;
    tame.wide = area_wide(heap, tame.need, tame.align);
    return tame;
}

uint64_t area_lowest(struct polished_heap *heap, const struct area_query *query,
                     uint64_t from)
{
    const struct runs_wish wish = {query->need, query->wide};
    struct runs_run run;

    for (unsigned tries = 1; runs_next(heap, from, query->end, wish, &run);
         tries++) {
        uint64_t first = area_low(&area_state(heap)->grid, query, run);

        from = run.end;
        if (first == AREA_NOWHERE && tries == AREA_TRIES &&
            query->boundary != 0) {
            struct area_query tame = area_tame(heap, query);

            first = area_lowest(heap, &tame, from);
        }
        if (first != AREA_NOWHERE)
            return first;
    }
    return AREA_NOWHERE;
}

uint64_t area_highest(struct polished_heap *heap,
                      const struct area_query *query, uint64_t to)
{
    const struct runs_wish wish = {query->need, query->wide};
    struct runs_run run;

    for (unsigned tries = 1; runs_previous(heap, to, wish, &run); tries++) {
        uint64_t first = area_high(&area_state(heap)->grid, query, run);

        to = run.first;
        if (first == AREA_NOWHERE && tries == AREA_TRIES &&
            query->boundary != 0) {
            struct area_query tame = area_tame(heap, query);

            first = area_highest(heap, &tame, to);
        }
        if (first != AREA_NOWHERE)
            return first;
    }
    return AREA_NOWHERE;
}

bool area_keeps(const struct polished_heap *heap,
                const struct area_query *query, uint64_t first)
{
    uint64_t start = area_state(heap)->grid.base + first;
    uint64_t mark;

    return (start & (query->align - 1)) == 0 &&
           first + query->need <= query->end &&
           !area_crosses(query, start, &mark);
}

enum polished_status area_refusal(const struct polished_heap *heap,
                                  const struct polished_request *request)
{
    const struct frame_grid *grid = &area_state(heap)->grid;
    struct polished_request free_of_limits = {
        .size_bytes = request->size_bytes, .align_bytes = request->align_bytes};
    struct area_query query = area_query(heap, request);
    struct area_query unlimited = area_query(heap, &free_of_limits);

    if (area_low(grid, &query, (struct runs_run){grid->first, query.end}) !=
            AREA_NOWHERE ||
        area_low(grid, &unlimited, (struct runs_run){grid->first, grid->end}) ==
            AREA_NOWHERE)
        return POLISHED_NO_MEMORY;
    return POLISHED_CONSTRAINT;
}

static uint64_t area_bytes(const struct frame_grid *grid,
                           const struct area_query *query, uint64_t first,
                           uint64_t end)
{
    uint64_t end_bytes = end << grid->log2;

    if (end_bytes > query->limit_bytes)
        end_bytes = query->limit_bytes;
    return end_bytes - (first << grid->log2);
}

/* The most bytes that one block in a free run can have.  A boundary cuts a run
   to windows.  The first may be cut short by where the run begins, unless it is
   as aligned as the boundary; no window is longer than the second. */
static uint64_t area_most(const struct polished_heap *heap,
                          const struct area_query *query, struct runs_run run)
{
    const struct frame_grid *grid = &area_state(heap)->grid;
    uint64_t begin = frame_round_up(grid, run.first, query->align);
    uint64_t window = run.end;
    uint64_t most_bytes;

    if (begin >= run.end)
        return 0;
    if (query->boundary != 0) {
        window =
            ((grid->base + begin) | (query->boundary - 1)) + 1 - grid->base;
        if (window > run.end)
            window = run.end;
    }
    most_bytes = area_bytes(grid, query, begin, window);
    if (window < run.end) {
        uint64_t end = run.end - window < query->boundary
                           ? run.end
                           : window + query->boundary;

        if (area_bytes(grid, query, window, end) > most_bytes)
            most_bytes = area_bytes(grid, query, window, end);
    }
    return most_bytes;
}

/* Each run that is longer than the best so far is looked at. */
polished_size area_largest(const struct polished_heap *heap,
                           const struct polished_request *request)
{
    struct polished_heap reader = *heap; /* whose steps do not count */
    const struct frame_grid *grid = &area_state(heap)->grid;
    struct polished_request least = {1, request->align_bytes, request->below,
                                     request->boundary};
    struct area_query query = area_query(heap, &least);
    uint64_t most_bytes = 0, cap_bytes = UINT64_MAX;
    struct runs_run run = {.end = 0};

    if (query.align == 1 && request->below == 0 && request->boundary == 0)
        return (polished_size)(runs_longest(heap) << grid->log2);
    if (request->boundary != 0)
        cap_bytes = request->boundary;
    while (most_bytes < cap_bytes &&
           runs_next(&reader, run.end, query.end,
                     (struct runs_wish){(most_bytes >> grid->log2) + 1, 0},
                     &run)) {
        uint64_t bytes = area_most(heap, &query, run);

        if (bytes > most_bytes)
            most_bytes = bytes;
    }
    return (polished_size)(most_bytes < cap_bytes ? most_bytes : cap_bytes);
}
