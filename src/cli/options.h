/*
 * cli/options.h - the options of a program, as a table.
 *
 * A row says how an option is written, what it stores where, and how --help
 * explains it.  Every program's options are read by the same few lines.
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "cli/message.h"

enum cli_kind {
    CLI_FLAG,   /* bool: set to true */
    CLI_NUMBER, /* uint64_t: decimal, least ... most */
    CLI_SIZE,   /* uint64_t: 64K, 2M, 0x1000; least ... most */
    CLI_CHOICE, /* int: the index in choices */
    CLI_TEXT,   /* const char * */
    CLI_LIST,   /* struct cli_list: may be given again */
    CLI_HELP,   /* print the help, exit 0 */
    CLI_VERSION /* print the version, exit 0 */
};

enum { CLI_LIST_MOST = 256 };
struct cli_list {
    const char *values[CLI_LIST_MOST];
    size_t count;
};

struct cli_option {
    const char *name; /* without its dashes; NULL ends the table */
    char letter;      /* 0: there is no short form */
    enum cli_kind kind;
    size_t offset;              /* of the member to store in */
    const char *argument;       /* what --help calls it; NULL: there is none */
    const char *help;           /* one line of at most 50 columns */
    uint64_t least, most;       /* CLI_NUMBER, CLI_SIZE; most 0: no limit */
    const char *const *choices; /* CLI_CHOICE: ended by NULL */
    /* CLI_TEXT, CLI_LIST: judge a value; false and what is wrong with it. */
    bool (*check)(const char *value, char *message, size_t message_bytes);
};

/* The rows that every program has. */
#define CLI_COMMON_OPTIONS                                                     \
    {.name = "help", .kind = CLI_HELP, .help = "print this help and exit"},    \
    {                                                                          \
        .name = "version", .kind = CLI_VERSION,                                \
        .help = "print the version and exit"                                   \
    }

struct cli_program {
    const char *name;    /* "polished-sim"; "polished-trace info" */
    const char *usage;   /* "[OPTION]... TRACE..." */
    const char *summary; /* a line or two */
    const struct cli_option *options;
    /* Printed by --help between summary and options, and at its end; NULL:
       nothing. */
    void (*body)(FILE *out);
    const char *footer;
    bool first_operand_ends; /* what follows the first operand are operands */
};

/*
 * Read argv into the members of *into; NULL if no row stores anything.
 * CLI_GO_ON: the operands begin at argv[*operand] (all options stand before
 * them now); else the program is to exit with this code, and all is said.
 */
int cli_parse(const struct cli_program *program, int argc, char **argv,
              void *into, int *operand);

/* The same where there has to be one operand, a trace: *path. */
int cli_parse_trace(const struct cli_program *program, int argc, char **argv,
                    void *into, const char **path);

/* What --help prints. */
void cli_help(FILE *out, const struct cli_program *program);

#endif
