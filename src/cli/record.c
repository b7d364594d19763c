/*
 * cli/record.c - polished-record: run a program, write its trace.
 */
#include <config.h>

#include "cli/record.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "trace/trace.h"

static const char record_help[] =
    "Usage: polished-record [options] PROGRAM [ARG...]\n"
    "Run PROGRAM and write a trace of all that it allocates.\n"
    "\n"
    "  -o, --output FILE      the trace; the name says the format (.ptrace,\n"
    "                         .json, .jsonl, .rep); default: PROGRAM.ptrace\n"
    "  -f, --follow-children  record child processes and programs that\n"
    "                         replace PROGRAM, each into a trace of its own\n"
    "  -k, --keep-raw         keep the raw recording, FILE.raw-*\n"
    "  -q, --quiet            say nothing but errors\n"
    "      --help             print this\n"
    "      --version          print the version\n"
    "\n"
    "The exit status is that of PROGRAM, 128+N if signal N ended it; 127 if\n"
    "there is no such program, 126 if it cannot run; 2 for wrong usage, 4 if\n"
    "the trace cannot be written.\n"
    "\n"
    "  polished-record sqlite3 my.db '.read load.sql'\n"
    "  PYTHONMALLOC=malloc polished-record -o job.json python3 job.py\n";

/* The plus: what follows PROGRAM is its own. */
static const char record_letters[] = "+o:fkq";

static const struct option record_options[] = {
    {"output", required_argument, NULL, 'o'},
    {"follow-children", no_argument, NULL, 'f'},
    {"keep-raw", no_argument, NULL, 'k'},
    {"quiet", no_argument, NULL, 'q'},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'v'},
    {NULL, 0, NULL, 0},
};

static int record_print(const char *text)
{
    return fputs(text, stdout) < 0 || fflush(stdout) != 0 ? RECORD_IO
                                                          : RECORD_FINE;
}

static int record_usage(const char *what)
{
    if (what != NULL)
        record_say("%s", what);
    fputs("Try 'polished-record --help'.\n", stderr);
    return RECORD_USAGE;
}

static bool record_ends_with(const char *name, const char *suffix)
{
    size_t length = strlen(name), count = strlen(suffix);
    return length > count && strcmp(name + length - count, suffix) == 0;
}

static int record_check_output(const char *output)
{
    if (strcmp(output, "-") == 0)
        return record_usage("standard output belongs to the program: the "
                            "trace needs a file");
    if (record_ends_with(output, ".gz") || record_ends_with(output, ".zst"))
        return record_usage("traces are written uncompressed: pack the file "
                            "afterwards");
    return -1;
}

/* -1 to go on; else the exit code. */
static int record_parse(struct record_job *job, int argc, char **argv)
{
    int option;
    while ((option = getopt_long(argc, argv, record_letters, record_options,
                                 NULL)) != -1) {
        switch (option) {
        case 'o':
            job->output = optarg;
            break;
        case 'f':
            job->children = true;
            break;
        case 'k':
            job->keep_raw = true;
            break;
        case 'q':
            job->quiet = true;
            break;
        case 'h':
            return record_print(record_help);
        case 'v':
            return record_print("polished-record " PACKAGE_VERSION "\n");
        default:
            return record_usage(NULL);
        }
    }
    job->argv = argv + optind;
    if (job->argv[0] == NULL || job->argv[0][0] == '\0')
        return record_usage("which program?");
    return job->output != NULL ? record_check_output(job->output) : -1;
}

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
    record_say("%s: %s", job->output, strerror(EISDIR));
    return false;
}

/* The program's status as a shell would give it. */
static int record_status(int status)
{
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

int main(int argc, char **argv)
{
    struct record_job job = {.output = NULL};
    char output[RECORD_PATH_BYTES];
    int status;
    int code = record_parse(&job, argc, argv);
    if (code >= 0)
        return code;
    if (!record_choose_output(&job, output, sizeof output) ||
        !record_prepare(&job))
        return RECORD_IO;
    code = record_run(&job, &status);
    if (code == RECORD_FINE)
        code = record_convert(&job);
    return code != RECORD_FINE ? code : record_status(status);
}
