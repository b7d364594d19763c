/*
 * search/tape.h - a resolved trace in memory, 16 bytes an event, for those who
 * replay it often.
 */
#ifndef SEARCH_TAPE_H
#define SEARCH_TAPE_H

#include <stdbool.h>
#include <stddef.h>

#include "polished/request.h"
#include "sim/owners.h"
#include "trace/event.h"

/* What a step does, beside enum trace_op. */
enum search_op {
    SEARCH_LIMITED = TRACE_OP_COUNT, /* an alloc; size_bytes: which limits */
    SEARCH_OWNER                     /* slot: for whom what follows is done */
};

struct search_step {
    uint64_t size_bytes; /* at least 1 */
    uint32_t slot;       /* of a mark, a rewind: its label */
    uint8_t op;
    uint8_t align_log2;
    uint8_t implied; /* by the destroy, rewind or reset before it */
};

struct search_tape {
    struct search_step *steps;
    size_t count, room;
    struct polished_request *limited; /* requests with limits */
    size_t limited_count;
    uint64_t usual_align_bytes, largest_align_bytes;
    uint64_t slots;
    uint64_t live_bytes, peak_live_bytes; /* a request of 0 bytes counts 1 */
    uint64_t need_bytes; /* of all requests, were none ever freed */
    uint32_t *sites;     /* by step: 1 + the site, 0: none; up to site_count */
    size_t site_count, site_room;
    bool misused; /* there was misuse, and the tape ends before it */

    /* While it is made: */
    struct search_taped {
        uint64_t size_bytes;
        uint32_t owner;
    } * taped; /* by slot */
    size_t taped_room;
    struct sim_owners owners;
    uint32_t owner; /* now */
};

/* usual_align_bytes: of requests that state none. */
void search_tape_begin(struct search_tape *tape, uint64_t usual_align_bytes);

/* Append events of a resolved trace to the struct search_tape that tape is.
   false: out of memory.  For sim_spool_each. */
bool search_tape_add(void *tape, const struct trace_event *events,
                     size_t count);

/* Who asked, 1 + the number of the string; 0: nobody says. */
static inline uint32_t search_tape_site(const struct search_tape *tape,
                                        size_t step)
{
    return step < tape->site_count ? tape->sites[step] : 0;
}

/*
 * A copy without the blocks whose allocs is_gone chooses, and the most bytes
 * of those that are alive at once.  Only kept->steps is to be freed; tape has
 * to stay.  false: out of memory.
 */
typedef bool search_tape_choose(const void *context,
                                const struct search_step *step);
bool search_tape_without(struct search_tape *kept,
                         const struct search_tape *tape,
                         search_tape_choose *is_gone, const void *context,
                         uint64_t *gone_peak_bytes);

/* The number of the event that a step belongs to, from 1. */
uint64_t search_tape_event(const struct search_tape *tape, size_t step);

void search_tape_free(struct search_tape *tape);

#endif
