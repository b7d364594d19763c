#include "config.h"

#include "sim/bare.h"

#include <time.h>

#include "sim/arena.h"
#include "sim/ledger.h"
#include "sim/pages.h"
#include "sim/result.h"

enum { BARE_EVENTS = 512 };

/* Where a slot's block lies and how large it was asked to be; size 0: it is
   not there. */
struct bare_block {
    uint64_t offset_bytes, size_bytes, align_bytes;
};

static uint64_t bare_now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static void bare_alloc(struct polished_heap *heap, struct bare_block *block,
                       const struct trace_event *event, uint64_t align_bytes)
{
    struct polished_request request = {
        sim_asked(event->size_bytes),
        event->has & TRACE_HAS_ALIGN ? event->align_bytes : align_bytes,
        event->has & TRACE_HAS_BELOW ? event->below : 0,
        event->has & TRACE_HAS_BOUNDARY ? event->boundary : 0};

    block->size_bytes = 0;
    if (polished_alloc(heap, &request, &block->offset_bytes) != POLISHED_OK)
        return;
    block->size_bytes = request.size_bytes;
    block->align_bytes = request.align_bytes;
}

static void bare_free(struct polished_heap *heap, struct bare_block *block)
{
    if (block->size_bytes != 0)
        polished_free(heap, block->offset_bytes, block->size_bytes);
    block->size_bytes = 0;
}

static void bare_realloc(struct polished_heap *heap,
                         const struct host_row *host, struct bare_block *block,
                         const struct trace_event *event)
{
    struct polished_request request = {sim_asked(event->size_bytes),
                                       block->align_bytes, 0, 0};
    enum polished_status status;

    if (block->size_bytes == 0)
        return;
    status = host != NULL && host->realloc != NULL
                 ? host->realloc(heap, &block->offset_bytes, block->size_bytes,
                                 &request)
                 : polished_realloc(heap, &block->offset_bytes,
                                    block->size_bytes, &request);
    if (status == POLISHED_OK)
        block->size_bytes = request.size_bytes;
}

static void bare_events(struct sim_arena *arena, struct bare_block *blocks,
                        const struct trace_event *events, size_t count,
                        uint64_t align_bytes)
{
    for (size_t i = 0; i < count; i++) {
        const struct trace_event *event = &events[i];

        if (event->op == TRACE_ALLOC)
            bare_alloc(arena->heap, &blocks[event->id], event, align_bytes);
        else if (event->op == TRACE_FREE)
            bare_free(arena->heap, &blocks[event->id]);
        else if (event->op == TRACE_REALLOC)
            bare_realloc(arena->heap, arena->host, &blocks[event->id], event);
    }
}

void sim_bare(const struct sim_spec *spec, const struct sim_memory *memory,
              struct sim_feed *feed, const struct measure_census *census,
              uint64_t align_bytes, struct measure_tally *tally)
{
    static struct sim_arena arena;
    static struct trace_event events[BARE_EVENTS];
    char why[SIM_TEXT_BYTES];
    struct bare_block *blocks = sim_pages((census->slots + 1) * sizeof *blocks);
    size_t count;

    if (blocks == NULL ||
        sim_arena_make(&arena, spec, memory, census->extend_bytes, why,
                       sizeof why) != POLISHED_OK)
        return;
    while ((count = sim_feed_read(feed, events, BARE_EVENTS)) > 0) {
        uint64_t start_ns = bare_now_ns();

        bare_events(&arena, blocks, events, count, align_bytes);
        tally->time_ns += bare_now_ns() - start_ns;
        tally->timed_operations += count;
    }
}
