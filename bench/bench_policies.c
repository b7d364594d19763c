/*
 * What each policy costs, in time and memory, on each of some traces.
 *
 *     bench_policies [-r ROUNDS] [-a SPEC]... TRACE...
 *
 * Lines of fields with a tab between: trace, operations, peak live bytes,
 * allocator, binding, least and median ns an operation, smallest heap.
 *
 * Rounds are interleaved: each lets every competitor replay the trace once (a
 * short one as often as 2 ms last, and the fastest counts), on a fresh heap
 * each time, whose making is not timed.  "static" is bound at compile time,
 * "row" goes through front and row, "malloc" is one of the system's, in a
 * process of its own that has it preloaded and waits for its turn.  Who
 * refuses a call of a trace is not in its rows.
 */
#define _GNU_SOURCE
#include "config.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "polished/polished.h"
#include "workload.h"

enum { ROUNDS_MOST = 101, SPECS_MOST = 64, RIVALS_MOST = 2 * SPECS_MOST + 8 };
#define BENCH_LEAST_NS 2e6
#define BENCH_LARGEST  (UINT64_C(1) << 32)

struct rival {
    const char *name, *binding;
    struct sim_spec spec;
    bench_loop *loop; /* NULL: a malloc */
    FILE *ask, *answer;
    pid_t child;
    uint64_t heap_bytes; /* smallest that will do; 0: not known */
    double ns[ROUNDS_MOST];
    bool is_out; /* it cannot serve this trace */
};

static struct bench_workload workload;
static polished_size *offsets;
static void *memory;
static uint64_t memory_bytes; /* of a heap whose time is taken */
static unsigned rounds = 9;

/* The processor's time: others may want it too.  To ask for that takes as long
   as some dozens of operations. */
