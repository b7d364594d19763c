/* verb_worst.c - the command line of search/worst. */
#include "config.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "cli/progress.h"
#include "cli/verb.h"
#include "cli/written.h"
#include "report/number.h"
#include "search/bound.h"
#include "search/worst.h"
#include "sim/simulate.h"

enum {
    WORST_LIVE = 256,
    WORST_LARGEST = 16,
    WORST_UNIT_BYTES = 64,
    WORST_TELLS = 256 /* programs between two looks at the clock */
};
enum worst_most { WORST_MEMORY, WORST_STEPS };

struct worst_choice {
    struct cli_written to;
    const char *spec;
    int most;
    uint64_t live, largest, unit_bytes, memory_bytes, seed, budget;
    bool quiet;
};

static const char *const worst_mosts[] = {
    [WORST_MEMORY] = "memory", [WORST_STEPS] = "steps", NULL};

#define AT(member) .offset = offsetof(struct worst_choice, member)
static const struct cli_option worst_table[] = {
    {"allocator", 'a', CLI_TEXT, AT(spec), .argument = "SPEC",
     .help = "the policy", .check = sim_spec_check},
    {"most", 0, CLI_CHOICE, AT(most), .argument = "WHAT",
     .help = "memory (usual) or steps of one event", .choices = worst_mosts},
    {"live", 0, CLI_NUMBER, AT(live), .argument = "N",
     .help = "units alive at most (usual: 256)", .least = 1, .most = 1 << 16},
    {"largest", 0, CLI_NUMBER, AT(largest), .argument = "N",
     .help = "units of the largest block (usual: 16)", .least = 1,
     .most = 1 << 15},
    {"unit", 0, CLI_SIZE, AT(unit_bytes), .argument = "SIZE",
     .help = "of the smallest block, its header too (usual: 64)", .least = 16,
     .most = 1 << 20},
    {"memory", 'm', CLI_SIZE, AT(memory_bytes), .argument = "SIZE",
     .help = "with --most steps: the heap (usual: 4 times --live)", .least = 1},
    {"seed", 0, CLI_NUMBER, AT(seed), .argument = "N",
     .help = "another seed, another search (usual: 1)"},
    {"budget", 0, CLI_NUMBER, AT(budget), .argument = "EVENTS",
     .help = "replayed in all (usual: 20000000)", .least = 1},
    CLI_WRITTEN_OPTIONS(struct worst_choice, to),
    {"quiet", 'q', CLI_FLAG, AT(quiet), .help = "show no progress"},
    {.name = "help", .kind = CLI_HELP, .help = "print this help and exit"},
    {.name = NULL},
};
#undef AT

static const struct cli_program worst_program = {
    .name = "polished-trace worst",
    .usage = "-a SPEC [OPTION]...",
    .summary = "Search for the trace that makes a policy need the most memory "
               "for what is alive,\nor the most steps.",
    .options = worst_table,
    .footer = "The trace is written only if --output says where.\n"
              "Example:\n"
              "  polished-trace worst -a next-fit -o worst.json",
};

/* --- the trace --------------------------------------------------------- */

struct worst_writing {
    struct trace_writer *writer;
    bool good;
};

static void worst_watch(struct search_player *player, uint64_t id,
                        uint64_t size)
{
    struct worst_writing *writing = player->context;
    const struct search_rules *rules = &player->rules;
    struct trace_event event = {.op = TRACE_FREE, .id = id + 1};

    if (size != 0) {
        event.op = TRACE_ALLOC;
        event.size_bytes = size * rules->unit_bytes - rules->header_bytes;
    }
    writing->good = writing->good && trace_write(writing->writer, &event, 1);
}

static int worst_fill(void *context, struct trace_writer *writer)
{
    struct search_worst *worst = context;
    struct worst_writing writing = {writer, true};

    worst->player.watch = worst_watch;
    worst->player.context = &writing;
    search_player_play(&worst->player, &worst->best.program,
                       worst->steps ? worst->memory_bytes : worst->best.score);
    worst->player.watch = NULL;
    return CLI_FINE;
}

