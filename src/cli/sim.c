/* sim.c - the program polished-sim: replay, compare, report. */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/best.h"
#include "cli/fault.h"
#include "cli/list.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/reports.h"
#include "search/min_heaps.h"
#include "sim/explain.h"
#include "sim/worker.h"

/* What the command line says. */
struct sim_choice {
    struct cli_list specs, reports;
    uint64_t memory_bytes, align_bytes;
    uint64_t from_event, to_event, explain_event;
    uint64_t jobs, timeout_seconds;
    int verify, color;
    bool misuse, time, list, quiet, min_heap, optimum, blame;
};

static const char *const sim_verify_names[] = {
    [SIM_VERIFY_NONE] = "none",
    [SIM_VERIFY_LAYOUT] = "layout",
    [SIM_VERIFY_FULL] = "full",
    NULL,
};

#define AT(member) .offset = offsetof(struct sim_choice, member)
static const struct cli_option sim_table[] = {
    {"allocator", 'a', CLI_LIST, AT(specs), .argument = "SPEC",
     .help = "policy or PLUGIN.so[:KNOB=VALUE,...]; repeatable",
     .check = sim_spec_check},
    {"memory", 'm', CLI_SIZE, AT(memory_bytes), .argument = "SIZE",
     .help = "the heap, such as 64K (usual: twice the peak)", .least = 1},
    {"align", 0, CLI_SIZE, AT(align_bytes), .argument = "N",
     .help = "alignment of requests that state none", .least = 1},
    {"min-heap", 0, CLI_FLAG, AT(min_heap),
     .help = "find the smallest safe heap of each policy"},
    {"verify", 0, CLI_CHOICE, AT(verify), .argument = "LEVEL",
     .help = "none, layout (usual) or full", .choices = sim_verify_names},
    {"optimum", 0, CLI_FLAG, AT(optimum),
     .help = "the best placement that exists, for long traces too"},
    {"blame", 0, CLI_FLAG, AT(blame),
     .help = "who fragments: sites or sizes, by their holes"},
    {"misuse", 0, CLI_FLAG, AT(misuse),
     .help = "pass the trace's own misuse on to the policy"},
    {"report", 0, CLI_LIST, AT(reports), .argument = "KIND[=FILE]",
     .help = "text (usual), others by --list; may be repeated",
     .check = cli_reports_check},
    {"from", 0, CLI_NUMBER, AT(from_event), .argument = "EVENT",
     .help = "measure from this event on", .least = 1},
    {"to", 0, CLI_NUMBER, AT(to_event), .argument = "EVENT",
     .help = "measure up to this event", .least = 1},
    {"explain", 0, CLI_NUMBER, AT(explain_event), .argument = "EVENT",
     .help = "what this event met, and who was in the way", .least = 1},
    {"time", 0, CLI_FLAG, AT(time), .help = "time the operations, too"},
    {"jobs", 'j', CLI_NUMBER, AT(jobs), .argument = "N",
     .help = "replays at once (usual: as many as processors)", .least = 1,
     .most = 1024},
    {"timeout", 0, CLI_NUMBER, AT(timeout_seconds), .argument = "SECONDS",
     .help = "end a policy that hangs; 0: never (usual: 60)", .most = 1000000},
    {"list", 0, CLI_FLAG, AT(list),
     .help = "list policies with their knobs, formats, reports"},
    {"quiet", 'q', CLI_FLAG, AT(quiet), .help = "show no progress"},
    {"color", 0, CLI_CHOICE, AT(color), .argument = "WHEN",
     .help = "auto (usual), always or never", .choices = cli_color_names},
    CLI_COMMON_OPTIONS,
    {.name = NULL},
};
#undef AT

static const struct cli_program sim_program = {
    .name = "polished-sim",
    .usage = "[OPTION]... TRACE...",
    .summary = "Replay traces of allocations (-: standard input) against "
               "allocator policies.",
    .options = sim_table,
};

/* A range and an alignment cannot be judged by one option alone. */
static int sim_judge(const struct sim_choice *choice, int operands)
{
    const char *name = sim_program.name;

    if (operands == 0)
        return cli_usage(name, "no trace given");
    if (choice->to_event != 0 && choice->to_event < choice->from_event)
        return cli_usage(name, "--to is before --from");
    if ((choice->align_bytes & (choice->align_bytes - 1)) != 0)
        return cli_usage(name, "--align: no power of two");
    return CLI_GO_ON;
}

/* A plug-in that is not there is no error of usage. */
static int sim_judge_files(const struct sim_choice *choice)
{
    char message[SIM_SPEC_BYTES];

    for (size_t i = 0; i < choice->specs.count; i++)
        if (sim_spec_missing(choice->specs.values[i], message,
                             sizeof message)) {
            cli_message(sim_program.name, "%s", message);
            return CLI_IO;
        }
    return CLI_GO_ON;
}

/* Did each policy keep its contract? */
static int sim_judge_run(const struct sim_run *run)
{
    static const int codes[SIM_OUTCOME_COUNT] = {
        [SIM_DEFECT] = CLI_BROKEN,
        [SIM_CRASHED] = CLI_BROKEN,
        [SIM_TIMEOUT] = CLI_BROKEN,
    };
    int code = CLI_FINE;

    for (size_t i = 0; i < run->policy_count; i++)
        if (codes[run->policies[i].outcome] > code)
            code = codes[run->policies[i].outcome];
    return code;
}

