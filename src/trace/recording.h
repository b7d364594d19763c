/* trace/recording.h - what a recording knows beside its events. */
#ifndef TRACE_RECORDING_H
#define TRACE_RECORDING_H

#include <stdbool.h>
#include <stdint.h>

struct trace_reader;

struct recording_facts {
    uint64_t started_ns; /* real time; 0: no program wrote here */
    uint32_t pid;
    uint32_t stop_errno; /* why it ended before the program, 0: it did not */
    uint32_t thread_count;
    uint64_t unknown_frees; /* left out: of blocks never seen allocated */
    uint64_t early_ends; /* blocks whose free came after the address's reuse */
};

/* Counts are final when all events have been read.  false: the reader's
   trace is not a recording, and *facts is zeros. */
bool recording_facts_of(const struct trace_reader *reader,
                        struct recording_facts *facts);

#endif
