/*
 * verb_merge.c - several traces as one.
 *
 * An operation that ends many blocks (destroy, rewind, reset) is replaced by
 * the frees that it stands for, as it would end blocks of the other traces.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "cli/fault.h"
#include "cli/verb.h"
#include "cli/written.h"
#include "search/lives.h"

enum { MERGE_ALIGN_BYTES = 16, MERGE_LEAST_ROOM = 1024 };
enum merge_order { MERGE_END, MERGE_TIME, MERGE_TURNS };

struct merge_choice {
    struct cli_written to;
    int order;
};

static const char *const merge_orders[] = {
    [MERGE_END] = "end", [MERGE_TIME] = "time", [MERGE_TURNS] = "turns", NULL};

#define AT(member) .offset = offsetof(struct merge_choice, member)
static const struct cli_option merge_table[] = {
    {"by", 0, CLI_CHOICE, AT(order), .argument = "WHAT",
     .help = "one behind the end of the other, time, or turns",
     .choices = merge_orders},
    CLI_WRITTEN_OPTIONS(struct merge_choice, to),
    {.name = "help", .kind = CLI_HELP, .help = "print this help and exit"},
    {.name = NULL},
};
#undef AT

static const struct cli_program merge_program = {
    .name = "polished-trace merge",
    .usage = "[OPTION]... TRACE...",
    .summary = "Write several traces as one, which makes their requests of one "
               "heap.",
    .options = merge_table,
    .footer = "Example:\n"
              "  polished-trace merge --by time -o both.ptrace a.ptrace "
              "b.ptrace",
};

/* A trace, its events resolved. */
struct merge_trace {
    struct search_lives lives;
    struct trace_event *events;
    size_t count, room, next;
    uint64_t align_bytes, time_ns;
    uint32_t texts; /* strings of the traces before it */
};

struct merge {
    const struct merge_choice *choice;
    struct merge_trace *traces;
    size_t count;
};

static bool merge_visit(void *context, const struct trace_event *event,
                        uint64_t ended_bytes)
{
    struct merge_trace *trace = context;
    size_t room = trace->room ? 2 * trace->room : MERGE_LEAST_ROOM;
    struct trace_event *events;

    (void)ended_bytes;
    if (event->has & TRACE_HAS_TIME)
        trace->time_ns = event->time_ns;
    if (event->op > TRACE_REALLOC)
        return true;
    if (trace->count == trace->room) {
        events = realloc(trace->events, room * sizeof *events);
        if (events == NULL)
            return false;
        trace->events = events;
        trace->room = room;
    }
    events = &trace->events[trace->count++];
    *events = *event;
    events->has &= (uint16_t)~TRACE_IS_IMPLIED;
    /* To sort by; what stated none has the time of what came before it. */
    events->time_ns = trace->time_ns;
    return true;
}

/* CLI_GO_ON, or what to exit with. */
static int merge_read(struct merge_trace *trace, const char *path)
{
    struct trace_error error;
    struct trace_reader *reader = trace_open(path, 0, &error);

    if (reader == NULL)
        return cli_fault(path, &error);
    if (!search_lives_read(&trace->lives, reader, false, &error))
        return cli_fault(path, &error);
    if (!search_lives_play(&trace->lives, merge_visit, trace)) {
        error = (struct trace_error){.kind = TRACE_INTERNAL,
                                     .what = "out of memory"};
        return cli_fault(path, &error);
    }
    trace->align_bytes = trace_header_of(reader)->align_bytes;
    if (trace->align_bytes == 0)
        trace->align_bytes = MERGE_ALIGN_BYTES;
    return CLI_GO_ON;
}

/* --- the events of all ------------------------------------------------- */

/* Does one come before the other?  In turns, which is less far on its way. */
static bool merge_before(const struct merge *merge,
                         const struct merge_trace *one,
                         const struct merge_trace *other)
{
    switch (merge->choice->order) {
    case MERGE_TIME:
        return one->events[one->next].time_ns <
               other->events[other->next].time_ns;
    case MERGE_TURNS:
        return (double)one->next / (double)one->count <
               (double)other->next / (double)other->count;
    default:
        return false;
    }
}

/* Whose event is next; the first of equals.  NULL: there are no more. */
static struct merge_trace *merge_next(const struct merge *merge)
{
    struct merge_trace *next = NULL;

    for (size_t i = 0; i < merge->count; i++) {
        struct merge_trace *trace = &merge->traces[i];

        if (trace->next < trace->count &&
            (next == NULL || merge_before(merge, trace, next)))
            next = trace;
    }
    return next;
}

/* Ids are slots: those of all traces are dealt out in turn. */
static struct trace_event merge_take(const struct merge *merge,
                                     struct merge_trace *trace)
{
    struct trace_event event = trace->events[trace->next++];

    event.id = event.id * merge->count + (size_t)(trace - merge->traces) + 1;
    event.site += trace->texts;
    if (event.op == TRACE_ALLOC && !(event.has & TRACE_HAS_ALIGN) &&
        trace->align_bytes != merge->traces[0].align_bytes) {
        event.has |= TRACE_HAS_ALIGN;
        event.align_bytes = trace->align_bytes;
    }
    return event;
}

static int merge_fill(void *context, struct trace_writer *writer)
{
    struct merge *merge = context;
    struct merge_trace *trace;
    uint32_t texts = 0;
    bool good = true;

    for (size_t i = 0; i < merge->count; i++) {
        const struct trace_reader *reader = merge->traces[i].lives.reader;

        merge->traces[i].texts = texts;
        texts += trace_text_count(reader);
        for (uint32_t j = 0; good && j < trace_text_count(reader); j++)
            good = trace_write_text(writer, trace_text(reader, j));
    }
    while (good && (trace = merge_next(merge)) != NULL) {
        struct trace_event event = merge_take(merge, trace);

        good = trace_write(writer, &event, 1);
    }
    return CLI_FINE;
}

static int merge_all(struct merge *merge, const struct trace_format *format,
                     char **paths)
{
    struct trace_header header = {.name = (char *)"merged",
                                  .source = (char *)merge_program.name};
    int code = CLI_GO_ON;

    for (size_t i = 0; i < merge->count && code == CLI_GO_ON; i++)
        code = merge_read(&merge->traces[i], paths[i]);
    if (code == CLI_GO_ON) {
        header.align_bytes = merge->traces[0].align_bytes;
        code =
            cli_written(&merge->choice->to, format, &header, merge_fill, merge);
    }
    for (size_t i = 0; i < merge->count; i++) {
        search_lives_free(&merge->traces[i].lives);
        free(merge->traces[i].events);
    }
    return code;
}

static int merge_main(int argc, char **argv)
{
    const char *name = merge_program.name;
    struct merge_choice choice = {.to.program = name};
    struct merge merge = {.choice = &choice};
    int operand;
    int code = cli_parse(&merge_program, argc, argv, &choice, &operand);

    if (code != CLI_GO_ON)
        return code;
    if (operand == argc)
        return cli_usage(name, "no trace given");
    const struct trace_format *format = cli_written_format(&choice.to);
    if (format == NULL)
        return CLI_USAGE;
    merge.count = (size_t)(argc - operand);
    merge.traces = calloc(merge.count, sizeof *merge.traces);
    if (merge.traces == NULL) {
        cli_message(name, "out of memory");
        return CLI_INTERNAL;
    }
    code = merge_all(&merge, format, argv + operand);
    free(merge.traces);
    return code;
}

const struct cli_verb cli_verb_merge = {
    .name = "merge",
    .summary = "write several traces as one",
    .run = merge_main,
};
