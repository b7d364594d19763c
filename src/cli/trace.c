/* trace.c - the program polished-trace: verbs that work on traces. */
#include "config.h"

#include <string.h>

#include "cli/options.h"
#include "cli/output.h"
#include "cli/terminal.h"
#include "cli/verb.h"

#define CLI_VERB(name) &cli_verb_##name,
static const struct cli_verb *const trace_verbs[] = {
#include "cli/verb.def"
    NULL,
};
#undef CLI_VERB
enum { TRACE_VERBS = sizeof trace_verbs / sizeof *trace_verbs };

static void trace_print_verbs(FILE *out)
{
    fputs("Verbs:\n", out);
    for (size_t i = 0; trace_verbs[i] != NULL; i++)
        fprintf(out, "  %-10s %s\n", trace_verbs[i]->name,
                trace_verbs[i]->summary);
    putc('\n', out);
}

static const struct cli_option trace_table[] = {
    CLI_COMMON_OPTIONS,
    {.name = NULL},
};

static const struct cli_program trace_program = {
    .name = "polished-trace",
    .usage = "VERB [OPTION]... TRACE...",
    .summary = "Look at traces of allocations, and turn them into others.",
    .options = trace_table,
    .body = trace_print_verbs,
    .footer = "'polished-trace VERB --help' says more about each.\n"
              "Exit codes: 0 fine, 2 usage, 3 bad trace, 4 I/O.",
    .first_operand_ends = true,
};

static int trace_run(int argc, char **argv)
{
    const char *names[TRACE_VERBS] = {NULL}, *nearest;

    if (argc == 0)
        return cli_usage(trace_program.name, "no verb given");
    for (size_t i = 0; trace_verbs[i] != NULL; i++) {
        names[i] = trace_verbs[i]->name;
        if (strcmp(argv[0], names[i]) == 0)
            return trace_verbs[i]->run(argc, argv);
    }
    nearest = cli_nearest(argv[0], names);
    return cli_usage(trace_program.name, "there is no verb %s%s%s%s", argv[0],
                     nearest != NULL ? "; did you mean " : "",
                     nearest != NULL ? nearest : "",
                     nearest != NULL ? "?" : "");
}

int main(int argc, char **argv)
{
    int operand;

    cli_terminal_prepare();
    cli_output_prepare();
    int code = cli_parse(&trace_program, argc, argv, NULL, &operand);
    if (code == CLI_GO_ON)
        code = trace_run(argc - operand, argv + operand);
    return cli_finish(trace_program.name, code);
}
