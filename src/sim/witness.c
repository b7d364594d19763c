#include "sim/witness.h"

#include <stdlib.h>

/* The blocks of a walk, in order. */
struct witness_list {
    struct polished_block *blocks;
    size_t count, capacity;
};

static int witness_collect(void *context, const struct polished_block *block)
{
    struct witness_list *list = context;

    if (list->count == list->capacity)
        return 1;
    list->blocks[list->count++] = *block;
    return 0;
}

static uint64_t witness_used(const struct polished_block *block)
{
    return block->kind == POLISHED_USED || block->kind == POLISHED_HOLE
               ? block->size_bytes
               : 0;
}

/* A window is [first, last] of the list; slide it over all of them, from each
   FREE block the shortest that suffices. */
static bool witness_slide(const struct witness_list *list, uint64_t size_bytes,
                          size_t *best_first, size_t *best_last)
{
    uint64_t used_bytes = 0, least_bytes = UINT64_MAX;
    size_t last = 0; /* behind the window */

    for (size_t first = 0; first < list->count; first++) {
        const struct polished_block *start = &list->blocks[first];

        while (last < list->count &&
               (last <= first ||
                list->blocks[last].offset_bytes - start->offset_bytes <
                    size_bytes))
            used_bytes += witness_used(&list->blocks[last++]);
        if (last == list->count && list->blocks[last - 1].offset_bytes +
                                           list->blocks[last - 1].size_bytes -
                                           start->offset_bytes <
                                       size_bytes)
            break;
        if (start->kind == POLISHED_FREE && used_bytes < least_bytes) {
            least_bytes = used_bytes;
            *best_first = first;
            *best_last = last - 1;
        }
        used_bytes -= witness_used(start);
    }
    return least_bytes != UINT64_MAX;
}

/* Count the live blocks of a window and find the oldest. */
static void witness_name(const struct sim_replay *replay,
                         const struct polished_block *block,
                         struct sim_failure *failure)
{
    const struct sim_place *place;

    if (block->kind != POLISHED_USED)
        return;
    failure->splitter_count++;
    failure->splitter_bytes += block->size_bytes;
    if (!replay->placed)
        return;
    place = sim_places_at(&replay->places, block->offset_bytes);
    if (place == NULL || (failure->splitter_event != 0 &&
                          failure->splitter_event <= place->birth))
        return;
    failure->splitter_event = place->birth;
    failure->splitter_size_bytes = place->end_bytes - block->offset_bytes;
}

void sim_witness(const struct sim_replay *replay, struct sim_failure *failure)
{
    struct witness_list list = {0};
    size_t first, last;

    for (int kind = 0; kind < POLISHED_KIND_COUNT; kind++)
        list.capacity += replay->layout.blocks[kind];
    list.blocks = calloc(list.capacity, sizeof *list.blocks);
    if (list.blocks == NULL)
        return;
    polished_walk(replay->heap, witness_collect, &list);
    if (witness_slide(&list, failure->size_bytes, &first, &last)) {
        failure->window_offset_bytes = list.blocks[first].offset_bytes;
        failure->window_bytes = list.blocks[last].offset_bytes +
                                list.blocks[last].size_bytes -
                                failure->window_offset_bytes;
        for (size_t i = first; i <= last; i++)
            witness_name(replay, &list.blocks[i], failure);
    }
    free(list.blocks);
}
