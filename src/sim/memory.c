#include "sim/memory.h"

#include <stdlib.h>

#include "polished/map.h"

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
   a hole. */
static void memory_take(struct sim_memory *memory,
                        const struct polished_map_range *piece,
                        uint64_t limit_bytes)
{
    uint64_t end = memory->bus_base + memory->span_bytes;
    uint64_t size_bytes = piece->size_bytes;

    if (size_bytes > limit_bytes - memory->total_bytes)
        size_bytes = limit_bytes - memory->total_bytes;
    if (memory->total_bytes == 0)
        memory->bus_base = piece->base;
    else
        memory->holes[memory->hole_count++] =
            (struct sim_piece){end - memory->bus_base, piece->base - end};
    memory->span_bytes = piece->base - memory->bus_base + size_bytes;
    memory->total_bytes += size_bytes;
    memory_measure(memory);
}

/* The map as the library wants it, and room for what it makes of it. */
static struct polished_map_entry *memory_entries(const struct trace_memory *map,
                                                 size_t count)
{
    struct polished_map_entry *entries = calloc(count + 1, sizeof *entries);

    for (size_t i = 0; entries != NULL && i < count; i++)
        entries[i] = (struct polished_map_entry){map[i].base, map[i].size_bytes,
                                                 map[i].reserved != 0};
    return entries;
}

bool sim_memory_map(struct sim_memory *memory, const struct trace_memory *map,
                    size_t count, uint64_t limit_bytes)
{
    struct polished_map_entry *entries = memory_entries(map, count);
    struct polished_map_range *pieces = calloc(count + 1, sizeof *pieces);
    size_t piece_count = 0;

    sim_memory_plain(memory, 0);
    memory->holes = calloc(count + 1, sizeof *memory->holes);
    if (limit_bytes == 0)
        limit_bytes = UINT64_MAX;
    if (entries != NULL && pieces != NULL && memory->holes != NULL)
        polished_map_clean(entries, count, 1, pieces, count, &piece_count);
    for (size_t i = 0; i < piece_count && memory->total_bytes < limit_bytes;
         i++)
        memory_take(memory, &pieces[i], limit_bytes);
    free(entries);
    free(pieces);
    return memory->total_bytes != 0;
}
