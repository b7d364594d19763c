/*
 * What a replay costs before any policy does its work.
 *
 * 1. The contract: a null policy, its calls bound at compile time, and the
 *    same through front and ops row, over an empty loop; ns an operation.
 * 2. The pipeline: a generated JSON Lines trace read and replayed, spooled
 *    and not spooled; ns an event and millions of events a second.
 *
 * Rounds are interleaved; the minimum and the median of them are printed.
 */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "polished/heap.h"
#include "sim/simulate.h"

enum {
    BENCH_ROUNDS = 15,
    BENCH_OPERATIONS = 1 << 20,
    BENCH_SLOTS = 1 << 12,
    BENCH_EVENTS = 2000000
};

static double now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static uint32_t dice(uint32_t sides)
{
    static uint32_t state = 12345;

    state = state * 1664525 + 1013904223;
    return (uint32_t)((uint64_t)state * sides >> 32);
}

/* ------------------------------------------------------- the null policy */

static enum polished_status null_alloc(struct polished_heap *heap,
                                       const struct polished_request *request,
                                       polished_size *offset)
{
    (void)heap;
    *offset = request->size_bytes & 0xff0;
    return POLISHED_OK;
}

static enum polished_status null_free(struct polished_heap *heap,
                                      polished_size offset,
                                      polished_size size_bytes)
{
    (void)heap;
    (void)offset;
    (void)size_bytes;
    return POLISHED_OK;
}

static const struct polished_ops null_ops = {
    .abi = POLISHED_ABI,
    .name = "null",
    .alloc = null_alloc,
    .free = null_free,
};

/* ------------------------------------------------------------- the loops */

struct operation {
    uint32_t slot;
    uint32_t size_bytes; /* 0: free */
};

static struct operation operations[BENCH_OPERATIONS];
static polished_size offsets[BENCH_SLOTS];

static void make_operations(void)
{
    static unsigned char alive[BENCH_SLOTS];

    for (size_t i = 0; i < BENCH_OPERATIONS; i++) {
        uint32_t slot = dice(BENCH_SLOTS);

        operations[i].slot = slot;
        operations[i].size_bytes = alive[slot] ? 0 : 1 + dice(1000);
        alive[slot] = !alive[slot];
    }
}

static struct polished_heap heap;

/* Make the compiler believe that both are looked at here. */
#define BENCH_KEEP(request, offset, name)                                      \
    __asm__ volatile(name : : "r"(request), "r"(offset) : "memory")

/* Each loop reads an operation and stores what it got; they differ in who is
   called in between. */
#define BENCH_LOOP(name, on_alloc, on_free)                                    \
    static void name(void)                                                     \
    {                                                                          \
        for (size_t i = 0; i < BENCH_OPERATIONS; i++) {                        \
            const struct operation *operation = &operations[i];                \
            polished_size *offset = &offsets[operation->slot];                 \
            struct polished_request request = {operation->size_bytes, 16, 0,   \
                                               0};                             \
                                                                               \
            if (operation->size_bytes != 0) {                                  \
                on_alloc;                                                      \
                BENCH_KEEP(&request, offset, "# alloc");                       \
            } else {                                                           \
                on_free;                                                       \
                BENCH_KEEP(&request, offset, "# free");                        \
            }                                                                  \
        }                                                                      \
    }
BENCH_LOOP(loop_empty, *offset = request.size_bytes, *offset = 0)
BENCH_LOOP(loop_static, null_alloc(&heap, &request, offset),
           null_free(&heap, *offset, 0))
BENCH_LOOP(loop_row, polished_alloc(&heap, &request, offset),
           polished_free(&heap, *offset, 0))

static int by_value(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;

    return a < b ? -1 : a > b;
}