/* The command that finds it again, and the heap in which it fails. */
static int worst_write(const struct worst_choice *choice,
                       const struct trace_format *format,
                       struct search_worst *worst)
{
    struct trace_memory memory = {
        .size_bytes = worst->steps ? worst->memory_bytes : worst->best.score};
    char source[2 * SIM_SPEC_BYTES];
    const struct trace_header header = {.name = (char *)"worst",
                                        .source = source,
                                        .spec = (char *)choice->spec,
                                        .align_bytes = 16,
                                        .memory = &memory,
                                        .memory_count = 1};

    snprintf(source, sizeof source,
             "%s -a %s --most %s --live %" PRIu64 " --largest %" PRIu64
             " --unit %" PRIu64 " --seed %" PRIu64 " --budget %" PRIu64,
             worst_program.name, choice->spec, worst_mosts[choice->most],
             choice->live, choice->largest, choice->unit_bytes, choice->seed,
             choice->budget);
    return cli_written(&choice->to, format, &header, worst_fill, worst);
}

/* --- what was found ---------------------------------------------------- */

/* Data of so large a heap, for what is alive. */
static double worst_ratio(struct search_worst *worst, uint64_t bytes)
{
    const struct search_rules *rules = &worst->rules;
    const struct search_program none = {0};

    if (!search_player_play(&worst->player, &none, bytes))
        return 0;
    return (double)worst->player.data_bytes /
           (double)(rules->live * rules->unit_bytes);
}

static void worst_line(FILE *out, const char *label, double ratio,
                       const char *format, ...)
    __attribute__((format(printf, 4, 5)));

static void worst_line(FILE *out, const char *label, double ratio,
                       const char *format, ...)
{
    va_list arguments;

    fprintf(out, "%-14s %8.3f  ", label, ratio);
    va_start(arguments, format);
    vfprintf(out, format, arguments);
    va_end(arguments);
    putc('\n', out);
}

static void worst_tell_memory(FILE *out, struct search_worst *worst)
{
    const struct search_rules *rules = &worst->rules;
    const double live = (double)rules->live, largest = (double)rules->largest;
    const struct search_bound *bound =
        search_bound_of(rules->spec->layers[0].ops->name);
    char bytes[REPORT_NUMBER_BYTES];

    worst_line(out, "worst found", worst_ratio(worst, worst->best.score),
               "a heap of %s bytes is too small",
               report_count(bytes, worst->best.score));
    worst_line(out, "sieve", worst_ratio(worst, worst->sieve_score),
               "Robson's program alone");
    worst_line(out, "forced on all", search_bound_forced(live, largest) / live,
               "M (log2(n)/2 + 1) - n + 1; Robson 1974");
    if (bound != NULL)
        worst_line(out, "proven bound", bound->most(live, largest) / live,
                   "%s; %s", bound->formula, bound->source);
    else
        fputs("proven bound          -  none that we know\n", out);
}

static void worst_tell(FILE *out, const struct worst_choice *choice,
                       struct search_worst *worst)
{
    const struct search_rules *rules = &worst->rules;
    char events[REPORT_NUMBER_BYTES], live[REPORT_NUMBER_BYTES];

    fprintf(out,
            "%s: M = %" PRIu64 " units alive (%s bytes), blocks of 1 to n = "
            "%" PRIu64 " units of %" PRIu64 " bytes, %" PRIu64
            " of a block its header\n",
            choice->spec, rules->live,
            report_count(live, rules->live * rules->unit_bytes), rules->largest,
            rules->unit_bytes, rules->header_bytes);
    if (worst->steps)
        fprintf(out, "most steps     %8" PRIu64 "  of one event\n",
                worst->best.score);
    else
        worst_tell_memory(out, worst);
    fprintf(out, "a program of %zu records; %s events replayed\n",
            worst->best.program.count,
            report_count(events, worst->player.events));
}

