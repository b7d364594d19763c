/* trace/idmap.c - growing and shrinking a map of ids. */
#include "trace/idmap.h"

#include <stdlib.h>
#include <string.h>

enum { IDMAP_LEAST_LOG2 = 6 };

bool trace_idmap_grow(struct idmap *map)
{
    struct idmap grown = *map;
    size_t old = map->entries ? map->mask + 1 : 0;

    grown.shift = old ? map->shift - 1 : 64 - IDMAP_LEAST_LOG2;
    grown.mask = old ? old * 2 - 1 : ((size_t)1 << IDMAP_LEAST_LOG2) - 1;
    grown.entries = calloc(grown.mask + 1, sizeof *grown.entries);
    if (!grown.entries)
        return false;
    for (size_t i = 0; i < old; i++)
        if (map->entries[i].used)
            *trace_idmap_seek(&grown, map->entries[i].id) = map->entries[i];
    free(map->entries);
    *map = grown;
    return true;
}

void trace_idmap_fill(struct idmap *map, struct idmap_entry *entry)
{
    size_t hole = (size_t)(entry - map->entries), at = hole;

    for (;;) {
        size_t home;

        at = (at + 1) & map->mask;
        if (!map->entries[at].used)
            break;
        /* It may fill the hole unless its home lies behind the hole. */
        home = trace_idmap_home(map, map->entries[at].id);
        if (((at - home) & map->mask) < ((at - hole) & map->mask))
            continue;
        map->entries[hole] = map->entries[at];
        hole = at;
    }
    map->entries[hole].used = 0;
}

void trace_idmap_close(struct idmap *map)
{
    free(map->entries);
    memset(map, 0, sizeof *map);
}
