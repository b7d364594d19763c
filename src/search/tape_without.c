/* tape_without.c - a tape as if some blocks were placed elsewhere. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "search/tape.h"

/* What is alive, of the blocks that stay and of those that do not. */
struct without {
    uint64_t live_bytes[2], peak_bytes[2];
    struct without_block {
        uint64_t size_bytes;
        bool gone;
    } * blocks; /* by slot */
};

static uint64_t without_size(const struct search_tape *tape,
                             const struct search_step *step)
{
    if (step->op == SEARCH_LIMITED)
        return tape->limited[step->size_bytes].size_bytes;
    return step->op == TRACE_FREE ? 0 : step->size_bytes;
}

static void without_count(struct without *without,
                          const struct search_tape *tape,
                          const struct search_step *step)
{
    struct without_block *block = &without->blocks[step->slot];
    uint64_t *live_bytes = &without->live_bytes[block->gone];
    uint64_t *peak_bytes = &without->peak_bytes[block->gone];

    *live_bytes -= block->size_bytes;
    block->size_bytes = without_size(tape, step);
    *live_bytes += block->size_bytes;
    if (*live_bytes > *peak_bytes)
        *peak_bytes = *live_bytes;
}

static bool without_is_block(const struct search_step *step)
{
    return step->op <= TRACE_REALLOC || step->op == SEARCH_LIMITED;
}

bool search_tape_without(struct search_tape *kept,
                         const struct search_tape *tape,
                         search_tape_choose *is_gone, const void *context,
                         uint64_t *gone_peak_bytes)
{
    struct without without = {.live_bytes = {0}};
    bool fine;

    *kept = *tape;
    kept->count = kept->site_count = 0;
    kept->steps = calloc(tape->count + 1, sizeof *kept->steps);
    without.blocks = calloc(tape->slots + 1, sizeof *without.blocks);
    fine = kept->steps != NULL && without.blocks != NULL;
    for (size_t i = 0; fine && i < tape->count; i++) {
        const struct search_step *step = &tape->steps[i];

        if (step->op == TRACE_ALLOC || step->op == SEARCH_LIMITED)
            without.blocks[step->slot].gone = is_gone(context, step);
        if (without_is_block(step))
            without_count(&without, tape, step);
        if (!without_is_block(step) || !without.blocks[step->slot].gone)
            kept->steps[kept->count++] = *step;
    }
    kept->peak_live_bytes = without.peak_bytes[false];
    *gone_peak_bytes = without.peak_bytes[true];
    free(without.blocks);
    return fine;
}
