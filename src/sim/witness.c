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

/* The blocks of a walk, as a window of it. */
struct witness_window {
    const struct polished_block *blocks;
    size_t count;
};

/* Is it shown as in use here? */
static bool witness_shows(const struct witness_window *window,
                          uint64_t offset_bytes)
{
    size_t low = 0, high = window->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (window->blocks[middle].offset_bytes < offset_bytes)
            low = middle + 1;
        else
            high = middle;
    }
    return low < window->count &&
           window->blocks[low].offset_bytes == offset_bytes &&
           window->blocks[low].kind == POLISHED_USED;
}

static void witness_count(const struct witness_window *window,
                          struct sim_failure *failure)
{
    for (size_t i = 0; i < window->count; i++)
        if (window->blocks[i].kind == POLISHED_USED) {
            failure->splitter_count++;
            failure->splitter_bytes += window->blocks[i].size_bytes;
        }
}

/* Find the oldest of the live blocks of a window. */
static void witness_name(const struct sim_replay *replay,
                         const struct witness_window *window,
                         struct sim_failure *failure)
{
    for (uint64_t slot = 0; slot < replay->ledger.capacity; slot++) {
        const struct sim_block *block = &replay->ledger.blocks[slot];

        if (block->state != SIM_ALIVE ||
            (failure->splitter_event != 0 &&
             failure->splitter_event <= block->birth) ||
            !witness_shows(window, block->offset_bytes))
            continue;
        failure->splitter_event = block->birth;
        failure->splitter_size_bytes = block->usable_bytes;
    }
}

void sim_witness(const struct sim_replay *replay, struct sim_failure *failure)
{
    struct witness_list list = {0};
    struct witness_window window;
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
        window = (struct witness_window){&list.blocks[first], last - first + 1};
        witness_count(&window, failure);
        if (replay->placed)
            witness_name(replay, &window, failure);
    }
    free(list.blocks);
}