static double now_ns(void)
{
    struct timespec now;

    clock_gettime(workload.count < 5000 ? CLOCK_MONOTONIC
                                        : CLOCK_THREAD_CPUTIME_ID,
                  &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static int by_value(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;

    return a < b ? -1 : a > b;
}

/* ------------------------------------------------------------ policies */

static bool replay(const struct rival *rival, uint64_t bytes, double *spent_ns)
{
    static struct bench_heap heap;
    double start_ns;
    bool fits;

    if (!bench_open(&heap, &rival->spec, memory, bytes))
        return false;
    start_ns = now_ns();
    fits = rival->loop(&heap.heaps[0], workload.ops, workload.count, offsets);
    *spent_ns += now_ns() - start_ns;
    return fits;
}

static uint64_t room_for(const struct rival *rival)
{
    return bench_room(&workload, &rival->spec);
}

static double policy_round(const struct rival *rival)
{
    double ns = 0, least_ns = HUGE_VAL;

    while (ns < BENCH_LEAST_NS) {
        double pass_ns = 0;

        replay(rival, room_for(rival), &pass_ns);
        least_ns = pass_ns < least_ns ? pass_ns : least_ns;
        ns += pass_ns;
    }
    return least_ns;
}

/*
 * The least size from which on a band of larger ones will do as well: that a
 * heap works says nothing of a larger one.
 */
static uint64_t smallest_heap(const struct rival *rival)
{
    enum { BAND = 16 };
    uint64_t step = workload.peak_bytes / 4096 / 16 * 16 + 16;
    uint64_t low = workload.peak_bytes / step, high = room_for(rival) / step;
    double ns = 0;
    unsigned above = 0;

    while (high - low > 1) {
        uint64_t middle = low + (high - low) / 2;

        if (replay(rival, middle * step, &ns))
            high = middle;
        else
            low = middle;
    }
    for (uint64_t size = high; above < BAND; size++) {
        if (replay(rival, size * step, &ns))
            above++;
        else if (size * step > room_for(rival))
            return 0;
        else
            high = size + 1, above = 0;
    }
    return high * step;
}

/* ------------------------------------------------------------- mallocs */

static double malloc_pass(void **blocks)
{
    double start_ns = now_ns(), ns;

    for (size_t i = 0; i < workload.count; i++) {
        const struct bench_op *op = &workload.ops[i];
        void **block = &blocks[op->slot];

        if (op->kind == BENCH_FREE)
            free(*block), *block = NULL;
        else if (op->kind == BENCH_REALLOC)
            *block = realloc(*block, op->size_bytes);
        else if (op->align_log2 <= 4)
            *block = malloc(op->size_bytes);
        else if (posix_memalign(block, (size_t)1 << op->align_log2,
                                op->size_bytes) != 0)
            abort();
        __asm__ volatile("" : : "r"(*block) : "memory");
    }
    ns = now_ns() - start_ns;
    for (uint64_t slot = 0; slot < workload.slots; slot++)
        free(blocks[slot]), blocks[slot] = NULL;
    return ns;
}

/* The child: says whose malloc it has, then takes its turn when asked to. */
static int malloc_serve(const char *path)
{
    void *(*volatile own)(size_t) = malloc;
    void **blocks;
    Dl_info info;
    char turn[8];

    if (!bench_load(&workload, path) || !dladdr((void *)own, &info))
        return 1;
    blocks = calloc(workload.slots, sizeof *blocks);
    printf("%s\n", info.dli_fname);
    fflush(stdout);
    while (blocks != NULL && fgets(turn, sizeof turn, stdin) != NULL) {
        double ns = 0, least_ns = HUGE_VAL;

        while (ns < BENCH_LEAST_NS) {
            double pass_ns = malloc_pass(blocks);

            least_ns = pass_ns < least_ns ? pass_ns : least_ns;
            ns += pass_ns;
        }
        printf("%.0f\n", least_ns);
        fflush(stdout);
    }
    free(blocks);
    return 0;
}

static void malloc_become(const char *library, const char *path, int ask,
                          int answer)
{
    char *arguments[] = {(char *)"bench_policies", (char *)"--malloc",
                         (char *)path, NULL};

    dup2(ask, STDIN_FILENO);
    dup2(answer, STDOUT_FILENO);
    if (freopen("/dev/null", "w", stderr) == NULL)
        _exit(127);
    if (library[0] != '\0')
        setenv("LD_PRELOAD", library, 1);
    execv("/proc/self/exe", arguments);
    _exit(127);
}

/* false: it is not installed. */
static bool malloc_start(struct rival *rival, const char *library,
                         const char *path)
{
    int ask[2], answer[2];
    char own[512];

    if (pipe2(ask, O_CLOEXEC) != 0 || pipe2(answer, O_CLOEXEC) != 0)
        abort();
    rival->child = fork();
    if (rival->child == 0) {
        close(ask[1]);
        close(answer[0]);
        malloc_become(library, path, ask[0], answer[1]);
    }
    close(ask[0]);
    close(answer[1]);
    rival->ask = fdopen(ask[1], "w");
    rival->answer = fdopen(answer[0], "r");
    return fgets(own, sizeof own, rival->answer) != NULL &&
           strstr(own, library) != NULL;
}

static double malloc_round(struct rival *rival)
{
    char line[64] = "0";

    fputs("go\n", rival->ask);
    fflush(rival->ask);
    return fgets(line, sizeof line, rival->answer) != NULL ? atof(line) : 0;
}

static void malloc_stop(struct rival *rival)
{
    if (rival->ask == NULL)
        return;
    fclose(rival->ask);
    fclose(rival->answer);
    waitpid(rival->child, NULL, 0);
}

/* --------------------------------------------------------------- a trace */

static size_t enter_policies(struct rival *rivals, const char *const *specs)
{
    size_t count = 0;
    char why[256];

    for (; *specs != NULL; specs++) {
        struct rival *rival = &rivals[count];
        double ns = 0;

        *rival = (struct rival){.name = *specs, .binding = "row"};
        if (!sim_spec_parse(*specs, &rival->spec, why, sizeof why)) {
            fprintf(stderr, "%s: %s\n", *specs, why);
            exit(2);
        }
        rival->loop = bench_row_loop;
        if (room_for(rival) > memory_bytes ||
            !replay(rival, room_for(rival), &ns))
            continue;
        rival->heap_bytes = smallest_heap(rival);
        rivals[count + 1] = *rival;
        rivals[count + 1].binding = "static";
        rivals[count + 1].loop = bench_static_loop(rival->spec.layers[0].ops);
        count += 2;
    }
    return count;
}

static size_t enter_mallocs(struct rival *rivals, size_t count,
                            const char *path)
{
    static const struct {
        const char *name, *library;
    } rows[] = {{"glibc", ""},
                {"jemalloc", "libjemalloc.so.2"},
                {"mimalloc", "libmimalloc.so.2"},
                {"tcmalloc", "libtcmalloc_minimal.so.4"}};

    for (size_t row = 0; row < sizeof rows / sizeof *rows; row++) {
        rivals[count] =
            (struct rival){.name = rows[row].name, .binding = "malloc"};
        if (malloc_start(&rivals[count], rows[row].library, path))
            count++;
        else
            malloc_stop(&rivals[count]);
    }
    return count;
}

static void print_rival(struct rival *rival)
{
    qsort(rival->ns, rounds, sizeof *rival->ns, by_value);
    printf("%s\t%zu\t%" PRIu64 "\t%s\t%s\t%.2f\t%.2f\t%" PRIu64 "\n",
           workload.name, workload.count, workload.peak_bytes, rival->name,
           rival->binding, rival->ns[0] / (double)workload.count,
           rival->ns[rounds / 2] / (double)workload.count, rival->heap_bytes);
}

static void bench_trace(const char *path, const char *const *specs)
{
    static struct rival rivals[RIVALS_MOST];
    size_t count;

    if (!bench_load(&workload, path))
        return;
    offsets = calloc(workload.slots, sizeof *offsets);
    count = enter_policies(rivals, specs);
    count = enter_mallocs(rivals, count, path);
    for (unsigned round = 0; round < rounds; round++)
        for (size_t i = 0; i < count; i++)
            rivals[i].ns[round] = rivals[i].loop != NULL
                                      ? policy_round(&rivals[i])
                                      : malloc_round(&rivals[i]);
    for (size_t i = 0; i < count; i++) {
        print_rival(&rivals[i]);
        malloc_stop(&rivals[i]);
    }
    fflush(stdout);
    free(offsets);
    bench_unload(&workload);
}

int main(int argc, char **argv)
{
    static const char *specs[SPECS_MOST + 1];
    size_t count = 0;
    int option;

    if (argc == 3 && strcmp(argv[1], "--malloc") == 0)
        return malloc_serve(argv[2]);
    while ((option = getopt(argc, argv, "a:r:")) != -1)
        if (option == 'a' && count < SPECS_MOST)
            specs[count++] = optarg;
        else if (option == 'r')
            rounds = (unsigned)atoi(optarg) % ROUNDS_MOST;
        else
            return 2;
    if (count == 0) {
        while (polished_policies[count] != NULL)
            specs[count] = polished_policies[count]->name, count++;
        specs[count++] = "buddy:grain_bytes=32";
    }
    rounds = rounds != 0 ? rounds : 1;
    memory_bytes = BENCH_LARGEST;
    memory = mmap(NULL, memory_bytes, PROT_READ | PROT_WRITE,
                  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED)
        return 1;
    for (; optind < argc; optind++)
        bench_trace(argv[optind], specs);
    return 0;
}
