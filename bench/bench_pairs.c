/*
 * What a pair of alloc and free of one size costs, in a heap that is warm.
 *
 *     bench_pairs [-r ROUNDS] [-s SIZE] [-a SPEC]...
 *
 * Lines of fields with a tab between: allocator, blocks alive at once, least ns
 * a pair bound at compile time, through front and row.  With more than one
 * block they are freed in the order in which they were made.  A policy that
 * refuses a call has no line.
 */
#define _GNU_SOURCE
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "polished/polished.h"
#include "workload.h"

enum { PAIRS = 20000, DEPTH_MOST = 16, HEAP_BYTES = 1 << 20, SPECS_MOST = 64 };

static _Alignas(4096) unsigned char memory[HEAP_BYTES];
static struct polished_request request = {64, 16, 0, 0};
static unsigned rounds = 25;

static double now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

/* One round; false if a call was refused. */
static bool time_pairs(const struct sim_spec *spec, bench_pairs *pairs,
                       size_t depth, double *least_ns)
{
    static struct bench_heap heap;
    static polished_size offsets[DEPTH_MOST];
    double ns;

    if (!bench_open(&heap, spec, memory, sizeof memory) ||
        !pairs(&heap.heaps[0], &request, 64, depth, offsets))
        return false;
    ns = now_ns();
    if (!pairs(&heap.heaps[0], &request, PAIRS / depth, depth, offsets))
        return false;
    ns = (now_ns() - ns) / PAIRS;
    if (ns < *least_ns)
        *least_ns = ns;
    return true;
}

static void bench_spec(const char *name, size_t depth)
{
    struct sim_spec spec;
    double row_ns = HUGE_VAL, static_ns = HUGE_VAL;
    char why[256];
    bool serves = true;

    if (!sim_spec_parse(name, &spec, why, sizeof why)) {
        fprintf(stderr, "%s: %s\n", name, why);
        exit(2);
    }
    for (unsigned round = 0; round < rounds && serves; round++)
        serves = time_pairs(&spec, bench_static_pairs(spec.layers[0].ops),
                            depth, &static_ns) &&
                 time_pairs(&spec, bench_row_pairs, depth, &row_ns);
    if (serves)
        printf("%s\t%zu\t%.2f\t%.2f\n", name, depth, static_ns, row_ns);
}

int main(int argc, char **argv)
{
    static const char *specs[SPECS_MOST + 1];
    size_t count = 0;
    int option;

    while ((option = getopt(argc, argv, "a:r:s:")) != -1)
        if (option == 'a' && count < SPECS_MOST)
            specs[count++] = optarg;
        else if (option == 'r')
            rounds = (unsigned)atoi(optarg);
        else if (option == 's')
            request.size_bytes = (polished_size)atoi(optarg);
        else
            return 2;
    if (count == 0)
        while (polished_policies[count] != NULL)
            specs[count] = polished_policies[count]->name, count++;
    for (size_t i = 0; i < count; i++)
        for (size_t depth = 1; depth <= DEPTH_MOST; depth *= DEPTH_MOST)
            bench_spec(specs[i], depth);
    return 0;
}
