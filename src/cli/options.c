/* options.c - getopt_long, fed from a table. */
#include "config.h"

#include "cli/options.h"

#include <getopt.h>
#include <inttypes.h>
#include <string.h>

#include "sim/size.h"

enum {
    OPTIONS_MOST = 64,
    OPTIONS_FIRST = 256, /* what getopt_long answers for the first row */
    OPTIONS_MESSAGE_BYTES = 512
};

/* The table in getopt_long's words. */
struct options_table {
    struct option longs[OPTIONS_MOST + 1];
    char shorts[2 * OPTIONS_MOST + 3];
    const char *names[OPTIONS_MOST + 1];
};

static void options_translate(struct options_table *table,
                              const struct cli_program *program)
{
    size_t count = 0, used = 0;

    memset(table, 0, sizeof *table);
    if (program->first_operand_ends)
        table->shorts[used++] = '+';
    table->shorts[used++] = ':';
    for (const struct cli_option *row = program->options;
         row->name != NULL && count < OPTIONS_MOST; row++, count++) {
        bool takes = row->argument != NULL;
        table->names[count] = row->name;
        table->longs[count] =
            (struct option){row->name, takes ? required_argument : no_argument,
                            NULL, OPTIONS_FIRST + (int)count};
        if (row->letter == 0)
            continue;
        table->shorts[used++] = row->letter;
        if (takes)
            table->shorts[used++] = ':';
    }
}

/* The row that getopt_long means by what it answered. */
static const struct cli_option *options_row(const struct cli_program *program,
                                            int answer)
{
    const struct cli_option *row = program->options;

    if (answer >= OPTIONS_FIRST)
        return row + (answer - OPTIONS_FIRST);
    while (row->name != NULL && row->letter != (char)answer)
        row++;
    return row;
}

/* An unknown option, or one with a value that takes none. */
static int options_unknown(const struct cli_program *program,
                           const struct options_table *table, const char *word)
{
    char name[OPTIONS_MESSAGE_BYTES];

    if (optopt >= OPTIONS_FIRST)
        return cli_usage(program->name, "--%s takes no value",
                         options_row(program, optopt)->name);
    if (optopt != 0)
        return cli_usage(program->name, "there is no option -%c", optopt);
    size_t length = strcspn(word + 2, "=");
    snprintf(name, sizeof name, "%.*s", (int)length, word + 2);
    for (const char *const *known = table->names; *known != NULL; known++)
        if (strncmp(*known, name, length) == 0)
            return cli_usage(program->name, "--%s may mean several options",
                             name);
    const char *nearest = cli_nearest(name, table->names);
    return cli_usage(program->name, "there is no option --%s%s%s%s", name,
                     nearest != NULL ? "; did you mean --" : "",
                     nearest != NULL ? nearest : "",
                     nearest != NULL ? "?" : "");
}

static int options_wrong(const struct cli_program *program,
                         const struct cli_option *row, const char *why)
{
    return cli_usage(program->name, "--%s: %s", row->name, why);
}

static int options_number(const struct cli_program *program,
                          const struct cli_option *row, const char *value,
                          uint64_t *number)
{
    char why[OPTIONS_MESSAGE_BYTES];
    uint64_t most = row->most != 0 ? row->most : UINT64_MAX;
    bool decimal = strspn(value, "0123456789") == strlen(value);
    bool good =
        (row->kind == CLI_SIZE || decimal) && sim_size_parse(value, number);

    if (good && *number >= row->least && *number <= most)
        return CLI_GO_ON;
    if (!good && row->kind == CLI_SIZE)
        snprintf(why, sizeof why,
                 "\"%.64s\" is no size such as 4096, 64K, 2M "
                 "or 0x1000",
                 value);
    else if (!good)
        snprintf(why, sizeof why, "\"%.64s\" is no whole number", value);
    else if (*number < row->least)
        snprintf(why, sizeof why, "%.64s is less than %" PRIu64, value,
                 row->least);
    else
        snprintf(why, sizeof why, "%.64s is more than %" PRIu64, value, most);
    return options_wrong(program, row, why);
}

static int options_choice(const struct cli_program *program,
                          const struct cli_option *row, const char *value,
                          int *index)
{
    char why[OPTIONS_MESSAGE_BYTES];
    int length;

    for (*index = 0; row->choices[*index] != NULL; ++*index)
        if (strcmp(row->choices[*index], value) == 0)
            return CLI_GO_ON;
    length = snprintf(why, sizeof why, "\"%.64s\" is none of", value);
    for (int i = 0; row->choices[i] != NULL; i++)
        length += snprintf(why + length, sizeof why - (size_t)length, "%s %s",
                           i > 0 ? "," : "", row->choices[i]);
    return options_wrong(program, row, why);
}

static int options_text(const struct cli_program *program,
                        const struct cli_option *row, const char *value,
                        const char **text)
{
    char why[OPTIONS_MESSAGE_BYTES];

    *text = value;
    if (row->check == NULL || row->check(value, why, sizeof why))
        return CLI_GO_ON;
    return options_wrong(program, row, why);
}

static int options_list(const struct cli_program *program,
                        const struct cli_option *row, const char *value,
                        struct cli_list *list)
{
    if (list->count == CLI_LIST_MOST)
        return options_wrong(program, row, "given too often");
    return options_text(program, row, value, &list->values[list->count++]);
}

static int options_store(const struct cli_program *program,
                         const struct cli_option *row, const char *value,
                         void *into)
{
    void *member = into != NULL ? (char *)into + row->offset : NULL;

    switch (row->kind) {
    case CLI_FLAG:
        *(bool *)member = true;
        return CLI_GO_ON;
    case CLI_NUMBER:
    case CLI_SIZE:
        return options_number(program, row, value, member);
    case CLI_CHOICE:
        return options_choice(program, row, value, member);
    case CLI_TEXT:
        return options_text(program, row, value, member);
    case CLI_LIST:
        return options_list(program, row, value, member);
    case CLI_HELP:
        cli_help(stdout, program);
        return CLI_FINE;
    case CLI_VERSION:
        printf("%s %s\n", program->name, VERSION);
        return CLI_FINE;
    }
    return CLI_INTERNAL;
}

int cli_parse(const struct cli_program *program, int argc, char **argv,
              void *into, int *operand)
{
    struct options_table table;
    int answer, code = CLI_GO_ON;

    options_translate(&table, program);
    optind = 0; /* glibc: begin anew */
    opterr = 0;
    while (code == CLI_GO_ON) {
        answer = getopt_long(argc, argv, table.shorts, table.longs, NULL);
        if (answer == -1)
            break;
        if (answer == ':')
            code =
                cli_usage(program->name, "%s needs a value", argv[optind - 1]);
        else if (answer == '?')
            code = options_unknown(program, &table, argv[optind - 1]);
        else
            code = options_store(program, options_row(program, answer), optarg,
                                 into);
    }
    *operand = optind;
    return code;
}

int cli_parse_trace(const struct cli_program *program, int argc, char **argv,
                    void *into, const char **path)
{
    int operand;
    int code = cli_parse(program, argc, argv, into, &operand);

    if (code != CLI_GO_ON)
        return code;
    if (operand == argc)
        return cli_usage(program->name, "no trace given");
    if (operand + 1 < argc)
        return cli_usage(program->name, "too many arguments, from %s on",
                         argv[operand + 1]);
    *path = argv[operand];
    return CLI_GO_ON;
}
