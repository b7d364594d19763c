/*
 * Every trace of traces/ through every policy that states a bound: no call of
 * any takes more steps.  Blocks are freed one by one where a trace rewinds or
 * ends a process: that is more calls, not fewer.
 */
#include "config.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "caps.h"
#include "sim/arena.h"
#include "sim/feed.h"
#include "sim/suit.h"

enum { STEPS_EVENTS = 256, STEPS_PATH = 512, STEPS_ALIGN = 16 };

static const char *const specs[] = {
    "bump",
    "stack",
    "pool",
    "tlsf",
    "half-fit",
    "polished",
    "polished:align_bytes=8",
    "polished-compact",
    "polished-compact:granule_bytes=8",
    "buddy",
    "buddy:grain_bytes=4096",
    "frame-list",
    "slab",
    "slab:pages=(buddy:grain_bytes=4096)",
    "slab:pages=half-fit,keep_slabs=0",
};
#define SPECS (sizeof specs / sizeof *specs)

struct steps_block {
    polished_size offset, align_bytes; /* NOWHERE: there is none */
};

struct steps {
    struct sim_arena arena;
    const char *spec, *trace;
    struct steps_block *blocks; /* by slot */
    uint64_t before[SIM_NESTED];
    uint64_t most[SIM_NESTED];
};

static void steps_begin(struct steps *steps)
{
    unsigned layer = 0;

    for (const struct polished_heap *heap = steps->arena.heap; heap;
         heap = heap->source)
        steps->before[layer++] = heap->own_steps;
}

/* The call that began may not have taken more than is stated. */
static void steps_end(struct steps *steps, uint64_t event,
                      polished_size align_bytes)
{
    const struct caps_call call = {.align_bytes = align_bytes};
    unsigned layer = 0;

    for (const struct polished_heap *heap = steps->arena.heap; heap;
         heap = heap->source, layer++) {
        uint64_t count = heap->own_steps - steps->before[layer];

        if (count > steps->most[layer])
            steps->most[layer] = count;
        if (count > caps_steps(heap, &call))
            fail_msg("%s: %s of %s takes %u steps at event %u, not %u",
                     steps->trace, heap->ops->name, steps->spec,
                     (unsigned)count, (unsigned)event,
                     (unsigned)caps_steps(heap, &call));
    }
}

static void steps_alloc(struct steps *steps, struct steps_block *block,
                        uint64_t event, const struct polished_request *request)
{
    polished_size offset;

    steps_begin(steps);
    polished_alloc(steps->arena.heap, request, &offset);
    steps_end(steps, event, request->align_bytes);
    block->offset = offset;
    block->align_bytes = request->align_bytes;
}

static void steps_free(struct steps *steps, struct steps_block *block,
                       uint64_t event)
{
    if (block->offset == POLISHED_NOWHERE)
        return;
    steps_begin(steps);
    polished_free(steps->arena.heap, block->offset, 0);
    steps_end(steps, event, block->align_bytes);
    block->offset = POLISHED_NOWHERE;
}

static void steps_realloc(struct steps *steps, struct steps_block *block,
                          uint64_t event, polished_size size_bytes)
{
    const struct polished_request request = {size_bytes, block->align_bytes, 0,
                                             0};
    struct steps_block old = *block;
    enum polished_status status;

    if (block->offset == POLISHED_NOWHERE)
        return;
    steps_begin(steps);
    status = polished_resize(steps->arena.heap, block->offset, 0, &request);
    steps_end(steps, event, block->align_bytes);
    if (status == POLISHED_OK)
        return;
    steps_alloc(steps, block, event, &request);
    if (block->offset == POLISHED_NOWHERE)
        *block = old;
    else
        steps_free(steps, &old, event);
}

