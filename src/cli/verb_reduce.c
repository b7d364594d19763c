/* verb_reduce.c - the command line of search/reduce. */
#include "config.h"

#include <inttypes.h>
#include <string.h>

#include "cli/fault.h"
#include "cli/progress.h"
#include "cli/verb.h"
#include "cli/written.h"
#include "report/number.h"
#include "search/reduce.h"
#include "sim/pages.h"
#include "sim/simulate.h"

enum { REDUCE_ALIGN_BYTES = 16, REDUCE_TIMEOUT = 60, REDUCE_PERCENT = 10 };

struct reduce_choice {
    struct cli_written to;
    const char *spec, *other;
    int verdict; /* 0: any; else one more than the verdict */
    uint64_t memory_bytes, align_bytes, percent, budget, timeout_seconds;
    bool keep_memory, misuse, quiet;
};

static const char *const reduce_verdicts[] = {
    "any",        "unsupported", "order",    "quota",
    "impossible", "exhausted",   "overhead", "fragmented",
    "constraint", "policy",      NULL};

#define AT(member) .offset = offsetof(struct reduce_choice, member)
static const struct cli_option reduce_table[] = {
    {"allocator", 'a', CLI_TEXT, AT(spec), .argument = "SPEC",
     .help = "the policy, or PLUGIN.so", .check = sim_spec_check},
    {"memory", 'm', CLI_SIZE, AT(memory_bytes), .argument = "SIZE",
     .help = "the heap (usual: the largest that fails)", .least = 1},
    {"keep-memory", 0, CLI_FLAG, AT(keep_memory),
     .help = "the heap does not shrink with the trace"},
    {"verdict", 0, CLI_CHOICE, AT(verdict), .argument = "VERDICT",
     .help = "of the failure to keep (usual: of the first)",
     .choices = reduce_verdicts},
    {"worse-than", 0, CLI_TEXT, AT(other), .argument = "SPEC",
     .help = "keep that it needs more memory than this one",
     .check = sim_spec_check},
    {"by", 0, CLI_NUMBER, AT(percent), .argument = "PERCENT",
     .help = "so much more at least (usual: 10)", .most = 1000000},
    {"align", 0, CLI_SIZE, AT(align_bytes), .argument = "N",
     .help = "alignment of requests that state none", .least = 1},
    {"misuse", 0, CLI_FLAG, AT(misuse),
     .help = "pass the trace's own misuse on to the policy"},
    {"budget", 0, CLI_NUMBER, AT(budget), .argument = "EVENTS",
     .help = "replayed in all (usual: 2000000000)", .least = 1},
    {"timeout", 0, CLI_NUMBER, AT(timeout_seconds), .argument = "SECONDS",
     .help = "a look that takes longer hangs (usual: 60)", .least = 1,
     .most = 1000000},
    CLI_WRITTEN_OPTIONS(struct reduce_choice, to),
    {"quiet", 'q', CLI_FLAG, AT(quiet), .help = "show no progress"},
    {.name = "help", .kind = CLI_HELP, .help = "print this help and exit"},
    {.name = NULL},
};
#undef AT

static const struct cli_program reduce_program = {
    .name = "polished-trace reduce",
    .usage = "-a SPEC [OPTION]... TRACE",
    .summary = "Find the smallest trace that still shows what TRACE shows (-: "
               "standard input):\na failed request with its verdict, or a "
               "policy that breaks down.",
    .options = reduce_table,
    .footer = "Example:\n"
              "  polished-trace reduce -a best-fit -m 64K -o small.json "
              "run.ptrace\n"
              "Exit codes: 0 fine, 1 it shows nothing, 2 usage, 3 bad trace, "
              "4 I/O.",
};

static void reduce_watch(void *context, const struct search_reduction *now)
{
    const struct sim_progress progress = {.done = search_lives_left(now->lives),
                                          .what = "left"};

    cli_progress_show(context, &progress);
}

/* The memory of a trace that is one piece at 0 may shrink, no other map. */
static void reduce_memory(const struct reduce_choice *choice,
                          const struct trace_header *header,
                          struct search_symptom *symptom)
{
    const struct trace_memory *map = header->memory;

