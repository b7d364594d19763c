/* cli/record.h - the parts of polished-record. */
#ifndef CLI_RECORD_H
#define CLI_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/exit.h"
#include "cli/message.h"
#include "trace/recording.h"
#include "trace/wire.h"

#define RECORD_PATH_BYTES 4096

#define RECORD_PROGRAM "polished-record"

/* Exit codes beside those of every program, as shells have them. */
enum { RECORD_CANNOT_EXECUTE = 126, RECORD_NOT_FOUND = 127 };

struct record_job {
    char **argv;      /* the program's, with its NULL */
    const char *name; /* the program's base name */
    const char *output;
    const char *format; /* of the output */
    bool children, quiet, keep_raw;
    char raw[RECORD_PATH_BYTES]; /* the recording, while it is made */
    char became[64];             /* the process's name at its end */
    uint64_t cpu_us;             /* that the program took */
};

/*
 * Create the raw recording beside the output, with its header.  false: the
 * message has been printed.
 */
bool record_prepare(struct record_job *job);

/*
 * Run the program to its end.  *status is what wait gave.  The answer is 0,
 * or the exit code when the program could not be started.
 */
int record_run(struct record_job *job, int *status);

/* Turn each raw recording of the job into a trace; an exit code. */
int record_convert(struct record_job *job);

int record_convert_one(const struct record_job *job, const char *raw,
                       const char *output);
int record_convert_children(const struct record_job *job);

/* What a trace holds, for its summary. */
struct record_sum {
    uint64_t events, file_bytes, peak_bytes, peak_blocks;
};

/*
 * Say on stderr what became of a recording; is_first: of the program itself,
 * not of a child; output is NULL if no trace was made of it.
 */
void record_advise(const struct record_job *job, bool is_first,
                   const struct recording_facts *facts,
                   const struct record_sum *sum, const char *output);

#endif
