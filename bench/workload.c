/* workload.c - see workload.h. */
#include "config.h"

#include "workload.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/feed.h"
#include "trace/trace.h"

enum { WORKLOAD_ALIGN = 16, WORKLOAD_EVENTS = 512 };

static unsigned workload_log2(uint64_t align_bytes)
{
    unsigned log2 = 0;

    while (align_bytes >> log2 > 1)
        log2++;
    return log2;
}

/* Grow an array of zeros so that it has this index. */
static void *workload_reach(void *array, size_t *room, size_t index,
                            size_t size)
{
    size_t more = *room;

    if (index < *room)
        return array;
    *room = 2 * index + 1024;
    array = realloc(array, *room * size);
    if (array == NULL)
        abort();
    memset((char *)array + more * size, 0, (*room - more) * size);
    return array;
}

/* Sizes and alignments of what is alive, by slot. */
struct workload_live {
    uint64_t *sizes;
    unsigned char *logs;
    size_t size_room, log_room;
};

static void workload_add(struct bench_workload *workload, size_t *room,
                         struct workload_live *live,
                         const struct trace_event *event)
{
    struct bench_op *op;
    size_t slot = event->id;

    if (event->op > TRACE_REALLOC)
        return;
    workload->ops = workload_reach(workload->ops, room, workload->count,
                                   sizeof *workload->ops);
    live->sizes = workload_reach(live->sizes, &live->size_room, slot,
                                 sizeof *live->sizes);
    live->logs = workload_reach(live->logs, &live->log_room, slot, 1);
    if (event->op == TRACE_ALLOC)
        live->logs[slot] = (unsigned char)workload_log2(
            event->has & TRACE_HAS_ALIGN ? event->align_bytes : WORKLOAD_ALIGN);
    op = &workload->ops[workload->count++];
    op->kind = event->op == TRACE_ALLOC  ? BENCH_ALLOC
               : event->op == TRACE_FREE ? BENCH_FREE
                                         : BENCH_REALLOC;
    op->slot = (uint32_t)slot;
    op->align_log2 = live->logs[slot];
    op->old_bytes = live->sizes[slot];
    if (event->op != TRACE_FREE) {
        op->size_bytes = event->size_bytes + (event->size_bytes == 0);
        workload->sum_bytes += op->size_bytes + (UINT64_C(1) << op->align_log2);
    }
    live->sizes[slot] = op->size_bytes;
}

static void workload_name(struct bench_workload *workload, const char *path)
{
    const char *slash = strrchr(path, '/');

    path = slash != NULL ? slash + 1 : path;
    snprintf(workload->name, sizeof workload->name, "%.*s",
             (int)strcspn(path, "."), path);
}

static bool workload_refuse(const char *path, const char *why)
{
    fprintf(stderr, "%s: left out: %s\n", path, why);
    return false;
}

bool bench_load(struct bench_workload *workload, const char *path)
{
    static struct sim_feed feed;
    static struct trace_event events[WORKLOAD_EVENTS];
    struct trace_error error;
    struct trace_reader *reader = trace_open(path, 0, &error);
    struct workload_live live = {NULL, NULL, 0, 0};
    size_t count, room = 0;

    *workload = (struct bench_workload){.ops = NULL};
    workload_name(workload, path);
    if (reader == NULL)
        return workload_refuse(path, error.what);
    if (!sim_feed_open(&feed, reader, true, false, WORKLOAD_ALIGN))
        abort();
    while ((count = sim_feed_read(&feed, events, WORKLOAD_EVENTS)) > 0)
        for (size_t i = 0; i < count; i++)
            workload_add(workload, &room, &live, &events[i]);
    workload->census = feed.census;
    workload->slots = feed.census.slots + 1;
    workload->peak_bytes = feed.census.peak_live_bytes;
    error = feed.error;
    sim_feed_close(&feed);
    free(live.sizes);
    free(live.logs);
    if (error.kind != TRACE_FINE)
        return workload_refuse(path, error.what);
    if (workload->census.has_limits || workload->count == 0)
        return workload_refuse(path, "limits of address, or nothing");
    return true;
}

void bench_unload(struct bench_workload *workload)
{
    free(workload->ops);
}

uint64_t bench_room(const struct bench_workload *workload,
                    const struct sim_spec *spec)
{
    const uint32_t wanted = POLISHED_RECLAIMS | POLISHED_ANY_ORDER;
    const uint64_t least_bytes = UINT64_C(1) << 17;
    uint64_t bytes = least_bytes;

    if ((spec->layers[0].ops->caps & wanted) != wanted)
        return workload->sum_bytes + workload->sum_bytes / 4 + least_bytes;
    while (bytes < 4 * workload->peak_bytes + least_bytes)
        bytes *= 2;
    return bytes;
}

bool bench_open(struct bench_heap *heap, const struct sim_spec *spec,
                void *memory, uint64_t bytes)
{
    struct polished_region data = polished_memory(memory, bytes);
    void *controls[SIM_NESTED];

    for (unsigned i = 0; i < spec->layer_count; i++) {
        controls[i] =
            polished_carve(&data, spec->layers[i].ops, spec->layers[i].knobs);
        if (controls[i] == NULL)
            return false;
    }
    for (unsigned i = spec->layer_count; i-- > 0;) {
        const struct polished_setup setup = {
            .ops = spec->layers[i].ops,
            .data = data,
            .control = controls[i],
            .knobs = spec->layers[i].knobs,
            .source = i + 1 < spec->layer_count ? &heap->heaps[i + 1] : NULL};

        if (polished_init(&heap->heaps[i], &setup) != POLISHED_OK)
            return false;
    }
    return true;
}
