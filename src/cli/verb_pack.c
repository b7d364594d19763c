/* verb_pack.c - the best placement of a trace, as CSV. */
#include "config.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "cli/fault.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/verb.h"
#include "search/optimum.h"
#include "sim/feed.h"

enum { PACK_EVENTS = 256, PACK_ALIGN_BYTES = 16 };

struct pack_choice {
    const char *path;
    uint64_t align_bytes;
    bool quick;
};

#define AT(member) .offset = offsetof(struct pack_choice, member)
static const struct cli_option pack_table[] = {
    {"output", 'o', CLI_TEXT, AT(path), .argument = "FILE",
     .help = "write to FILE (usual: standard output)"},
    {"align", 0, CLI_SIZE, AT(align_bytes), .argument = "N",
     .help = "alignment of requests that state none", .least = 1},
    {"quick", 0, CLI_FLAG, AT(quick), .help = "do not look for long"},
    {.name = "help", .kind = CLI_HELP, .help = "print this help and exit"},
    {.name = NULL},
};
#undef AT

static const struct cli_program pack_program = {
    .name = "polished-trace pack",
    .usage = "[OPTION]... TRACE",
    .summary = "Place all blocks of TRACE (-: standard input) in as little "
               "memory as possible.",
    .options = pack_table,
    .footer = "Writes CSV: id (the request's number), lower and upper (the "
              "events between\nwhich it is alive), size, offset.\n"
              "Example:\n"
              "  polished-trace pack -o best.csv run.ptrace\n"
              "  polished-trace verify best.csv",
};

/* All blocks of a trace; CLI_GO_ON, or what to exit with. */
static int pack_read(struct search_blocks *blocks, const char *path,
                     uint64_t align_bytes)
{
    static struct sim_feed feed;
    struct search_builder builder;
    struct trace_event events[PACK_EVENTS];
    struct trace_error error = {.kind = TRACE_FINE};
    struct trace_reader *reader = trace_open(path, 0, &error);
    size_t count;

    if (reader == NULL)
        return cli_fault(path, &error);
    if (align_bytes == 0)
        align_bytes = trace_header_of(reader)->align_bytes;
    if (align_bytes == 0)
        align_bytes = PACK_ALIGN_BYTES;
    search_build_begin(&builder, align_bytes);
    if (!sim_feed_open(&feed, reader, true, false, align_bytes))
        feed.error = (struct trace_error){.kind = TRACE_INTERNAL,
                                          .what = "out of memory"};
    else
        while ((count = sim_feed_read(&feed, events, PACK_EVENTS)) > 0)
            for (size_t i = 0; i < count; i++)
                search_build_add(&builder, &events[i]);
    enum search_build state = search_build_end(&builder, blocks);
    int code = CLI_GO_ON;
    if (feed.error.kind != TRACE_FINE) {
        code = cli_fault(path, &feed.error);
    } else if (state != SEARCH_BUILT) {
        cli_message(pack_program.name, "%s: %s", path,
                    search_build_text(state));
        code = state == SEARCH_SHORT_OF_MEMORY ? CLI_INTERNAL : CLI_BAD;
    }
    sim_feed_close(&feed);
    return code;
}

static void pack_print(FILE *out, const struct search_blocks *blocks,
                       const struct search_packing *packing)
{
    fputs("id,lower,upper,size,offset\n", out);
    for (size_t i = 0; i < blocks->count; i++) {
        const struct search_block *block = &blocks->blocks[i];
        fprintf(out, "%zu,%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 "\n",
                i + 1, block->lower, block->upper, block->size_bytes,
                packing->offsets[i]);
    }
}

static int pack_close(struct cli_output *output)
{
    bool unread = output->error == EPIPE;
    int failed = cli_output_close(output, true);

    if (unread || failed == 0)
        return CLI_FINE;
    cli_message(pack_program.name, "%s: %s", output->path, strerror(failed));
    return CLI_IO;
}

static int pack_work(struct cli_output *output, const char *path,
                     const struct pack_choice *choice)
{
    struct search_blocks blocks = {0};
    struct search_packing packing = {0};
    int code = pack_read(&blocks, path, choice->align_bytes);

    if (code == CLI_GO_ON &&
        !search_optimum(&packing, &blocks,
                        choice->quick ? &search_effort_quick
                                      : &search_effort_full)) {
        cli_message(pack_program.name, "out of memory");
        code = CLI_INTERNAL;
    }
    if (code == CLI_GO_ON) {
        pack_print(output->file, &blocks, &packing);
        code = pack_close(output);
    } else {
        cli_output_close(output, false);
    }
    search_packing_free(&packing);
    search_blocks_free(&blocks);
    return code;
}

static int pack_main(int argc, char **argv)
{
    static struct cli_output output;
    struct pack_choice choice = {.path = "-"};
    const char *path;
    int code = cli_parse_trace(&pack_program, argc, argv, &choice, &path);

    if (code != CLI_GO_ON)
        return code;
    if ((choice.align_bytes & (choice.align_bytes - 1)) != 0)
        return cli_usage(pack_program.name, "--align: no power of two");
    int failed = cli_output_open(&output, choice.path);
    if (failed == 0)
        return pack_work(&output, path, &choice);
    cli_output_close(&output, false);
    cli_message(pack_program.name, "%s: %s", choice.path, strerror(failed));
    return CLI_IO;
}

const struct cli_verb cli_verb_pack = {
    .name = "pack",
    .summary = "place all blocks in as little memory as possible",
    .run = pack_main,
};
