/*
 * bench_trace.c - how fast traces are read, beside whole-document cJSON.
 *
 *     make bench-trace
 *     bench/bench_trace [EVENTS]
 *
 * Every case runs in a child of its own, five times by turns; the least time
 * counts.  Peak resident memory is that of the child.
 */
#include "config.h"

#include <cJSON.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "trace/live.h"
#include "trace/trace.h"

enum { BATCH = 256, ROUNDS = 5, LIVE_BLOCKS = 10000, LIVE_EVENTS = 500000 };

static char bench_dir[] = "/tmp/bench-trace-XXXXXX";

static void bench_path(char *path, const char *name)
{
    sprintf(path, "%s/%s", bench_dir, name);
}

static double bench_now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

/* The checksum keeps the work from being thrown away. */
struct bench_result {
    double ns;
    uint64_t events, sum;
};

static void bench_fail(const struct trace_error *error, const char *path)
{
    trace_report(stderr, path, error);
    exit(1);
}

/* Read a file of whatever format. */
static struct bench_result bench_read(const char *path)
{
    static struct trace_event events[BATCH];
    struct bench_result result = {0, 0, 0};
    struct trace_error error;
    struct trace_reader *reader = trace_open(path, 0, &error);
    size_t count;

    if (!reader)
        bench_fail(&error, path);
    result.ns = -bench_now_ns();
    while ((count = trace_read(reader, events, BATCH)) > 0) {
        result.events += count;
        for (size_t i = 0; i < count; i++)
            result.sum += events[i].id;
    }
    result.ns += bench_now_ns();
    if (trace_failed(reader))
        bench_fail(trace_failed(reader), path);
    trace_close(reader);
    return result;
}

/* Judge events that were read before. */
static struct bench_result bench_live(const char *path)
{
    struct bench_result result = {0, 0, 0};
    struct trace_event *events = malloc(LIVE_EVENTS * sizeof *events);
    struct trace_live *live = trace_live_new(false);
    struct trace_error error;
    struct trace_reader *reader = trace_open(path, 0, &error);
    size_t count;

    if (!reader || !events || !live)
        bench_fail(&error, path);
    while (result.events < LIVE_EVENTS &&
           (count = trace_read(reader, events + result.events,
                               LIVE_EVENTS - result.events)) > 0)
        result.events += count;
    result.ns = -bench_now_ns();
    for (size_t i = 0; i < result.events; i++) {
        if (!trace_live_apply(live, &events[i], &error))
            bench_fail(&error, path);
        result.sum += events[i].id;
    }
    result.ns += bench_now_ns();
    trace_live_free(live);
    trace_close(reader);
    free(events);
    return result;
}

static char *bench_load(const char *path, size_t *size)
{
    FILE *file = fopen(path, "r");
    char *text;

    fseek(file, 0, SEEK_END);
    *size = (size_t)ftell(file);
    rewind(file);
    text = malloc(*size + 1);
    *size = fread(text, 1, *size, file);
    fclose(file);
    return text;
}

/* What a front end built on cJSON alone would do. */
static struct bench_result bench_cjson(const char *path)
{
    struct bench_result result = {0, 0, 0};
    size_t size;
    char *text = bench_load(path, &size);
    const cJSON *event;
    cJSON *tree;

    result.ns = -bench_now_ns();
    tree = cJSON_ParseWithLength(text, size);
    cJSON_ArrayForEach(event, cJSON_GetObjectItemCaseSensitive(tree, "events"))
    {
        const cJSON *id = cJSON_GetObjectItemCaseSensitive(event, "id");

        result.events++;
        result.sum += (uint64_t)id->valuedouble;
    }
    result.ns += bench_now_ns();
    cJSON_Delete(tree);
    free(text);
    return result;
}

/* The event that follows; about half are frees once enough are alive. */
struct bench_source {
    uint64_t alive[LIVE_BLOCKS];
    uint64_t count, next_id;
    unsigned random;
    bool only_allocs;
};

static struct trace_event bench_next(struct bench_source *source)
{
    static const uint64_t sizes[] = {16, 24, 32, 48, 64, 100, 1000, 5000};
    struct trace_event event = {.op = TRACE_ALLOC};
    unsigned random = source->random = source->random * 1103515245u + 12345u;

    random >>= 8;
    if (!source->only_allocs && source->count > 0 &&
        (random % 2 || source->count == LIVE_BLOCKS)) {
        uint64_t *victim = &source->alive[(random >> 4) % source->count];

        event.op = TRACE_FREE;
        event.id = *victim;
        *victim = source->alive[--source->count];
        return event;
    }
    event.id = ++source->next_id;
    event.size_bytes = sizes[random >> 1 & 7];
    if (!source->only_allocs)
        source->alive[source->count++] = event.id;
    return event;
}