static void steps_event(struct steps *steps, uint64_t number,
                        const struct trace_event *event)
{
    const struct polished_request request = {
        event->size_bytes + (event->size_bytes == 0),
        event->has & TRACE_HAS_ALIGN ? event->align_bytes : STEPS_ALIGN, 0, 0};

    switch (event->op) {
    case TRACE_ALLOC:
        steps_alloc(steps, &steps->blocks[event->id], number, &request);
        break;
    case TRACE_REALLOC:
        steps_realloc(steps, &steps->blocks[event->id], number,
                      request.size_bytes);
        break;
    case TRACE_FREE:
        steps_free(steps, &steps->blocks[event->id], number);
        break;
    default:
        break;
    }
}

/* The trace, resolved into slots, to `steps` if there are any; what is known
   of it in the end. */
static struct measure_census steps_feed(struct steps *steps, const char *path,
                                        struct sim_memory *memory)
{
    static struct sim_feed feed;
    static struct trace_event events[STEPS_EVENTS];
    struct trace_error error;
    struct trace_reader *reader = trace_open(path, 0, &error);
    const struct trace_header *header;
    struct measure_census census;
    uint64_t number = 0;
    size_t count;

    assert_non_null(reader);
    header = trace_header_of(reader);
    assert_true(sim_feed_open(&feed, reader, true, false, STEPS_ALIGN));
    while ((count = sim_feed_read(&feed, events, STEPS_EVENTS)) > 0)
        for (size_t i = 0; steps && i < count; i++)
            steps_event(steps, ++number, &events[i]);
    assert_int_equal(feed.error.kind, TRACE_FINE);
    census = feed.census;
    if (!steps && header->memory_count == 0)
        sim_memory_plain(memory, 2 * census.peak_live_bytes + 65536);
    else if (!steps)
        assert_true(
            sim_memory_map(memory, header->memory, header->memory_count, 0));
    sim_feed_close(&feed);
    return census;
}

/* True if the policy can serve the trace, and has. */
static bool steps_replay(const char *spec_text, const char *path)
{
    static struct steps steps;
    struct sim_memory memory;
    struct measure_census census = steps_feed(NULL, path, &memory);
    struct sim_spec spec;
    char why[256];

    steps = (struct steps){.spec = spec_text, .trace = path};
    assert_true(sim_spec_parse(spec_text, &spec, why, sizeof why));
    if (!sim_suited(&spec, &census, why, sizeof why) ||
        sim_arena_make(&steps.arena, &spec, &memory, 0, why, sizeof why) !=
            POLISHED_OK)
        return false;
    steps.blocks = malloc((census.slots + 1) * sizeof *steps.blocks);
    assert_non_null(steps.blocks);
    for (uint64_t slot = 0; slot <= census.slots; slot++)
        steps.blocks[slot].offset = POLISHED_NOWHERE;
    steps_feed(&steps, path, &memory);
    print_message("# %s %s: %u steps, %u of its source\n", path, spec_text,
                  (unsigned)steps.most[0], (unsigned)steps.most[1]);
    free(steps.blocks);
    sim_memory_free(&memory);
    return true;
}

static bool is_trace(const char *name)
{
    const char *dot = strrchr(name, '.');

    return dot && (strcmp(dot, ".json") == 0 || strcmp(dot, ".ptrace") == 0);
}

static void no_call_takes_more_steps_than_stated(void **state)
{
    const char *srcdir = getenv("srcdir");
    char path[STEPS_PATH];
    unsigned replayed[SPECS] = {0};
    struct dirent *entry;
    DIR *folder;

    (void)state;
    snprintf(path, sizeof path, "%s/traces", srcdir ? srcdir : ".");
    folder = opendir(path);
    assert_non_null(folder);
    while ((entry = readdir(folder)) != NULL)
        for (size_t row = 0; row < SPECS && is_trace(entry->d_name); row++) {
            snprintf(path, sizeof path, "%s/traces/%s", srcdir ? srcdir : ".",
                     entry->d_name);
            replayed[row] += steps_replay(specs[row], path);
        }
    closedir(folder);
    for (size_t row = 0; row < SPECS; row++)
        assert_true(replayed[row] > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_call_takes_more_steps_than_stated),
    };

    return cmocka_run_group_tests_name("steps", tests, NULL, NULL);
}
