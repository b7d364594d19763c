/*
 * explorer/state.h - a heap and its model as a string of bytes, such that two
 * heaps with the same bytes have the same future.
 *
 *     | head | live blocks, by offset | control | source's control | data |
 *
 * Left out is what cannot matter: steps and slack, what owners wrote into
 * their blocks, the inside of free blocks, data that is never read.  Numbers
 * that only grow, and are only compared, are replaced by their ranks.
 */
#ifndef EXPLORER_STATE_H
#define EXPLORER_STATE_H

#include "contract/oracle.h"

#define STATE_BLOCKS 64 /* the most live blocks */

/* What cannot matter, as far as that depends on the policy. */
struct state_rule {
    const char *policy; /* NULL ends the list, and is for all others */
    uint16_t head_bytes, tail_bytes; /* kept at both ends of a free block */
    uint16_t block_most; /* so many live blocks are watched; 0: all.  For a
                            policy that knows no block but the last */
    const char *mark;    /* an extra whose last answer is part of the state */
    void (*forget)(struct polished_heap *heap, polished_size answer[2]);
};

struct state {
    struct oracle oracle;
    struct oracle_snapshot kept; /* the heap at the last state_load */
    const struct state_rule *rule, *source_rule;
    polished_size answer[2];
    bool has_data; /* data is part of the state */
    size_t own_bytes, source_bytes, most_bytes;
};

/* Make the heap of a plan.  False: it is refused. */
bool state_open(struct state *state, const struct oracle_plan *plan);
void state_close(struct state *state);

/* Write the heap to `to`, of most_bytes; the answer is how many were used, a
   multiple of 8.  The heap itself forgets what cannot matter, too. */
size_t state_store(struct state *state, unsigned char *to);

/* Make heap and model what was stored, and keep that; then again. */
void state_load(struct state *state, const unsigned char *from);
void state_again(struct state *state, const unsigned char *from);

/* Is what was written into the blocks still there? */
bool state_is_intact(const struct state *state);

#endif
