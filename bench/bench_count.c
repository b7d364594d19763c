/*
 * How many instructions a policy takes, counted by callgrind.
 *
 *     valgrind --tool=callgrind --instr-atstart=no --callgrind-out-file=OUT \
 *         bench_count SPEC TRACE
 *
 * Bound at compile time.  The first dump (OUT.1) is the whole trace; then the
 * trace is replayed again, and each further dump is one call: those that took
 * the most steps, COUNT_CALLS of them, for to dump every call takes hours.  A
 * realloc that moves a block is one call, its copy counted too.
 * bench_policies.sh reads the dumps.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "workload.h"

#ifdef __has_include
#if __has_include(<valgrind/callgrind.h>)
#include <valgrind/callgrind.h>
#endif
#endif
#ifndef CALLGRIND_ZERO_STATS
#define CALLGRIND_START_INSTRUMENTATION ((void)0)
#define CALLGRIND_STOP_INSTRUMENTATION  ((void)0)
#define CALLGRIND_ZERO_STATS            ((void)0)
#define CALLGRIND_DUMP_STATS            ((void)0)
#endif

enum { COUNT_CALLS = 48 };

static struct bench_workload workload;
static struct bench_heap heap;
static struct sim_spec spec;
static polished_size *offsets;
static bench_loop *loop;

static bool begin(void *memory, uint64_t bytes)
{
    memset(memory, 0, bytes);
    return bench_open(&heap, &spec, memory, bytes);
}

/* The fewest steps of a call that is worth a dump. */
static uint64_t threshold(const uint64_t *steps)
{
    uint64_t least = 0;
    size_t above;

    do {
        above = 0;
        least++;
        for (size_t i = 0; i < workload.count; i++)
            above += steps[i] >= least;
    } while (above > COUNT_CALLS);
    return least > 1 && above == 0 ? least - 1 : least;
}

static uint64_t *count_steps(void)
{
    uint64_t *steps = calloc(workload.count, sizeof *steps);

    for (size_t i = 0; steps != NULL && i < workload.count; i++) {
        uint64_t before = polished_steps(&heap.heaps[0]);

        loop(&heap.heaps[0], &workload.ops[i], 1, offsets);
        steps[i] = polished_steps(&heap.heaps[0]) - before;
    }
    return steps;
}

static void dump_calls(const uint64_t *steps, uint64_t least)
{
    unsigned dumps = 0;

    for (size_t i = 0; i < workload.count; i++)
        if (steps[i] < least || dumps == COUNT_CALLS) {
            loop(&heap.heaps[0], &workload.ops[i], 1, offsets);
        } else {
            dumps++;
            CALLGRIND_START_INSTRUMENTATION;
            CALLGRIND_ZERO_STATS;
            loop(&heap.heaps[0], &workload.ops[i], 1, offsets);
            CALLGRIND_DUMP_STATS;
            CALLGRIND_STOP_INSTRUMENTATION;
        }
}

int main(int argc, char **argv)
{
    char why[256];
    uint64_t bytes, *steps;
    void *memory;
    bool fits;

    if (argc != 3 || !sim_spec_parse(argv[1], &spec, why, sizeof why) ||
        !bench_load(&workload, argv[2]))
        return 2;
    bytes = bench_room(&workload, &spec);
    memory = aligned_alloc(1 << 21, (bytes + (1 << 21)) >> 21 << 21);
    offsets = calloc(workload.slots, sizeof *offsets);
    loop = bench_static_loop(spec.layers[0].ops);
    if (memory == NULL || offsets == NULL || !begin(memory, bytes))
        return 1;
    CALLGRIND_START_INSTRUMENTATION;
    CALLGRIND_ZERO_STATS;
    fits = loop(&heap.heaps[0], workload.ops, workload.count, offsets);
    CALLGRIND_DUMP_STATS;
    CALLGRIND_STOP_INSTRUMENTATION;
    if (!fits || !begin(memory, bytes))
        return 1;
    steps = count_steps();
    begin(memory, bytes);
    dump_calls(steps, threshold(steps));
    printf("%s\t%zu\n", workload.name, workload.count);
    return 0;
}
