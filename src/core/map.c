/* map.c - a firmware's memory map, made sense of. */
#include "polished/map.h"

#include "core/bits.h"

/* Let the entry at `root` of a heap sink below those with a larger base. */
static void map_sink(struct polished_map_entry *entries, size_t root,
                     size_t count)
{
    struct polished_map_entry entry = entries[root];
    size_t child;

    while ((child = 2 * root + 1) < count) {
        if (child + 1 < count && entries[child].base < entries[child + 1].base)
            child++;
        if (entries[child].base <= entry.base)
            break;
        entries[root] = entries[child];
        root = child;
    }
    entries[root] = entry;
}

/* Heapsort, for it needs no memory. */
static void map_sort(struct polished_map_entry *entries, size_t count)
{
    for (size_t root = count / 2; root-- > 0;)
        map_sink(entries, root, count);
    while (count > 1) {
        struct polished_map_entry last = entries[--count];

        entries[count] = entries[0];
        entries[0] = last;
        map_sink(entries, 0, count);
    }
}

/* [first, last], both inside, so that the last address of all has a name. */
struct map_span {
    uint64_t first, last;
};

/* Where the next span begins that is made of entries of one kind. */
struct map_reader {
    const struct polished_map_entry *entries;
    size_t at, count;
    bool is_reserved;
};

static uint64_t map_last(const struct polished_map_entry *entry)
{
    uint64_t most = UINT64_MAX - entry->base;

    return entry->base +
           (entry->size_bytes - 1 < most ? entry->size_bytes - 1 : most);
}

/* The next entry that this reader reads, not empty; NULL: no more. */
static const struct polished_map_entry *map_peek(struct map_reader *reader)
{
    for (; reader->at < reader->count; reader->at++) {
        const struct polished_map_entry *entry = &reader->entries[reader->at];

        if (entry->is_reserved == reader->is_reserved && entry->size_bytes != 0)
            return entry;
    }
    return NULL;
}

/* The next span: entries that overlap or touch are one. */
static bool map_read(struct map_reader *reader, struct map_span *span)
{
    const struct polished_map_entry *entry = map_peek(reader);

    if (!entry)
        return false;
    span->first = entry->base;
    span->last = map_last(entry);
    for (; (entry = map_peek(reader)) != NULL; reader->at++) {
        if (span->last != UINT64_MAX && entry->base > span->last + 1)
            break;
        if (map_last(entry) > span->last)
            span->last = map_last(entry);
    }
    return true;
}

struct map_writer {
    struct polished_map_range *ranges; /* NULL: count only */
    size_t count;
    uint64_t frame_bytes;
};

/* Write the whole frames of a span that is usable. */
static void map_write(struct map_writer *writer, struct map_span span)
{
    uint64_t mask = writer->frame_bytes - 1;
    uint64_t first = (span.first + mask) & ~mask;
    uint64_t end = (span.last + 1) & ~mask; /* 0: 2^64 */
    uint64_t size_bytes = end - first;

    if (first < span.first || span.last < mask || end - 1 < first)
        return;
    if (size_bytes == 0)
        size_bytes -= writer->frame_bytes;
    if (writer->ranges)
        writer->ranges[writer->count] =
            (struct polished_map_range){first, size_bytes};
    writer->count++;
}

/* What is offered and not reserved: both are read in order, side by side. */
static void map_subtract(const struct polished_map_entry *entries,
                         size_t entry_count, struct map_writer *writer)
{
    struct map_reader offers = {entries, 0, entry_count, false};
    struct map_reader bars = {entries, 0, entry_count, true};
    struct map_span offer, bar;
    bool is_barred = map_read(&bars, &bar);

    while (map_read(&offers, &offer)) {
        bool is_left = true;

        while (is_barred && bar.first <= offer.last) {
            if (bar.first > offer.first)
                map_write(writer,
                          (struct map_span){offer.first, bar.first - 1});
            if (bar.last >= offer.last) {
                is_left = false;
                break;
            }
            if (bar.last >= offer.first)
                offer.first = bar.last + 1;
            is_barred = map_read(&bars, &bar);
        }
        if (is_left)
            map_write(writer, offer);
    }
}

enum polished_status polished_map_clean(struct polished_map_entry *entries,
                                        size_t entry_count,
                                        uint64_t frame_bytes,
                                        struct polished_map_range *ranges,
                                        size_t most, size_t *count)
{
    struct map_writer writer = {NULL, 0, frame_bytes};

    *count = 0;
    if (!bits_is_power_of_two(frame_bytes))
        return POLISHED_BAD_ALIGN;
    map_sort(entries, entry_count);
    map_subtract(entries, entry_count, &writer);
    *count = writer.count;
    if (writer.count > most)
        return POLISHED_LIMIT;
    writer.ranges = ranges;
    writer.count = 0;
    if (*count != 0)
        map_subtract(entries, entry_count, &writer);
    return POLISHED_OK;
}

struct polished_region
polished_map_span(const struct polished_map_range *ranges, size_t count)
{
    struct polished_region region = {NULL, 0, 0};

    if (count != 0) {
        region.bus_base = ranges[0].base;
        region.size_bytes =
            (polished_size)(ranges[count - 1].base - ranges[0].base +
                            ranges[count - 1].size_bytes);
    }
    return region;
}

enum polished_status
polished_map_reserve(struct polished_heap *heap,
                     const struct polished_map_range *ranges, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        uint64_t end = ranges[i - 1].base + ranges[i - 1].size_bytes;
        enum polished_status status =
            polished_reserve(heap, (polished_size)(end - heap->data.bus_base),
                             (polished_size)(ranges[i].base - end));

        if (status != POLISHED_OK)
            return status;
    }
    return POLISHED_OK;
}

struct map_heir {
    struct polished_heap *to;
    uint64_t distance_bytes; /* from an offset in the old heap to the new */
    enum polished_status status;
};

static int map_inherit(void *context, const struct polished_block *block)
{
    struct map_heir *heir = context;

    if (block->kind == POLISHED_USED || block->kind == POLISHED_HOLE)
        heir->status = polished_reserve(
            heir->to,
            (polished_size)(block->offset_bytes + heir->distance_bytes),
            block->size_bytes);
    return heir->status != POLISHED_OK;
}

enum polished_status polished_hand_over(const struct polished_heap *from,
                                        struct polished_heap *to)
{
    struct map_heir heir = {to, from->data.bus_base - to->data.bus_base,
                            POLISHED_OK};
    enum polished_status status = polished_walk(from, map_inherit, &heir);

    return status == POLISHED_OK ? heir.status : status;
}
