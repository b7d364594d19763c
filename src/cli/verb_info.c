/* verb_info.c - what can be said of a trace without any heap. */
#include "config.h"

#include <string.h>

#include "cli/fault.h"
#include "cli/info.h"
#include "cli/options.h"
#include "cli/verb.h"
#include "sim/feed.h"
#include "trace/idmap.h"

enum { INFO_EVENTS = 256, INFO_ALIGN_BYTES = 16 };

static const struct trace_error info_short = {.kind = TRACE_INTERNAL,
                                              .what = "out of memory"};

struct info_met {
    struct idmap threads, sites;
};

struct info_choice {
    bool json, misuse;
};

#define AT(member) .offset = offsetof(struct info_choice, member)
static const struct cli_option info_table[] = {
    {"json", 0, CLI_FLAG, AT(json), .help = "write a JSON document"},
    {"misuse", 0, CLI_FLAG, AT(misuse),
     .help = "accept misuse, such as a block freed twice"},
    {.name = "help", .kind = CLI_HELP, .help = "print this help and exit"},
    {.name = NULL},
};
#undef AT

static const struct cli_program info_program = {
    .name = "polished-trace info",
    .usage = "[OPTION]... TRACE...",
    .summary = "Count what is in traces (-: standard input), and check them.",
    .options = info_table,
    .footer = "Examples:\n"
              "  polished-trace info traces/*.ptrace\n"
              "  polished-trace info --json run.jsonl",
};

/* Numbers as they were met, each once.  false: out of memory. */
static bool info_meet(struct idmap *met, uint64_t number)
{
    return trace_idmap_put(met, number) != NULL;
}

static bool info_event(struct cli_info *info, struct info_met *met,
                       const struct trace_event *event)
{
    if (event->has & TRACE_IS_IMPLIED)
        return true;
    info->ops[event->op]++;
    return (!(event->has & TRACE_HAS_THREAD) ||
            info_meet(&met->threads, event->thread)) &&
           (!(event->has & TRACE_HAS_SITE) ||
            info_meet(&met->sites, event->site));
}

/* Read all events through feed. */
static bool info_count(struct cli_info *info, struct sim_feed *feed)
{
    struct trace_event events[INFO_EVENTS];
    struct info_met met = {.threads = {0}};
    size_t count;

    while (feed->error.kind == TRACE_FINE &&
           (count = sim_feed_read(feed, events, INFO_EVENTS)) > 0)
        for (size_t i = 0; i < count; i++)
            if (!info_event(info, &met, &events[i]))
                feed->error = info_short;
    info->census = feed->census;
    info->threads = met.threads.count;
    info->sites = met.sites.count;
    trace_idmap_close(&met.threads);
    trace_idmap_close(&met.sites);
    return feed->error.kind == TRACE_FINE;
}

/* Count one trace, and print what came of it. */
static int info_trace(struct cli_info_sink *sink, const char *path, bool misuse)
{
    static struct sim_feed feed;
    struct cli_info info = {.path = path};
    struct trace_error error = {.kind = TRACE_FINE};
    struct trace_reader *reader =
        trace_open(path, misuse ? TRACE_MISUSE : 0, &error);

    if (reader == NULL)
        return cli_fault(path, &error);
    info.header = trace_header_of(reader);
    info.format = trace_format_name(reader);
    uint64_t align = info.header->align_bytes;
    bool good = sim_feed_open(&feed, reader, true, misuse,
                              align != 0 ? align : INFO_ALIGN_BYTES);
    if (!good)
        feed.error = info_short;
    int code = good && info_count(&info, &feed) ? CLI_FINE
                                                : cli_fault(path, &feed.error);
    if (code == CLI_FINE)
        cli_info_add(sink, &info);
    sim_feed_close(&feed);
    return code;
}

static int info_main(int argc, char **argv)
{
    struct info_choice choice = {false, false};
    struct cli_info_sink sink;
    int operand;
    int worst = cli_parse(&info_program, argc, argv, &choice, &operand);

    if (worst != CLI_GO_ON)
        return worst;
    if (operand == argc)
        return cli_usage(info_program.name, "no trace given");
    cli_info_begin(&sink, stdout, choice.json);
    for (worst = CLI_FINE; operand < argc; operand++) {
        int code = info_trace(&sink, argv[operand], choice.misuse);
        worst = code > worst ? code : worst;
    }
    if (cli_info_end(&sink))
        return worst;
    cli_message(info_program.name, "out of memory");
    return CLI_INTERNAL;
}

const struct cli_verb cli_verb_info = {
    .name = "info",
    .summary = "count what is in a trace, and check it",
    .run = info_main,
};