static void bench_generate(const char *name, const char *format,
                           uint64_t events, bool only_allocs)
{
    static struct bench_source source;
    const struct trace_header header = {.name = "bench"};
    struct trace_event event;
    struct trace_error error;
    struct trace_writer *writer;
    char path[64];
    FILE *out;

    bench_path(path, name);
    out = fopen(path, "w");
    writer = trace_create(out, format, &header, &error);
    memset(&source, 0, sizeof source);
    source.random = 1;
    source.only_allocs = only_allocs;
    for (uint64_t i = 0; i < events; i++) {
        event = bench_next(&source);
        trace_write(writer, &event, 1);
    }
    if (!trace_finish(writer, &error))
        bench_fail(&error, path);
    fclose(out);
}

/* What is measured; more is how many times EVENTS, in tenths. */
static struct bench_case {
    const char *what, *format;
    struct bench_result (*run)(const char *path);
    unsigned tenths;
    bool only_allocs;
    struct bench_result best;
    long peak_kib;
} bench_cases[] = {
    {"jsonl, allocs", "jsonl", bench_read, 10, true, {0, 0, 0}, 0},
    {"jsonl", "jsonl", bench_read, 10, false, {0, 0, 0}, 0},
    {"jsonl, a tenth", "jsonl", bench_read, 1, false, {0, 0, 0}, 0},
    {"jsonl, ten times", "jsonl", bench_read, 100, false, {0, 0, 0}, 0},
    {"json", "json", bench_read, 10, false, {0, 0, 0}, 0},
    {"rep", "rep", bench_read, 10, false, {0, 0, 0}, 0},
    {"ptrace", "ptrace", bench_read, 10, false, {0, 0, 0}, 0},
    {"cJSON", "json", bench_cjson, 10, false, {0, 0, 0}, 0},
    {"live", "ptrace", bench_live, 10, false, {0, 0, 0}, 0},
};
enum { CASES = sizeof bench_cases / sizeof *bench_cases };

static void bench_name(char *path, const struct bench_case *row)
{
    char name[32];

    sprintf(name, "%u%c.%s", row->tenths, row->only_allocs ? 'a' : 'm',
            row->format);
    bench_path(path, name);
}

/* Do something in a child; its peak of resident memory. */
static long bench_child(struct bench_case *row, uint64_t events,
                        struct bench_result *result)
{
    struct rusage usage;
    char path[64];
    int status;
    pid_t child = fork();

    bench_name(path, row);
    if (child == 0) {
        if (result)
            *result = row->run(path);
        else
            bench_generate(path + strlen(bench_dir) + 1, row->format,
                           events * row->tenths / 10, row->only_allocs);
        exit(0);
    }
    if (wait4(child, &status, 0, &usage) != child || status != 0)
        exit(1);
    return usage.ru_maxrss;
}

static void bench_print(const struct bench_case *row)
{
    struct stat status;
    char path[64];

    bench_name(path, row);
    stat(path, &status);
    printf("%-17s %11llu %9.1f %9.1f %9.1f %8.1f\n", row->what,
           (unsigned long long)row->best.events,
           (double)row->best.events / row->best.ns * 1e3,
           row->best.ns / (double)row->best.events,
           (double)status.st_size / (double)row->best.events *
               (row->run == bench_live ? 0 : 1),
           (double)row->peak_kib / 1024);
}

int main(int argc, char **argv)
{
    uint64_t events = argc > 1 ? strtoull(argv[1], NULL, 10) : 1000000;
    struct bench_result *result =
        mmap(NULL, sizeof *result, PROT_READ | PROT_WRITE,
             MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    char path[64];

    if (!mkdtemp(bench_dir) || result == MAP_FAILED)
        return 1;
    for (size_t i = 0; i < CASES; i++)
        bench_child(&bench_cases[i], events, NULL);
    for (size_t i = 0; i < CASES * ROUNDS; i++) {
        struct bench_case *row = &bench_cases[i % CASES];

        row->peak_kib = bench_child(row, events, result);
        if (row->best.ns == 0 || result->ns < row->best.ns)
            row->best = *result;
    }
    printf("%-17s %11s %9s %9s %9s %8s\n", "", "events", "M/s", "ns/event",
           "bytes", "MiB");
    for (size_t i = 0; i < CASES; i++)
        bench_print(&bench_cases[i]);
    for (size_t i = 0; i < CASES; i++) {
        bench_name(path, &bench_cases[i]);
        unlink(path);
    }
    return rmdir(bench_dir);
}
