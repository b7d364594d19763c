/* record.c - the program polished-record: run a program, write its trace. */
#include "config.h"

#include "cli/record.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "cli/options.h"
#include "cli/output.h"
#include "cli/terminal.h"
#include "trace/format.h"

static bool record_ends_with(const char *name, const char *suffix)
{
    size_t length = strlen(name), count = strlen(suffix);
    return length > count && strcmp(name + length - count, suffix) == 0;
}

static bool record_check_output(const char *value, char *message,
                                size_t message_bytes)
{
    const char *why = NULL;
    if (strcmp(value, "-") == 0)
        why = "standard output belongs to the program";
    else if (record_ends_with(value, ".gz") || record_ends_with(value, ".zst"))
        why = "traces are written uncompressed; pack the file afterwards";
    snprintf(message, message_bytes, "%s", why != NULL ? why : "");
    return why == NULL;
}

#define AT(member) .offset = offsetof(struct record_job, member)
static const struct cli_option record_table[] = {
    {"output", 'o', CLI_TEXT, AT(output), .argument = "FILE",
     .help = "the trace, in the format that its name says",
     .check = record_check_output},
    {"follow-children", 'f', CLI_FLAG, AT(children),
     .help = "record other processes too, each by itself"},
    {"keep-raw", 'k', CLI_FLAG, AT(keep_raw),
     .help = "keep the raw recording, FILE.raw-*"},
    {"quiet", 'q', CLI_FLAG, AT(quiet), .help = "say nothing but errors"},
    CLI_COMMON_OPTIONS,
    {.name = NULL},
};
#undef AT

static const struct cli_program record_program = {
    .name = RECORD_PROGRAM,
    .usage = "[OPTION]... PROGRAM [ARG]...",
    .summary = "Run PROGRAM, and write a trace of all that it allocates.",
    .options = record_table,
    .footer =
        "Examples:\n"
        "  polished-record sqlite3 my.db '.read load.sql'\n"
        "  PYTHONMALLOC=malloc polished-record -o job.json python3 job.py\n"
        "\n"
        "Without -o the trace is PROGRAM.ptrace in this directory.\n"
        "Exit codes: those of PROGRAM, 128+N if signal N ended it; 126 it\n"
        "cannot run, 127 there is no such program; 2 usage, 4 I/O.",
    .first_operand_ends = true,
};

static bool record_choose_output(struct record_job *job, char *room,
                                 size_t count)
{
    struct stat status;
    const char *slash = strrchr(job->argv[0], '/');
    job->name = slash != NULL ? slash + 1 : job->argv[0];
    if (job->output == NULL) {
        snprintf(room, count, "%s.ptrace", job->name);
        job->output = room;
    }
    const char *format = trace_format_for(job->output);
    job->format = format != NULL ? format : "ptrace";
    if (stat(job->output, &status) != 0 || !S_ISDIR(status.st_mode))
        return true;
    cli_message(RECORD_PROGRAM, "%s: %s", job->output, strerror(EISDIR));
    return false;
}

/* The program's status as a shell would give it. */
static int record_status(int status)
{
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static int record_do(struct record_job *job)
{
    char output[RECORD_PATH_BYTES];
    int status;
    if (job->argv[0] == NULL || job->argv[0][0] == '\0')
        return cli_usage(RECORD_PROGRAM, "no program given");
    if (!record_choose_output(job, output, sizeof output) ||
        !record_prepare(job))
        return CLI_IO;
    int code = record_run(job, &status);
    if (code == CLI_FINE)
        code = record_convert(job);
    return code != CLI_FINE ? code : record_status(status);
}

int main(int argc, char **argv)
{
    struct record_job job = {.output = NULL};
    int operand;
    cli_terminal_prepare();
    int code = cli_parse(&record_program, argc, argv, &job, &operand);
    if (code != CLI_GO_ON)
        return cli_finish(RECORD_PROGRAM, code);
    job.argv = argv + operand;
    return record_do(&job);
}