/* --- the command line -------------------------------------------------- */

struct worst_bar {
    struct cli_progress progress;
    unsigned calls;
};

static void worst_show(void *context, const struct search_worst *now)
{
    struct worst_bar *bar = context;
    const struct sim_progress progress = {.done = now->player.events,
                                          .total = now->most_events,
                                          .what =
                                              now->steps ? "steps" : "memory"};

    if (bar->calls++ % WORST_TELLS == 0)
        cli_progress_show(&bar->progress, &progress);
}

static int worst_search(const struct worst_choice *choice,
                        const struct trace_format *format,
                        struct search_worst *worst)
{
    struct worst_bar bar = {.calls = 0};
    bool to_stdout = format != NULL && strcmp(choice->to.path, "-") == 0;
    int code = CLI_FINE;

    worst->progress = worst_show;
    worst->context = &bar;
    cli_progress_begin(&bar.progress, choice->quiet);
    bool fine = search_worst(worst);
    cli_progress_end(&bar.progress);
    if (!fine) {
        cli_message(worst_program.name, "out of memory");
        code = CLI_INTERNAL;
    } else {
        worst_tell(to_stdout ? stderr : stdout, choice, worst);
        if (format != NULL)
            code = worst_write(choice, format, worst);
    }
    search_worst_free(worst);
    return code;
}

static int worst_make(const struct worst_choice *choice,
                      const struct trace_format *format)
{
    static struct search_worst worst;
    static struct sim_spec spec;
    const char *name = worst_program.name;
    char why[SIM_TEXT_BYTES];
    uint64_t header_bytes;

    if (!sim_spec_parse(choice->spec, &spec, why, sizeof why))
        return cli_usage(name, "--allocator: %s", why);
    if (spec.host != NULL && spec.host->unbounded)
        return cli_usage(name, "%s has no heap of a given size", choice->spec);
    header_bytes = search_worst_header(&spec, choice->unit_bytes);
    if (header_bytes >= choice->unit_bytes)
        return cli_usage(name,
                         "%s cannot serve units of %" PRIu64
                         " bytes: say another --unit",
                         choice->spec, choice->unit_bytes);
    worst = (struct search_worst){
        .rules = {.spec = &spec,
                  .unit_bytes = choice->unit_bytes,
                  .header_bytes = header_bytes,
                  .live = choice->live,
                  .largest = choice->largest},
        .steps = choice->most == WORST_STEPS,
        .memory_bytes = choice->memory_bytes,
        .seed = choice->seed,
        .most_events = choice->budget,
    };
    if (worst.memory_bytes == 0)
        worst.memory_bytes = 4 * choice->live * choice->unit_bytes;
    return worst_search(choice, format, &worst);
}

static int worst_main(int argc, char **argv)
{
    const char *name = worst_program.name;
    const struct trace_format *format = NULL;
    struct worst_choice choice = {.to.program = name,
                                  .live = WORST_LIVE,
                                  .largest = WORST_LARGEST,
                                  .unit_bytes = WORST_UNIT_BYTES,
                                  .seed = 1,
                                  .budget = SEARCH_WORST_EVENTS};
    int operand;
    int code = cli_parse(&worst_program, argc, argv, &choice, &operand);

    if (code != CLI_GO_ON)
        return code;
    if (operand < argc)
        return cli_usage(name, "too many arguments, from %s on", argv[operand]);
    if (choice.spec == NULL)
        return cli_usage(name, "no policy given: say -a SPEC");
    if (choice.largest > choice.live)
        return cli_usage(name, "--largest is above --live");
    if (choice.to.path == NULL && choice.to.format != NULL)
        return cli_usage(name, "--to without --output");
    if (choice.to.path != NULL &&
        (format = cli_written_format(&choice.to)) == NULL)
        return CLI_USAGE;
    return worst_make(&choice, format);
}

const struct cli_verb cli_verb_worst = {
    .name = "worst",
    .summary = "search for the trace that is worst for a policy",
    .run = worst_main,
};
