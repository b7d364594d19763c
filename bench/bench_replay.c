/*
 * What a replay costs before any policy does its work.
 *
 * 1. The contract: a null policy, its calls bound at compile time, and the
 *    same through front and ops row, over an empty loop; ns an operation.
 * 2. The pipeline: polished-sim from its start to its end, by the format, the
 *    policy and the level of --verify; and what the processor spent, which is
 *    more where two threads work at once.
 * 3. The same by the length of the trace.
 *
 *     make bench-replay
 *     bench/bench_replay [MOST_EVENTS]
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "polished/heap.h"
#include "trace/trace.h"

#define BENCH_PROGRAM "./polished-sim"

enum {
    BENCH_ROUNDS = 15,
    BENCH_OPERATIONS = 1 << 20,
    BENCH_SLOTS = 1 << 12,
    BENCH_EVENTS = 2000000,
    BENCH_MOST_EVENTS = 10000000
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
    printf("%-36s  minimum  median  over empty   (ns an operation, %d rounds"
           " by turns)\n",
           "contract", BENCH_ROUNDS);
    for (int row = 0; row < 3; row++)
        printf("%-36s  %7.2f %7.2f  %10.2f\n", rows[row].name, ns[row][0],
               ns[row][BENCH_ROUNDS / 2], ns[row][0] - ns[0][0]);
}

/* ---------------------------------------------------------- the pipeline */

static char bench_path[] = "/tmp/bench-replay-XXXXXX";

/* Up to BENCH_SLOTS blocks of up to 1000 bytes, allocated and freed by
   chance. */
static void write_trace(const char *format, uint64_t events)
{
    static unsigned char alive[BENCH_SLOTS];
    const struct trace_header header = {.align_bytes = 16};
    struct trace_error error;
    FILE *out = fopen(bench_path, "w");
    struct trace_writer *writer =
        out == NULL ? NULL : trace_create(out, format, &header, &error);

    memset(alive, 0, sizeof alive);
    for (uint64_t i = 0; writer != NULL && i < events; i++) {
        uint32_t slot = dice(BENCH_SLOTS);
        struct trace_event event = {.op =
                                        alive[slot] ? TRACE_FREE : TRACE_ALLOC,
                                    .id = slot,
                                    .size_bytes = 1 + dice(1000)};

        alive[slot] = !alive[slot];
        trace_write(writer, &event, 1);
    }
    if (writer == NULL || !trace_finish(writer, &error) || fclose(out) != 0) {
        perror(bench_path);
        exit(1);
    }
}

struct bench_row {
    const char *name, *spec, *verify;
    const char *memory; /* NULL: spooled, for what has to be known first */
};

struct bench_cost {
    double ns, cpu_ns; /* an event */
    double peak_mib;
};

/* In the child: become the program. */
static void run_program(const struct bench_row *row)
{
    const char *arguments[] = {BENCH_PROGRAM, "--quiet",   "--verify",
                               row->verify,   "-a",        row->spec,
                               bench_path,    row->memory, NULL};

    if (freopen("/dev/null", "w", stdout) != NULL)
        execv(BENCH_PROGRAM, (char **)arguments);
    perror(BENCH_PROGRAM);
    _exit(1);
}

static double time_ns(struct timeval time)
{
    return (double)time.tv_sec * 1e9 + (double)time.tv_usec * 1e3;
}

/* The best of several, from the start of the program to its end. */
static struct bench_cost run_cost(const struct bench_row *row, uint64_t events,
                                  int rounds)
{
    struct bench_cost cost = {1e30, 1e30, 0};

    while (rounds-- > 0) {
        double start_ns = now_ns(), ns, cpu_ns;
        struct rusage usage;
        int status;
        pid_t child;

        fflush(NULL);
        child = fork();
        if (child == 0)
            run_program(row);
        if (wait4(child, &status, 0, &usage) != child || status != 0)
            exit(1);
        ns = (now_ns() - start_ns) / (double)events;
        cpu_ns = (time_ns(usage.ru_utime) + time_ns(usage.ru_stime)) /
                 (double)events;
        cost.ns = ns < cost.ns ? ns : cost.ns;
        cost.cpu_ns = cpu_ns < cost.cpu_ns ? cpu_ns : cost.cpu_ns;
        cost.peak_mib = (double)usage.ru_maxrss / 1024;
    }
    return cost;
}

static void print_cost(const char *name, struct bench_cost cost)
{
    printf("%-30s  %9.1f  %9.1f  %9.1f  %9.1f\n", name, 1e3 / cost.ns, cost.ns,
           cost.cpu_ns, cost.peak_mib);
}

static void print_head(const char *name)
{
    printf("\n%-30s  %9s  %9s  %9s  %9s\n", name, "million/s", "ns/event",
           "CPU ns", "peak MiB");
}

static void bench_rows(const char *format)
{
    static const struct bench_row rows[] = {
        {"ideal, none", "ideal", "none", "-m16M"},
        {"polished, none", "polished", "none", "-m16M"},
        {"polished, layout", "polished", "layout", "-m16M"},
        {"polished, full", "polished", "full", "-m16M"},
        {"polished, none, spooled", "polished", "none", NULL},
        {"best-fit, none", "best-fit", "none", "-m16M"},
        {"best-fit, layout", "best-fit", "layout", "-m16M"},
    };

    write_trace(format, BENCH_EVENTS);
    print_head(format);
    for (size_t row = 0; row < sizeof rows / sizeof *rows; row++)
        print_cost(rows[row].name, run_cost(&rows[row], BENCH_EVENTS, 5));
}

/* What an event costs does not depend on how many there are. */
static void bench_lengths(uint64_t most_events)
{
    static const struct bench_row row = {NULL, "polished", "layout", "-m16M"};

    print_head("ptrace, polished, layout");
    for (uint64_t events = 100000; events <= most_events; events *= 10) {
        char name[32];

        write_trace("ptrace", events);
        sprintf(name, "%llu events", (unsigned long long)events);
        print_cost(name, run_cost(&row, events, 3));
    }
}

int main(int argc, char **argv)
{
    uint64_t most_events =
        argc > 1 ? strtoull(argv[1], NULL, 10) : BENCH_MOST_EVENTS;
    int fd = mkstemp(bench_path);

    bench_contract();
    if (fd < 0) {
        perror(bench_path);
        return 1;
    }
    close(fd);
    bench_rows("jsonl");
    bench_rows("rep");
    bench_rows("ptrace");
    bench_lengths(most_events);
    unlink(bench_path);
    return 0;
}