    symptom->memory_bytes = choice->memory_bytes;
    symptom->fixed = choice->keep_memory;
    if (header->memory_count == 1 && map->base == 0 && !map->reserved) {
        if (symptom->memory_bytes == 0)
            symptom->memory_bytes = map->size_bytes;
    } else if (header->memory_count != 0) {
        symptom->map = map;
        symptom->map_count = header->memory_count;
        symptom->fixed = true;
    }
}

static int reduce_short(void)
{
    cli_message(reduce_program.name, "out of memory, or of processes");
    return CLI_INTERNAL;
}

static int reduce_nothing(const struct reduce_choice *choice,
                          const struct search_look *look)
{
    if (choice->other != NULL)
        cli_message(
            reduce_program.name,
            "%s needs %" PRIu64 " bytes, %s %" PRIu64 ": nothing to reduce",
            choice->spec, look->need_bytes, choice->other, look->other_bytes);
    else if (look->policy.outcome == SIM_UNSUITED)
        cli_message(reduce_program.name, "%s: %s", choice->spec,
                    look->policy.reason);
    else
        cli_message(reduce_program.name,
                    "%s shows nothing of the kind: nothing to reduce",
                    choice->spec);
    return CLI_BROKEN;
}

/* What is there to keep?  CLI_GO_ON, or what to exit with. */
static int reduce_find(const struct reduce_choice *choice,
                       struct search_reduction *reduction)
{
    struct search_symptom *symptom = &reduction->symptom;
    struct search_look *look = reduction->look;
    enum sim_verdict wanted = choice->verdict == 0
                                  ? SIM_VERDICT_COUNT
                                  : (enum sim_verdict)(choice->verdict - 1);
    bool given = symptom->memory_bytes != 0 || symptom->map != NULL;

    symptom->kind = choice->other != NULL ? SEARCH_WORSE
                    : given               ? SEARCH_BREAKS
                                          : SEARCH_FAILS;
    symptom->verdict = wanted;
    if (!search_symptom_shows(symptom, reduction->lives, look))
        return reduce_short();
    if (choice->other != NULL)
        return look->shows ? CLI_GO_ON : reduce_nothing(choice, look);
    symptom->memory_bytes = look->memory_bytes;
    return search_symptom_name(symptom, look, wanted) != 0
               ? CLI_GO_ON
               : reduce_nothing(choice, look);
}

/* What the trace shows now, and in which memory. */
static void reduce_tell(const struct search_reduction *reduction, size_t before)
{
    const struct search_symptom *symptom = &reduction->symptom;
    const struct search_look *best = &reduction->best;
    char events[REPORT_NUMBER_BYTES], left[REPORT_NUMBER_BYTES];
    char tries[REPORT_NUMBER_BYTES], what[2 * SIM_TEXT_BYTES];

    if (symptom->kind == SEARCH_WORSE)
        snprintf(what, sizeof what, "needs %" PRIu64 " bytes, %s %" PRIu64,
                 best->need_bytes, symptom->other, best->other_bytes);
    else
        snprintf(what, sizeof what, "%s in a heap of %" PRIu64 " bytes",
                 symptom->kind == SEARCH_FAILS
                     ? sim_verdict_name(symptom->verdict)
                     : symptom->what,
                 symptom->memory_bytes);
    cli_message(reduce_program.name, "%s events to %s in %s tries: %s %s",
                report_count(events, before),
                report_count(left, search_lives_left(reduction->lives)),
                report_count(tries, reduction->tries), symptom->spec, what);
    if (reduction->replayed >= reduction->most_events)
        cli_message(reduce_program.name,
                    "the budget is used up: more may be left out");
}

static int reduce_fill(void *context, struct trace_writer *writer)
{
    search_lives_write(context, writer);
    return CLI_FINE;
}