/* Up to so many events questions are asked that nobody put, with a part of
   the effort: they should not be felt. */
enum {
    SIM_SHORT_EVENTS = 20000,
    SIM_SHORT_BYTES = 1 << 22, /* no larger file is thought to be as short */
    SIM_UNASKED_SHARE = 25
};

/* A trace may be read while it is replayed, and then nothing can be asked. */
static bool sim_must_ask(const struct sim_choice *choice, const char *path)
{
    struct stat status;

    return choice->optimum || choice->min_heap || choice->blame ||
           choice->explain_event != 0 ||
           (stat(path, &status) == 0 && S_ISREG(status.st_mode) &&
            status.st_size <= SIM_SHORT_BYTES);
}

/* What takes many replays: if it was asked for, or costs little. */
static bool sim_ask(void *asker, struct sim_run *run,
                    const struct sim_ground *ground, struct trace_error *error)
{
    const struct sim_choice *choice = asker;
    bool is_short = run->trace.census.events <= SIM_SHORT_EVENTS;
    bool wants = choice->min_heap || choice->blame;
    const struct search_asked asked = {
        .most_steps = wants ? SEARCH_MIN_HEAP_STEPS
                            : SEARCH_MIN_HEAP_STEPS / SIM_UNASKED_SHARE,
        .blame = choice->blame,
    };

    if (choice->explain_event != 0 &&
        !sim_explain_sites(run, ground->spool, error))
        return false;
    if ((choice->optimum || is_short) &&
        !cli_best(run, ground, choice->optimum, sim_program.name, error))
        return false;
    return (!wants && !is_short) ||
           search_min_heaps(run, ground, &asked, error);
}

/* Replay each trace; a bad one is told and left out.  The worst code. */
static int sim_replay(struct sim_result *result, struct sim_choice *choice,
                      char **paths, int count)
{
    struct cli_progress progress;
    struct sim_options options = {
        .specs = choice->specs.count > 0 ? choice->specs.values : NULL,
        .spec_count = choice->specs.count,
        .memory_bytes = choice->memory_bytes,
        .align_bytes = choice->align_bytes,
        .verify = (enum sim_verify)choice->verify,
        .misuse = choice->misuse,
        .time = choice->time,
        .from_event = choice->from_event,
        .to_event = choice->to_event,
        .explain_event = choice->explain_event,
        .jobs = (unsigned)choice->jobs,
        .timeout_seconds = (unsigned)choice->timeout_seconds,
        .progress = cli_progress_show,
        .context = &progress,
        .ask = sim_ask,
        .asker = choice,
    };
    int worst = CLI_FINE;

    for (int i = 0; i < count; i++) {
        struct sim_run *run = &result->runs[result->run_count];
        struct trace_error error = {.kind = TRACE_FINE};
        options.must_ask = sim_must_ask(choice, paths[i]);
        cli_progress_begin(&progress, choice->quiet);
        bool done = sim_run_trace(run, paths[i], &options, &error);
        cli_progress_end(&progress);
        int code = done ? sim_judge_run(run) : cli_fault(paths[i], &error);
        result->run_count += done;
        worst = code > worst ? code : worst;
    }
    return worst;
}

static int sim_work(struct sim_choice *choice, char **paths, int count)
{
    static struct cli_reports reports;
    struct sim_result result = {NULL, 0};
    int code = cli_reports_open(&reports, sim_program.name, &choice->reports);

    if (code != CLI_GO_ON)
        return code;
    result.runs = calloc((size_t)count, sizeof *result.runs);
    if (result.runs == NULL) {
        cli_reports_close(&reports, sim_program.name, NULL, CLI_COLOR_NEVER);
        cli_message(sim_program.name, "out of memory");
        return CLI_INTERNAL;
    }
    code = sim_replay(&result, choice, paths, count);
    int written = cli_reports_close(&reports, sim_program.name,
                                    result.run_count > 0 ? &result : NULL,
                                    (enum cli_color)choice->color);
    for (size_t i = 0; i < result.run_count; i++)
        sim_run_free(&result.runs[i]);
    free(result.runs);
    return written > code ? written : code;
}

/* Longer than what stdio keeps, so it would not know why a write failed. */
static int sim_list(void)
{
    struct cli_output output;
    int error = cli_output_open(&output, "-");

    if (error == 0) {
        cli_list_print(output.file);
        error = cli_output_close(&output, true);
    }
    if (error != 0)
        cli_message(sim_program.name, "%s: %s", output.path, strerror(error));
    return error == 0 ? CLI_FINE : CLI_IO;
}

int main(int argc, char **argv)
{
    static struct sim_choice choice = {
        .verify = SIM_VERIFY_LAYOUT,
        .timeout_seconds = 60,
    };
    int operand;

    sim_worker(argc, argv);
    cli_terminal_prepare();
    cli_output_prepare();
    int code = cli_parse(&sim_program, argc, argv, &choice, &operand);
    if (code != CLI_GO_ON)
        return cli_finish(sim_program.name, code);
    if (choice.list)
        return sim_list();
    code = sim_judge(&choice, argc - operand);
    if (code == CLI_GO_ON)
        code = sim_judge_files(&choice);
    if (code != CLI_GO_ON)
        return code;
    return sim_work(&choice, argv + operand, argc - operand);
}
