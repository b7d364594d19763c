/* What the tests of the min heap share: random traces, and brute force. */
#ifndef MIN_HEAP_SAMPLE_H
#define MIN_HEAP_SAMPLE_H

#include "search/min_heap.h"
#include "search/seen.h"

enum { EVENTS_MOST = 64, SLOTS = 12 };

/* What a search stands on; spec and tape stay the caller's. */
struct search_ground ground_of(const struct sim_spec *spec,
                               const struct search_tape *tape);
struct sim_spec spec_of(const struct polished_ops *ops);
extern uint64_t watched_steps;

/* Numbers that are the same on every machine; the state is not 0. */
extern uint32_t dice_state;
uint32_t dice(uint32_t sides);

/* A trace under construction, and who is alive in it, oldest first. */
struct program {
    struct trace_event events[2 * EVENTS_MOST + SLOTS];
    size_t count;
    uint64_t alive[SLOTS];
    unsigned alive_count;
    uint64_t only_bytes; /* of every request made at random; 0: any */
};

void program_add(struct program *program, struct trace_event event);
void program_alloc(struct program *program, uint64_t size_bytes,
                   uint64_t align_bytes);
void program_free(struct program *program, unsigned which, uint16_t has);
void program_random(struct program *program, bool in_order);
void tape_of(struct search_tape *tape, const struct program *program);

/* What every size up to top_bytes, one after the other, says. */
void brute(const struct search_ground *ground, uint64_t top_bytes,
           struct search_verdict *truth);
void assert_answer(const struct search_min_heap *answer,
                   const struct search_verdict *truth);

#endif
