/* verb_generate.c - the command line of the generators. */
#include "config.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/fault.h"
#include "cli/generate.h"
#include "cli/verb.h"
#include "cli/written.h"
#include "search/model.h"

static const char generate_name[] = "polished-trace generate";

static void generate_kinds(FILE *out)
{
    fputs("Kinds:\n", out);
    for (size_t i = 0; search_generators[i] != NULL; i++)
        fprintf(out, "  %-18s %s\n", search_generators[i]->name,
                search_generators[i]->summary);
    putc('\n', out);
}

static const struct cli_option generate_table[] = {
    {.name = "help", .kind = CLI_HELP, .help = "print this help and exit"},
    {.name = NULL},
};

static const struct cli_program generate_program = {
    .name = generate_name,
    .usage = "KIND [OPTION]...",
    .summary = "Make a trace: the same options make the same one everywhere.",
    .options = generate_table,
    .body = generate_kinds,
    .footer = "'polished-trace generate KIND --help' tells the options.\n"
              "Examples:\n"
              "  polished-trace generate random --events 1000000 -o r.ptrace\n"
              "  polished-trace generate sieve --policy best-fit -o s.jsonl",
    .first_operand_ends = true,
};

/* The command that makes the same events, where to is left out. */
static char *generate_source(const struct search_generator *generator,
                             const struct cli_generate *choice)
{
    const struct search_values *values = &choice->values;
    char *text = NULL;
    size_t bytes;
    FILE *out = open_memstream(&text, &bytes);

    if (out == NULL)
        return NULL;
    fprintf(out, "%s %s", generate_name, generator->name);
    for (size_t i = 0; generator->knobs[i].name != NULL; i++) {
        const struct search_knob *knob = &generator->knobs[i];

        if (knob->form == SEARCH_FILE)
            fprintf(out, " --%s %s", knob->name, values->files[i]);
        else if (values->numbers[i] != knob->usual &&
                 knob->form == SEARCH_POLICY)
            fprintf(out, " --%s %s", knob->name,
                    search_models[values->numbers[i]]);
        else if (values->numbers[i] != knob->usual)
            fprintf(out, " --%s %" PRIu64, knob->name, values->numbers[i]);
    }
    fclose(out);
    return text;
}

/* What an adversary has forced, for whoever watches. */
static void generate_tell(const struct search_generator *generator,
                          const struct cli_generate *choice,
                          const struct search_emit *out)
{
    if (!generator->adapts || out->failed)
        return;
    cli_message(generate_name,
                "%s without headers needs %" PRIu64 " bytes for %" PRIu64
                " alive, %.3f times as many",
                search_models[choice->policies[1]], out->extent_bytes,
                out->live_bytes,
                (double)out->extent_bytes / (double)out->live_bytes);
}

/* A generator and what it is given. */
struct generate_work {
    const struct search_generator *generator;
    const struct cli_generate *choice;
};

static int generate_fill(void *context, struct trace_writer *writer)
{
    static struct search_emit out;
    const struct generate_work *work = context;
    const struct search_generator *generator = work->generator;
    const char *file = work->choice->values.files[1];
    bool good;

    out = (struct search_emit){.writer = writer};
    good = generator->run(&out, &work->choice->values);
    search_emit_flush(&out);
    if (!good && out.error.kind != TRACE_FINE)
        return cli_fault(file ? file : generator->name, &out.error);
    generate_tell(generator, work->choice, &out);
    return CLI_FINE;
}

/* What the table of options cannot judge. */
static int generate_judge(const char *name,
                          const struct search_generator *generator,
                          struct cli_generate *choice)
{
    const char *why;

    for (size_t i = 0; generator->knobs[i].name != NULL; i++) {
        const struct search_knob *knob = &generator->knobs[i];
        uint64_t *number = &choice->values.numbers[i];

        if (knob->form == SEARCH_POLICY)
            *number = (uint64_t)choice->policies[i];
        if (knob->form == SEARCH_POWER && (*number & (*number - 1)) != 0)
            return cli_usage(name, "--%s: no power of two", knob->name);
    }
    why = generator->judge ? generator->judge(&choice->values) : NULL;
    return why != NULL ? cli_usage(name, "%s", why) : CLI_GO_ON;
}

static int generate_make(const struct search_generator *generator,
                         const struct cli_generate *choice)
{
    const struct cli_written written = {generate_name, choice->format,
                                        choice->path};
    const struct trace_format *format = cli_written_format(&written);
    struct trace_header header = {.name = (char *)generator->name};
    struct generate_work work = {generator, choice};
    int code;

    if (format == NULL)
        return CLI_USAGE;
    if (generator->in_units)
        header.align_bytes = choice->values.numbers[0];
    if (generator->adapts)
        header.spec = (char *)search_models[choice->policies[1]];
    header.source = generate_source(generator, choice);
    code = cli_written(&written, format, &header, generate_fill, &work);
    free(header.source);
    return code;
}

/* The usual values overruled by the options: judged, and made a trace of. */
static int generate_run(const struct search_generator *generator, int argc,
                        char **argv)
{
    struct cli_option table[CLI_GENERATE_OPTIONS];
    struct cli_generate choice;
    char name[80];
    struct cli_program program = {.name = name,
                                  .usage = "[OPTION]...",
                                  .summary = generator->summary,
                                  .options = table};
    int operand, code;

    snprintf(name, sizeof name, "%s %s", generate_name, generator->name);
    cli_generate_table(generator, table, &choice);
    code = cli_parse(&program, argc, argv, &choice, &operand);
    if (code == CLI_GO_ON && operand < argc)
        code = cli_usage(name, "too many arguments, from %s on", argv[operand]);
    if (code == CLI_GO_ON)
        code = generate_judge(name, generator, &choice);
    return code == CLI_GO_ON ? generate_make(generator, &choice) : code;
}

static int generate_main(int argc, char **argv)
{
    const char *names[32] = {NULL}, *nearest;
    int operand;
    int code = cli_parse(&generate_program, argc, argv, NULL, &operand);

    if (code != CLI_GO_ON)
        return code;
    if (operand == argc)
        return cli_usage(generate_name, "no kind given");
    for (size_t i = 0; search_generators[i] != NULL; i++) {
        names[i] = search_generators[i]->name;
        if (strcmp(argv[operand], names[i]) == 0)
            return generate_run(search_generators[i], argc - operand,
                                argv + operand);
    }
    nearest = cli_nearest(argv[operand], names);
    return cli_usage(generate_name, "there is no kind %s%s%s%s", argv[operand],
                     nearest != NULL ? "; did you mean " : "",
                     nearest != NULL ? nearest : "",
                     nearest != NULL ? "?" : "");
}

const struct cli_verb cli_verb_generate = {
    .name = "generate",
    .summary = "make a trace by a rule",
    .run = generate_main,
};
