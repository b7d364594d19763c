#include "config.h"

#include "sim/simulate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/crew.h"
#include "sim/pages.h"
#include "sim/rank.h"
#include "sim/suit.h"
#include "sim/worker.h"

enum { SIMULATE_ALIGN_BYTES = 16, SIMULATE_PAGE_BYTES = 4096 };
static const uint64_t simulate_most_bytes = UINT64_C(1) << 40;

static bool simulate_refuse(struct trace_error *error, enum trace_fault kind,
                            const char *what)
{
    *error = (struct trace_error){.kind = kind};
    snprintf(error->what, sizeof error->what, "%s", what);
    return false;
}

/* The name of a file without its folder and its suffixes. */
static char *simulate_stem(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *start = slash == NULL ? path : slash + 1;
    size_t letters = start[0] == '.' ? strlen(start) : strcspn(start, ".");

    return strcmp(path, "-") == 0 ? strdup("standard input")
                                  : strndup(start, letters);
}

/* Twice the peak, rounded up to pages: room enough to see what a policy does
   with it. */
static uint64_t simulate_usual(const struct measure_census *census)
{
    uint64_t bytes = census->peak_live_bytes;

    if (bytes > simulate_most_bytes / 2)
        return simulate_most_bytes;
    bytes = (2 * bytes + SIMULATE_PAGE_BYTES - 1) &
            ~(uint64_t)(SIMULATE_PAGE_BYTES - 1);
    return bytes == 0 ? SIMULATE_PAGE_BYTES : bytes;
}

static bool simulate_memory(struct sim_memory *memory,
                            const struct sim_options *options,
                            const struct trace_header *header,
                            const struct measure_census *census,
                            struct trace_error *error)
{
    if (header->memory_count != 0)
        return sim_memory_map(memory, header->memory, header->memory_count,
                              options->memory_bytes) ||
               simulate_refuse(error, TRACE_BAD,
                               "the memory map of the header is empty");
    sim_memory_plain(memory, options->memory_bytes != 0
                                 ? options->memory_bytes
                                 : simulate_usual(census));
    if (census != NULL && census->largest_align_bytes > memory->congruence)
        memory->congruence = census->largest_align_bytes;
    return true;
}

/* The specs to replay: those asked for, or the default set. */
static size_t simulate_specs(const struct sim_options *options,
                             const char **specs)
{
    size_t count = 0;

    if (options->specs == NULL) {
        for (const struct sim_row *row = sim_rows; row->ops != NULL; row++)
            if (row->usual)
                specs[count++] = row->ops->name;
        return count;
    }
    memcpy(specs, options->specs, options->spec_count * sizeof *specs);
    return options->spec_count;
}

static size_t simulate_spec_most(const struct sim_options *options)
{
    size_t rows = 0;

    while (sim_rows[rows].ops != NULL)
        rows++;
    return options->specs == NULL ? rows : options->spec_count;
}

/* Must the number of heaps be known before one is made? */
static bool simulate_counts_heaps(const char *text)
{
    struct sim_spec spec;
    char message[SIM_TEXT_BYTES];

    return !sim_spec_is_foreign(text) &&
           sim_spec_parse(text, &spec, message, sizeof message) &&
           (spec.layers[0].ops->caps & POLISHED_OWNERS) != 0;
}

/* A spool is for several readings, and for what has to be known before the
   first event is replayed. */
static bool simulate_streams(const struct sim_options *options,
                             const struct trace_header *header,
                             const char *const *specs, size_t spec_count)
{
    return spec_count == 1 && !sim_worker_may_run(specs[0]) &&
           !simulate_counts_heaps(specs[0]) && !options->time &&
           !options->misuse && !options->must_ask &&
           (options->memory_bytes != 0 || header->memory_count != 0);
}

static void simulate_task(struct sim_task *task, const char *spec,
                          const struct measure_census *census)
{
    struct sim_policy *policy = &task->shared->policy;
    bool parsed;

    task->foreign = sim_spec_is_foreign(spec);
    parsed = task->foreign || sim_spec_parse(spec, &task->spec, policy->reason,
                                             sizeof policy->reason);

    snprintf(policy->spec, sizeof policy->spec, "%s", spec);
    snprintf(policy->name, sizeof policy->name, "%.*s", (int)strcspn(spec, ":"),
             spec);
    if (parsed && !task->foreign && census != NULL)
        sim_spec_heaps(&task->spec, census->heaps);
    if (!parsed || (census != NULL && !task->foreign &&
                    !sim_suited(&task->spec, census, policy->reason,
                                sizeof policy->reason)))
        policy->outcome = SIM_UNSUITED;
}

/* The tasks of a run share their memory with its children. */
static bool simulate_tasks(struct sim_crew *crew, const char **specs,
                           size_t count, const struct sim_task *model,
                           const struct measure_census *census)
{
    crew->tasks = calloc(count, sizeof *crew->tasks);
    crew->shared_bytes = count * sizeof(struct sim_shared);
    crew->shared = sim_pages_shared(crew->shared_bytes, &crew->shared_fd);
    crew->count = count;
    if (crew->tasks == NULL || crew->shared == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        crew->tasks[i] = *model;
        crew->tasks[i].shared = &crew->shared[i];
        crew->tasks[i].shared_fd = crew->shared_fd;
        crew->tasks[i].shared_bytes = crew->shared_bytes;
        crew->tasks[i].shared_offset = i * sizeof *crew->shared;
        simulate_task(&crew->tasks[i], specs[i], census);
    }
    return true;
}

