/* verb_convert.c - the command line of a conversion. */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "cli/convert.h"
#include "cli/fault.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/verb.h"
#include "polished/policies.h"
#include "sim/operation_trace.h"

struct convert_choice {
    const char *format, *path, *operations;
    bool misuse;
};

/* The policy that a fuzz target was for; "any": its input says which. */
static bool convert_check_policy(const char *value, char *message,
                                 size_t message_bytes)
{
    if (strcmp(value, "any") == 0 || polished_policy(value) != NULL)
        return true;
    snprintf(message, message_bytes, "no policy has the name");
    return false;
}

static bool convert_check_format(const char *value, char *message,
                                 size_t message_bytes)
{
    const struct trace_format *format = trace_format_named(value);

    if (format != NULL && format->create != NULL)
        return true;
    int length =
        snprintf(message, message_bytes, "\"%.64s\" is none of", value);
    const char *comma = "";
    for (size_t i = 0; trace_formats[i] != NULL; i++) {
        if (trace_formats[i]->create == NULL)
            continue;
        length += snprintf(message + length, message_bytes - (size_t)length,
                           "%s %s", comma, trace_formats[i]->name);
        comma = ",";
    }
    return false;
}

#define AT(member) .offset = offsetof(struct convert_choice, member)
static const struct cli_option convert_table[] = {
    {"to", 0, CLI_TEXT, AT(format), .argument = "FORMAT",
     .help = "a format to write (usual: by the name of OUT)",
     .check = convert_check_format},
    {"output", 'o', CLI_TEXT, AT(path), .argument = "FILE",
     .help = "the same as OUT; -: standard output"},
    {"misuse", 0, CLI_FLAG, AT(misuse),
     .help = "accept misuse, such as a block freed twice"},
    {"operations", 0, CLI_TEXT, AT(operations), .argument = "POLICY",
     .help = "IN is what fuzz_alloc found in it",
     .check = convert_check_policy},
    {.name = "help", .kind = CLI_HELP, .help = "print this help and exit"},
    {.name = NULL},
};
#undef AT

static const struct cli_program convert_program = {
    .name = "polished-trace convert",
    .usage = "[OPTION]... IN [OUT]",
    .summary = "Write the events of IN (-: standard input) in another format.",
    .options = convert_table,
    .footer = "Examples:\n"
              "  polished-trace convert run.ptrace run.jsonl\n"
              "  polished-trace convert --to json run.rep | less",
};

/* End the output: put it in its place, or leave nothing behind. */
static int convert_close(struct cli_output *output,
                         const struct trace_error *error)
{
    bool unread = output->error == EPIPE;
    int failed = cli_output_close(output, error->kind == TRACE_FINE);

    if (unread)
        return CLI_FINE;
    if (failed != 0) {
        cli_message(convert_program.name, "%s: %s", output->path,
                    strerror(failed));
        return CLI_IO;
    }
    return error->kind == TRACE_FINE ? CLI_FINE
                                     : cli_fault(output->path, error);
}

/* All of a small file; what does not fit is left out, as targets do. */
static bool convert_read(const char *in, uint8_t *bytes, size_t *size)
{
    FILE *file = strcmp(in, "-") == 0 ? stdin : fopen(in, "rb");

    if (file == NULL)
        return false;
    *size = fread(bytes, 1, *size, file);
    return fclose(file) == 0;
}

/* The same for the operations of a fuzzer. */
static int convert_operations(const char *in, struct cli_output *output,
                              const struct trace_format *format,
                              const char *policy)
{
    static uint8_t bytes[1 << 16];
    size_t size = sizeof bytes;
    struct trace_error error = {.kind = TRACE_FINE};

    if (!convert_read(in, bytes, &size)) {
        cli_output_close(output, false);
        cli_message(convert_program.name, "%s: %s", in, strerror(errno));
        return CLI_IO;
    }
    if (sim_operation_trace(polished_policy(policy), bytes, size, output->file,
                            format->name, &error))
        return convert_close(output, &error);
    cli_output_close(output, false);
    return cli_fault(in, &error);
}

/* Convert one trace into an output that is open. */
static int convert_work(const char *in, struct cli_output *output,
                        const struct trace_format *format, bool misuse)
{
    struct trace_error read = {.kind = TRACE_FINE}, wrote = read;

    if (cli_convert(in, output->file, format, misuse, &read, &wrote))
        return convert_close(output, &wrote);
    cli_output_close(output, false);
    return cli_fault(in, &read);
}

static int convert_open(const char *in, const char *out,
                        const struct trace_format *format,
                        const struct convert_choice *choice)
{
    static struct cli_output output;
    int failed = cli_output_open(&output, out);

    if (failed == 0 && choice->operations != NULL)
        return convert_operations(in, &output, format, choice->operations);
    if (failed == 0)
        return convert_work(in, &output, format, choice->misuse);
    cli_output_close(&output, false);
    cli_message(convert_program.name, "%s: %s", out, strerror(failed));
    return CLI_IO;
}

/* Which format OUT is to have; NULL: its name does not tell. */
static const struct trace_format *
convert_format(const struct convert_choice *choice)
{
    const char *name = choice->format;

    if (name == NULL && strcmp(choice->path, "-") == 0)
        return trace_formats[0];
    if (name == NULL)
        name = trace_format_for(choice->path);
    return name != NULL ? trace_format_named(name) : NULL;
}

static int convert_main(int argc, char **argv)
{
    const char *name = convert_program.name;
    struct convert_choice choice = {.format = NULL};
    int operand;
    int code = cli_parse(&convert_program, argc, argv, &choice, &operand);

    if (code != CLI_GO_ON)
        return code;
    if (operand == argc)
        return cli_usage(name, "no trace given");
    const char *in = argv[operand++];
    if (operand < argc && choice.path != NULL)
        return cli_usage(name, "both --output and OUT given");
    if (operand < argc)
        choice.path = argv[operand++];
    if (operand < argc)
        return cli_usage(name, "too many arguments, from %s on", argv[operand]);
    if (choice.path == NULL)
        choice.path = "-";
    const struct trace_format *format = convert_format(&choice);
    if (format == NULL)
        return cli_usage(name, "the name %s tells no format; say --to FORMAT",
                         choice.path);
    return convert_open(in, choice.path, format, &choice);
}

const struct cli_verb cli_verb_convert = {
    .name = "convert",
    .summary = "write a trace in another format",
    .run = convert_main,
};
