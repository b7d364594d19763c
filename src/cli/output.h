/* cli/output.h - files that are written as a whole or not at all. */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>

struct cli_output {
    FILE *file;
    const char *path; /* for messages */
    int fd;
    int error;                /* of the first write that failed */
    char target[PATH_MAX];    /* where it will be; "": it is there already */
    char temporary[PATH_MAX]; /* where it is until then */
};

/*
 * Open path for writing; "-" is standard output.  *output stays where it is
 * until it is closed.  A regular file appears, or
 * is replaced, only when cli_output_close says so.  The result is 0, or an
 * errno value.
 */
int cli_output_open(struct cli_output *output, const char *path);

/*
 * Flush and close.  keep: put the file where it belongs; else leave nothing
 * behind.  0, or an errno value: then nothing is left behind either.  A pipe
 * whose reader has seen enough is no error.
 */
int cli_output_close(struct cli_output *output, bool keep);

/* Have writes to a closed pipe fail instead of ending the program, and
   remove unfinished files should a signal end it. */
void cli_output_prepare(void);

/* Flush what was printed to stdout: the exit code, CLI_IO if that fails. */
int cli_finish(const char *program, int code);

#endif
