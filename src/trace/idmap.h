/*
 * trace/idmap.h - a map from ids, which may be any 64-bit numbers, to small
 * numbers.  Open addressing; what is removed leaves no trace: the entries
 * behind it move up.
 */
#ifndef TRACE_IDMAP_H
#define TRACE_IDMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct idmap_entry {
    uint64_t id;
    uint32_t value;
    uint32_t used;
};

/* All zero: empty. */
struct idmap {
    struct idmap_entry *entries;
    size_t mask; /* entries - 1 */
    size_t count;
    unsigned shift;
};

/* Make room for one more; false when out of memory. */
bool trace_idmap_grow(struct idmap *map);
void trace_idmap_close(struct idmap *map);

/* Free an entry behind which others lie. */
void trace_idmap_fill(struct idmap *map, struct idmap_entry *entry);

/* Where an id belongs.  Fibonacci's multiplier spreads runs and strides. */
static inline size_t trace_idmap_home(const struct idmap *map, uint64_t id)
{
    return (size_t)(id * 0x9e3779b97f4a7c15u >> map->shift);
}

/* The id's entry, or the free one where it would go.  The map must have been
   grown once. */
static inline struct idmap_entry *trace_idmap_seek(const struct idmap *map,
                                                   uint64_t id)
{
    size_t at = trace_idmap_home(map, id);

    while (map->entries[at].used && map->entries[at].id != id)
        at = (at + 1) & map->mask;
    return &map->entries[at];
}

/* The id's entry, NULL if it has none. */
static inline struct idmap_entry *trace_idmap_find(const struct idmap *map,
                                                   uint64_t id)
{
    struct idmap_entry *entry;

    if (map->count == 0)
        return NULL;
    entry = trace_idmap_seek(map, id);
    return entry->used ? entry : NULL;
}

/* Must the map grow before another id comes? */
static inline bool trace_idmap_is_full(const struct idmap *map)
{
    return map->count * 2 >= map->mask;
}

/* The id's entry, a new one with value 0 if it has none; NULL when out of
   memory. */
static inline struct idmap_entry *trace_idmap_put(struct idmap *map,
                                                  uint64_t id)
{
    struct idmap_entry *entry;

    if (trace_idmap_is_full(map) && !trace_idmap_grow(map))
        return NULL;
    entry = trace_idmap_seek(map, id);
    if (!entry->used) {
        *entry = (struct idmap_entry){id, 0, 1};
        map->count++;
    }
    return entry;
}

static inline void trace_idmap_remove(struct idmap *map,
                                      struct idmap_entry *entry)
{
    size_t next = ((size_t)(entry - map->entries) + 1) & map->mask;

    map->count--;
    if (map->entries[next].used)
        trace_idmap_fill(map, entry);
    else
        entry->used = 0;
}

#endif