static bool simulate_collect(struct sim_run *run, struct sim_crew *crew,
                             bool streamed, struct trace_error *error)
{
    run->policies = calloc(crew->count, sizeof *run->policies);
    run->policy_count = crew->count;
    if (run->policies == NULL)
        return simulate_refuse(error, TRACE_INTERNAL, "out of memory");
    for (size_t i = 0; i < crew->count; i++) {
        if (crew->shared[i].error.kind != TRACE_FINE) {
            *error = crew->shared[i].error;
            return false;
        }
        run->policies[i] = crew->shared[i].policy;
    }
    if (streamed)
        run->trace.census = crew->shared[0].census;
    sim_rank(run->policies, run->policy_count);
    return true;
}

/* Replay what is prepared: spooled, or from the reader itself. */
static bool simulate_replay(struct sim_run *run, const char **specs,
                            size_t count, struct sim_task *model,
                            struct trace_error *error)
{
    struct sim_crew crew = {0};
    const struct measure_census *census =
        model->spool == NULL ? NULL : &model->spool->census;
    bool fine = simulate_tasks(&crew, specs, count, model, census);

    if (census != NULL)
        run->trace.census = *census;
    run->memory_bytes = model->memory->total_bytes;
    if (fine)
        sim_crew_run(&crew, model->options, run->trace.census.events);
    fine = fine ? simulate_collect(run, &crew, census == NULL, error)
                : simulate_refuse(error, TRACE_INTERNAL, "out of memory");
    free(crew.tasks);
    if (crew.shared != NULL)
        close(crew.shared_fd);
    sim_pages_free(crew.shared, crew.shared_bytes);
    return fine;
}

static bool simulate_label(struct sim_run *run, const char *path,
                           const struct sim_options *options,
                           const struct trace_reader *reader)
{
    const struct trace_header *header = trace_header_of(reader);

    *run = (struct sim_run){0};
    run->trace.path = path;
    run->trace.name =
        header->name != NULL ? strdup(header->name) : simulate_stem(path);
    run->trace.format = trace_format_name(reader);
    run->align_bytes = options->align_bytes != 0  ? options->align_bytes
                       : header->align_bytes != 0 ? header->align_bytes
                                                  : SIMULATE_ALIGN_BYTES;
    return run->trace.name != NULL;
}

/* The questions that come after the replay. */
static bool simulate_ask(struct sim_run *run, const struct sim_options *options,
                         const struct sim_spool *spool,
                         const struct trace_header *header,
                         struct trace_error *error)
{
    const struct sim_ground ground = {
        .options = options,
        .spool = spool,
        .map = header->memory_count == 0 ? NULL : header->memory,
        .map_count = header->memory_count,
    };

    return options->ask == NULL ||
           options->ask(options->asker, run, &ground, error);
}

/* Read, plan the memory, replay; the reader is used up by the spool. */
static bool simulate_spooled(struct sim_run *run, const char **specs,
                             size_t count, struct sim_task *model,
                             struct trace_reader *reader,
                             struct trace_error *error)
{
    struct sim_spool spool;
    struct sim_memory memory = {0};
    struct trace_header header = *trace_header_of(reader);
    bool fine;

    header.memory = malloc(header.memory_count * sizeof *header.memory + 1);
    if (header.memory == NULL)
        return simulate_refuse(error, TRACE_INTERNAL, "out of memory");
    if (header.memory_count != 0)
        memcpy(header.memory, trace_header_of(reader)->memory,
               header.memory_count * sizeof *header.memory);
    fine =
        sim_spool_fill(&spool, reader, run->trace.path, model->options,
                       run->align_bytes, error) &&
        simulate_memory(&memory, model->options, &header, &spool.census, error);
    model->memory = &memory;
    model->spool = &spool;
    fine = fine && simulate_replay(run, specs, count, model, error) &&
           simulate_ask(run, model->options, &spool, &header, error);
    free(header.memory);
    sim_memory_free(&memory);
    sim_spool_free(&spool);
    return fine;
}

static bool simulate_streamed(struct sim_run *run, const char **specs,
                              size_t count, struct sim_task *model,
                              struct trace_reader *reader,
                              struct trace_error *error)
{
    struct sim_memory memory;
    bool fine = simulate_memory(&memory, model->options,
                                trace_header_of(reader), NULL, error);

    model->memory = &memory;
    model->reader = reader;
    fine = fine && simulate_replay(run, specs, count, model, error);
    sim_memory_free(&memory);
    trace_close(reader);
    return fine;
}

bool sim_run_trace(struct sim_run *run, const char *path,
                   const struct sim_options *options, struct trace_error *error)
{
    struct sim_task model = {.options = options, .work = sim_child_replay};
    struct trace_reader *reader =
        trace_open(path, options->misuse ? TRACE_MISUSE : 0, error);
    const char **specs = calloc(simulate_spec_most(options) + 1, sizeof *specs);
    size_t count;
    bool fine = false;

    if (reader == NULL || specs == NULL ||
        !simulate_label(run, path, options, reader)) {
        if (reader != NULL) {
            trace_close(reader);
            simulate_refuse(error, TRACE_INTERNAL, "out of memory");
        }
        free(specs);
        return false;
    }
    count = simulate_specs(options, specs);
    model.align_bytes = run->align_bytes;
    fine = simulate_streams(options, trace_header_of(reader), specs, count)
               ? simulate_streamed(run, specs, count, &model, reader, error)
               : simulate_spooled(run, specs, count, &model, reader, error);
    free(specs);
    if (!fine)
        sim_run_free(run);
    return fine;
}

void sim_run_free(struct sim_run *run)
{
    free((char *)run->trace.name);
    free(run->policies);
}
