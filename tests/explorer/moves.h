/* explorer/moves.h - what may be done to a heap in any state. */
#ifndef EXPLORER_MOVES_H
#define EXPLORER_MOVES_H

#include "sim/operation.h"
#include "state.h"

#define MOVES_SIZES 256

/* What a region is explored with. */
struct moves {
    polished_size step;   /* between sizes and between places */
    uint32_t owner_count; /* owners that there are; one more is tried */
    polished_size sizes[MOVES_SIZES];
    size_t size_count;
};

typedef void moves_visit(void *context, const struct operation_call *call);

/* The sizes for regions up to so many bytes; coarse: none between steps. */
void moves_open(struct moves *moves, polished_size step,
                polished_size region_bytes, uint32_t owner_count,
                bool is_coarse);

/* Every call that is tried of this heap as it is, always in the same order;
   the visitor leaves it as it found it. */
void moves_each(const struct moves *moves, struct state *state,
                moves_visit *visit, void *context);

/* Make a call, under all oracles. */
enum polished_status moves_make(struct state *state,
                                const struct operation_call *call);

/* In words. */
void moves_print(const struct operation_call *call, char *text, size_t size);

#endif