static void bench_contract(void)
{
    static const struct {
        const char *name;
        void (*loop)(void);
    } rows[] = {{"empty loop", loop_empty},
                {"null policy, bound at compile time", loop_static},
                {"null policy, front and ops row", loop_row}};
    double ns[3][BENCH_ROUNDS];

    make_operations();
    heap.ops = &null_ops;
    heap.data.size_bytes = 1 << 20;
    for (int round = 0; round < BENCH_ROUNDS; round++)
        for (int row = 0; row < 3; row++) {
            double start_ns = now_ns();

            rows[row].loop();
            ns[row][round] = (now_ns() - start_ns) / BENCH_OPERATIONS;
        }
    for (int row = 0; row < 3; row++)
        qsort(ns[row], BENCH_ROUNDS, sizeof(double), by_value);
    printf("%-36s  minimum  median  over empty   (ns an operation)\n",
           "contract");
    for (int row = 0; row < 3; row++)
        printf("%-36s  %7.2f %7.2f  %10.2f\n", rows[row].name, ns[row][0],
               ns[row][BENCH_ROUNDS / 2], ns[row][0] - ns[0][0]);
}

/* ---------------------------------------------------------- the pipeline */

static bool write_trace(const char *path)
{
    static unsigned char alive[BENCH_SLOTS];
    FILE *out = fopen(path, "w");

    if (out == NULL)
        return false;
    for (size_t i = 0; i < BENCH_EVENTS; i++) {
        uint32_t slot = dice(BENCH_SLOTS);

        if (alive[slot])
            fprintf(out, "{\"op\":\"free\",\"id\":%" PRIu32 "}\n", slot);
        else
            fprintf(out,
                    "{\"op\":\"alloc\",\"id\":%" PRIu32 ",\"size\":%" PRIu32
                    "}\n",
                    slot, 1 + dice(1000));
        alive[slot] = !alive[slot];
    }
    return fclose(out) == 0;
}

static double run_ns(const char *path, const char *spec, uint64_t memory_bytes,
                     enum sim_verify verify)
{
    struct sim_options options = {.specs = &spec,
                                  .spec_count = 1,
                                  .memory_bytes = memory_bytes,
                                  .verify = verify};
    struct trace_error error;
    struct sim_run run;
    double start_ns = now_ns(), end_ns;

    if (!sim_run_trace(&run, path, &options, &error)) {
        trace_report(stderr, path, &error);
        exit(1);
    }
    end_ns = now_ns();
    sim_run_free(&run);
    return (end_ns - start_ns) / BENCH_EVENTS;
}

static void bench_pipeline(const char *path)
{
    static const struct {
        const char *name, *spec;
        uint64_t memory_bytes;
        enum sim_verify verify;
    } rows[] = {
        {"ideal, not spooled", "ideal", 1 << 24, SIM_VERIFY_NONE},
        {"ideal, spooled", "ideal", 0, SIM_VERIFY_NONE},
        {"best-fit, not spooled", "best-fit", 1 << 24, SIM_VERIFY_NONE},
        {"best-fit, spooled", "best-fit", 0, SIM_VERIFY_NONE},
        {"best-fit, spooled, --verify=layout", "best-fit", 0,
         SIM_VERIFY_LAYOUT},
    };

    printf("\n%-36s  ns an event  million events/s   (%d events, best of 5)\n",
           "pipeline: JSON Lines to result", BENCH_EVENTS);
    for (size_t row = 0; row < sizeof rows / sizeof *rows; row++) {
        double least_ns = 1e30;

        for (int round = 0; round < 5; round++) {
            double ns = run_ns(path, rows[row].spec, rows[row].memory_bytes,
                               rows[row].verify);

            least_ns = ns < least_ns ? ns : least_ns;
        }
        printf("%-36s  %11.1f  %16.1f\n", rows[row].name, least_ns,
               1e3 / least_ns);
    }
}

int main(void)
{
    char path[] = "/tmp/bench-replay-XXXXXX";
    int fd = mkstemp(path);

    bench_contract();
    if (fd < 0 || !write_trace(path)) {
        perror(path);
        return 1;
    }
    close(fd);
    bench_pipeline(path);
    unlink(path);
    return 0;
}
