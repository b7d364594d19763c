#include "sim/memory.h"

#include <stdlib.h>
#include <string.h>

enum { MEMORY_CONGRUENCE = 1 << 21 };

void sim_memory_plain(struct sim_memory *memory, uint64_t bytes)
{
    *memory = (struct sim_memory){.span_bytes = bytes,
                                  .total_bytes = bytes,
                                  .largest_bytes = bytes,
                                  .congruence = MEMORY_CONGRUENCE};
}

void sim_memory_free(struct sim_memory *memory)
{
    free(memory->holes);
    memory->holes = NULL;
}

/* Where an entry begins or ends, and how the depth of cover changes there. */
struct memory_edge {
    uint64_t at; /* the end of an entry is its last byte, so 2^64 fits */
    int usable, reserved;
};

static int memory_order(const void *left, const void *right)
{
    const struct memory_edge *a = left, *b = right;

    return a->at < b->at ? -1 : a->at > b->at;
}

static size_t memory_edges(struct memory_edge *edges,
                           const struct trace_memory *map, size_t count)
{
    size_t used = 0;

    for (size_t i = 0; i < count; i++) {
        int reserved = map[i].reserved != 0;
        uint64_t end = map[i].base + map[i].size_bytes;

        if (map[i].size_bytes == 0)
            continue;
        if (end < map[i].base) /* it ends at 2^64: lose the last byte */
            end = UINT64_MAX;
        edges[used++] = (struct memory_edge){map[i].base, !reserved, reserved};
        edges[used++] = (struct memory_edge){end, -!reserved, -reserved};
    }
    qsort(edges, used, sizeof *edges, memory_order);
    return used;
}

/* The last piece, from the last hole to the end, may be the largest. */
static void memory_measure(struct sim_memory *memory)
{
    uint64_t start = 0;

    if (memory->hole_count != 0) {
        const struct sim_piece *hole = &memory->holes[memory->hole_count - 1];

        start = hole->offset_bytes + hole->size_bytes;
    }
    if (memory->span_bytes - start > memory->largest_bytes)
        memory->largest_bytes = memory->span_bytes - start;
}

/* Take a usable piece of the map: what lies between it and the one before is
   a hole.  false: the limit is reached. */
static bool memory_take(struct sim_memory *memory, uint64_t from, uint64_t to,
                        uint64_t limit_bytes)
{
    uint64_t end = memory->bus_base + memory->span_bytes;

    if (memory->total_bytes == limit_bytes)
        return false;
    if (to - from > limit_bytes - memory->total_bytes)
        to = from + (limit_bytes - memory->total_bytes);
    if (memory->total_bytes == 0) {
        memory->bus_base = end = from;
    } else if (from != end) {
        memory->holes[memory->hole_count++] =
            (struct sim_piece){end - memory->bus_base, from - end};
    }
    memory->span_bytes = to - memory->bus_base;
    memory->total_bytes += to - from;
    memory_measure(memory);
    return true;
}

bool sim_memory_map(struct sim_memory *memory, const struct trace_memory *map,
                    size_t count, uint64_t limit_bytes)
{
    struct memory_edge *edges = calloc(2 * count + 1, sizeof *edges);
    int usable = 0, reserved = 0;
    size_t edge_count;

    sim_memory_plain(memory, 0);
    memory->holes = calloc(count * 2 + 1, sizeof *memory->holes);
    if (edges == NULL || memory->holes == NULL) {
        free(edges);
        return false;
    }
    if (limit_bytes == 0)
        limit_bytes = UINT64_MAX;
    edge_count = memory_edges(edges, map, count);
    for (size_t i = 0; i + 1 < edge_count; i++) {
        usable += edges[i].usable;
        reserved += edges[i].reserved;
        if (usable > 0 && reserved == 0 && edges[i].at < edges[i + 1].at &&
            !memory_take(memory, edges[i].at, edges[i + 1].at, limit_bytes))
            break;
    }
    free(edges);
    return memory->total_bytes != 0;
}
