/* report/advice.h - what to do about requests that failed. */
#ifndef REPORT_ADVICE_H
#define REPORT_ADVICE_H

#include <stdbool.h>

#include "sim/result.h"

enum { REPORT_ADVICE_BYTES = 512 };

/* What helps, each as far as it is known. */
struct report_advice {
    uint64_t memory_bytes;           /* this policy serves all in so much; 0 */
    uint64_t least_memory_bytes;     /* or will not in less; 0 */
    uint64_t any_memory_bytes;       /* no policy will in less, and the heap is
                                        smaller; 0 */
    const struct sim_policy *policy; /* this one does better; NULL */
    uint64_t policy_memory_bytes;    /* in so much; 0: in this heap */
    uint64_t align_bytes;            /* at this alignment there is room; 0 */
};

/* For a policy that failed. */
void report_advise(struct report_advice *advice, const struct sim_run *run,
                   const struct sim_policy *policy);

/* "what helps: a heap of 39.4 KiB (40,336 bytes, 3.39 KiB more), or tlsf,
   which passes".  text holds REPORT_ADVICE_BYTES.  Returns text. */
char *report_advice_text(char *text, const struct sim_run *run,
                         const struct sim_policy *policy, int unicode);

#endif
