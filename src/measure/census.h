/* measure/census.h - what can be said of a trace without any heap. */
#ifndef MEASURE_CENSUS_H
#define MEASURE_CENSUS_H

#include "trace/event.h"

/*
 * Counted over all events; sizes are those asked for, a request of 0 bytes
 * counts as 0.  A realloc ends the old size and begins the new one at once.
 */
struct measure_census {
    uint64_t events;
    union {
        uint64_t calls[TRACE_REALLOC + 1]; /* by operation */
        struct {
            uint64_t allocs, frees, reallocs; /* frees include the implied */
        };
    };
    uint64_t zero_requests;           /* of 0 bytes */
    uint64_t live_bytes, live_blocks; /* now: at the end, what leaked */
    uint64_t peak_live_bytes, peak_live_blocks;
    uint64_t peak_event;      /* when live bytes first reached their peak */
    uint64_t requested_bytes; /* the sum over allocs and reallocs */
    uint64_t smallest_request_bytes, largest_request_bytes;
    uint64_t smallest_align_bytes, largest_align_bytes;
    uint64_t load_bytes;        /* L: the peak of live sizes, each rounded up
                                   to the default alignment of the trace */
    uint64_t load_now_bytes;    /* the same now */
    uint64_t extend_bytes;      /* the sum of all extend events */
    uint64_t slots;             /* an array of as many holds the live set */
    uint64_t usual_align_bytes; /* what a request means that states none */
    uint64_t heaps;             /* most at once, heap 0 included */
    int has_limits;             /* some request has below or boundary */
    int has_heaps;              /* some event names a heap */
    int has_misuse;
};

/* usual_align_bytes: a power of two. */
void measure_census_begin(struct measure_census *census,
                          uint64_t usual_align_bytes);

/* Events after trace_live_apply; old_bytes: of each the size that a free ends
   or a realloc replaces. */
void measure_census_add(struct measure_census *census,
                        const struct trace_event *events, size_t count,
                        const uint64_t *old_bytes);

#endif
