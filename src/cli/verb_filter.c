/* verb_filter.c - the lifetimes of a trace that match, and no others. */
#include "config.h"

#include <fnmatch.h>
#include <stdlib.h>

#include "cli/fault.h"
#include "cli/verb.h"
#include "cli/written.h"
#include "search/lives.h"

struct filter_choice {
    struct cli_written to;
    struct cli_list threads, heaps;
    const char *site;
    uint64_t least_bytes, most_bytes, first_event, last_event;
    bool invert, misuse;
};

static bool filter_check_number(const char *value, char *message,
                                size_t message_bytes)
{
    char *end;

    (void)strtoull(value, &end, 0);
    if (end != value && *end == '\0')
        return true;
    snprintf(message, message_bytes, "\"%.64s\" is no number", value);
    return false;
}

#define AT(member) .offset = offsetof(struct filter_choice, member)
static const struct cli_option filter_table[] = {
    {"site", 0, CLI_TEXT, AT(site), .argument = "PATTERN",
     .help = "allocated by a site such as 'parse*'"},
    {"least", 0, CLI_SIZE, AT(least_bytes), .argument = "SIZE",
     .help = "of so many bytes at least"},
    {"most", 0, CLI_SIZE, AT(most_bytes), .argument = "SIZE",
     .help = "of so many bytes at most"},
    {"thread", 0, CLI_LIST, AT(threads), .argument = "N",
     .help = "allocated by this thread; repeatable",
     .check = filter_check_number},
    {"heap", 0, CLI_LIST, AT(heaps), .argument = "N",
     .help = "in this heap; repeatable", .check = filter_check_number},
    {"first", 0, CLI_NUMBER, AT(first_event), .argument = "EVENT",
     .help = "alive at this event or later", .least = 1},
    {"last", 0, CLI_NUMBER, AT(last_event), .argument = "EVENT",
     .help = "what comes later is left out", .least = 1},
    {"invert", 'v', CLI_FLAG, AT(invert),
     .help = "those that do not match (but --first, --last)"},
    {"misuse", 0, CLI_FLAG, AT(misuse),
     .help = "accept misuse, such as a block freed twice"},
    CLI_WRITTEN_OPTIONS(struct filter_choice, to),
    {.name = "help", .kind = CLI_HELP, .help = "print this help and exit"},
    {.name = NULL},
};
#undef AT

static const struct cli_program filter_program = {
    .name = "polished-trace filter",
    .usage = "[OPTION]... TRACE",
    .summary = "Write the lifetimes of TRACE (-: standard input) that match "
               "all options: an alloc\nwith its reallocs and its free.",
    .options = filter_table,
    .footer = "Examples:\n"
              "  polished-trace filter --least 64K -o large.ptrace run.ptrace\n"
              "  polished-trace filter --first 1000 --last 2000 run.jsonl",
};

/* Is the number one of the list?  An empty list has all. */
static bool filter_listed(const struct cli_list *list, uint64_t number)
{
    for (size_t i = 0; i < list->count; i++)
        if (strtoull(list->values[i], NULL, 0) == number)
            return true;
    return list->count == 0;
}

static bool filter_site(const struct filter_choice *choice,
                        const struct trace_reader *reader,
                        const struct trace_event *event)
{
    return choice->site == NULL ||
           fnmatch(choice->site,
                   event->has & TRACE_HAS_SITE ? trace_text(reader, event->site)
                                               : "",
                   0) == 0;
}

static bool filter_matches(const struct filter_choice *choice,
                           const struct trace_reader *reader,
                           const struct trace_event *event)
{
    uint64_t heap = event->has & TRACE_HAS_HEAP ? event->heap : 0;
    bool threaded = (event->has & TRACE_HAS_THREAD) != 0;

    return event->size_bytes >= choice->least_bytes &&
           event->size_bytes <= choice->most_bytes &&
           filter_listed(&choice->heaps, heap) &&
           (threaded ? filter_listed(&choice->threads, event->thread)
                     : choice->threads.count == 0) &&
           filter_site(choice, reader, event);
}

/* Has the unit ended before the range?  Only a free tells. */
static bool filter_early(const struct filter_choice *choice,
                         const struct search_lives *lives, size_t unit)
{
    uint32_t at = lives->firsts[unit];

    while (lives->nexts[at] != 0)
        at = lives->nexts[at];
    return at + UINT64_C(1) < choice->first_event &&
           lives->events[at].op == TRACE_FREE;
}

static void filter_units(const struct filter_choice *choice,
                         struct search_lives *lives)
{
    for (size_t unit = 0; unit < lives->units; unit++) {
        const struct trace_event *event = &lives->events[lives->firsts[unit]];
        bool drop =
            event->op == TRACE_ALLOC &&
            filter_matches(choice, lives->reader, event) == choice->invert;

        search_lives_drop(lives, unit,
                          drop || filter_early(choice, lives, unit));
    }
    for (size_t i = choice->last_event; i < lives->count; i++)
        lives->gone[i] |= SEARCH_GONE_LATE;
}

static int filter_fill(void *context, struct trace_writer *writer)
{
    search_lives_write(context, writer);
    return CLI_FINE;
}

static int filter_trace(const struct filter_choice *choice,
                        const struct trace_format *format, const char *path)
{
    struct search_lives lives = {0};
    struct trace_header header;
    struct trace_error error;
    struct trace_reader *reader =
        trace_open(path, choice->misuse ? TRACE_MISUSE : 0, &error);
    int code;

    if (reader == NULL)
        return cli_fault(path, &error);
    if (search_lives_read(&lives, reader, choice->misuse, &error)) {
        filter_units(choice, &lives);
        header = *trace_header_of(reader);
        header.dense = 0;
        code = cli_written(&choice->to, format, &header, filter_fill, &lives);
    } else {
        code = cli_fault(path, &error);
    }
    search_lives_free(&lives);
    return code;
}

static int filter_main(int argc, char **argv)
{
    const char *name = filter_program.name;
    struct filter_choice choice = {
        .to.program = name, .most_bytes = UINT64_MAX, .last_event = UINT64_MAX};
    const char *path;
    int code = cli_parse_trace(&filter_program, argc, argv, &choice, &path);

    if (code != CLI_GO_ON)
        return code;
    if (choice.least_bytes > choice.most_bytes)
        return cli_usage(name, "--least is above --most");
    if (choice.last_event < choice.first_event)
        return cli_usage(name, "--last is before --first");
    const struct trace_format *format = cli_written_format(&choice.to);
    return format == NULL ? CLI_USAGE
                          : filter_trace(&choice, format, path);
}

const struct cli_verb cli_verb_filter = {
    .name = "filter",
    .summary = "write the lifetimes that match",
    .run = filter_main,
};