/* With the heap in its header the trace replays without an option. */
static int reduce_write(const struct reduce_choice *choice,
                        const struct trace_format *format,
                        const struct search_reduction *reduction)
{
    const struct search_symptom *symptom = &reduction->symptom;
    struct trace_header header = *trace_header_of(reduction->lives->reader);
    struct trace_memory memory = {.size_bytes = symptom->memory_bytes};

    header.source = (char *)reduce_program.name;
    header.spec = (char *)symptom->spec;
    header.align_bytes = symptom->align_bytes;
    header.dense = 0;
    if (symptom->map == NULL && symptom->kind != SEARCH_WORSE) {
        header.memory = &memory;
        header.memory_count = 1;
    }
    return cli_written(&choice->to, format, &header, reduce_fill,
                       reduction->lives);
}

static int reduce_work(const struct reduce_choice *choice,
                       const struct trace_format *format,
                       struct search_reduction *reduction)
{
    size_t before = search_lives_left(reduction->lives);
    struct cli_progress progress;
    int code = reduce_find(choice, reduction);

    if (code != CLI_GO_ON)
        return code;
    cli_progress_begin(&progress, choice->quiet);
    reduction->progress = reduce_watch;
    reduction->context = &progress;
    search_reduce(reduction);
    cli_progress_end(&progress);
    if (reduction->failed)
        return reduce_short();
    code = reduce_write(choice, format, reduction);
    if (code == CLI_FINE)
        reduce_tell(reduction, before);
    return code;
}

static int reduce_trace(const struct reduce_choice *choice,
                        const struct trace_format *format, const char *path)
{
    struct search_lives lives = {0};
    struct search_reduction reduction = {.lives = &lives,
                                         .most_events = choice->budget};
    struct trace_error error;
    struct trace_reader *reader =
        trace_open(path, choice->misuse ? TRACE_MISUSE : 0, &error);
    int code, fd;

    if (reader == NULL)
        return cli_fault(path, &error);
    reduction.symptom = (struct search_symptom){
        .spec = choice->spec,
        .other = choice->other,
        .percent = choice->percent,
        .align_bytes = choice->align_bytes,
        .timeout_seconds = (unsigned)choice->timeout_seconds};
    if (choice->align_bytes == 0)
        reduction.symptom.align_bytes = trace_header_of(reader)->align_bytes;
    if (reduction.symptom.align_bytes == 0)
        reduction.symptom.align_bytes = REDUCE_ALIGN_BYTES;
    reduction.look = sim_pages_shared(sizeof *reduction.look, &fd);
    if (!search_lives_read(&lives, reader, choice->misuse, &error)) {
        code = cli_fault(path, &error);
    } else if (reduction.look == NULL) {
        code = reduce_short();
    } else {
        reduce_memory(choice, trace_header_of(reader), &reduction.symptom);
        code = reduce_work(choice, format, &reduction);
    }
    search_lives_free(&lives);
    return code;
}

static int reduce_main(int argc, char **argv)
{
    const char *name = reduce_program.name;
    struct reduce_choice choice = {.to.program = name,
                                   .percent = REDUCE_PERCENT,
                                   .budget = SEARCH_REDUCE_EVENTS,
                                   .timeout_seconds = REDUCE_TIMEOUT};
    char message[SIM_SPEC_BYTES];
    const char *path;
    int code = cli_parse_trace(&reduce_program, argc, argv, &choice, &path);

    if (code != CLI_GO_ON)
        return code;
    if (choice.spec == NULL)
        return cli_usage(name, "no policy given: say -a SPEC");
    if ((choice.align_bytes & (choice.align_bytes - 1)) != 0)
        return cli_usage(name, "--align: no power of two");
    if (choice.other != NULL && (choice.verdict != 0 || choice.keep_memory))
        return cli_usage(name, "--worse-than needs no %s",
                         choice.verdict != 0 ? "--verdict" : "--keep-memory");
    if (sim_spec_missing(choice.spec, message, sizeof message)) {
        cli_message(name, "%s", message);
        return CLI_IO;
    }
    const struct trace_format *format = cli_written_format(&choice.to);
    return format == NULL ? CLI_USAGE
                          : reduce_trace(&choice, format, path);
}

const struct cli_verb cli_verb_reduce = {
    .name = "reduce",
    .summary = "find the smallest trace that shows the same",
    .run = reduce_main,
};
