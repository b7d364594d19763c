/* trace/live.c - what an event does to the blocks alive. */
#include <stdlib.h>
#include <string.h>

#include "trace/fail.h"
#include "trace/live_own.h"

enum { LIVE_LEAST = 64 };
#define LIVE_MOST UINT32_MAX

static bool live_grow(struct trace_live *live)
{
    size_t capacity =
        live->slot_capacity ? (size_t)live->slot_capacity * 2 : LIVE_LEAST;
    struct live_slot *slots;

    if (capacity > LIVE_MOST)
        capacity = LIVE_MOST;
    if (capacity == live->slot_capacity)
        return false;
    slots = realloc(live->slots, capacity * sizeof *slots);
    if (!slots)
        return false;
    live->slots = slots;
    live->slot_capacity = (uint32_t)capacity;
    return true;
}

struct trace_live *trace_live_new(bool misuse)
{
    struct trace_live *live = calloc(1, sizeof *live);

    if (!live)
        return NULL;
    live->misuse = misuse;
    live->slot_count = 1;
    if (live_grow(live)) {
        memset(live->slots, 0, sizeof *live->slots);
        return live;
    }
    free(live);
    return NULL;
}

void trace_live_free(struct trace_live *live)
{
    if (!live)
        return;
    free(live->slots);
    trace_ages_close(&live->ages);
    trace_idmap_close(&live->ids);
    trace_idmap_close(&live->heaps);
    trace_marks_close(&live->marks);
    free(live);
}

void trace_live_name(struct trace_live *live, const struct trace_reader *reader)
{
    live->names = reader;
}

/* A slot, the last one freed first; LIVE_NONE when out of memory. */
static uint32_t live_take_slot(struct trace_live *live)
{
    uint32_t slot = live->free_slot;

    if (slot != LIVE_NONE) {
        live->free_slot = live->slots[slot].heap_older;
        return slot;
    }
    if (live->slot_count >= live->slot_capacity && !live_grow(live))
        return LIVE_NONE;
    slot = live->slot_count++;
    live->slots[slot].born = 0;
    return slot;
}

static bool live_link_heap(struct trace_live *live, uint32_t at)
{
    struct live_slot *slots = live->slots;
    struct idmap_entry *newest = trace_idmap_put(&live->heaps, slots[at].heap);

    if (!newest)
        return false;
    slots[at].heap_older = newest->value;
    slots[at].heap_newer = LIVE_NONE;
    if (newest->value != LIVE_NONE)
        slots[newest->value].heap_newer = at;
    newest->value = at;
    return true;
}

static bool live_refuse(struct trace_error *error, uint64_t id,
                        const char *what)
{
    return trace_fail(error, TRACE_BAD, "id %llu %s", (unsigned long long)id,
                      what);
}

static bool live_alloc(struct trace_live *live, struct trace_event *event,
                       struct trace_error *error)
{
    struct idmap_entry *entry = trace_idmap_put(&live->ids, event->id);
    uint32_t at;

    if (!entry)
        return trace_no_memory(error);
    if (entry->value == LIVE_NONE)
        entry->value = live_take_slot(live);
    else if (live->slots[entry->value].born)
        return live_refuse(error, event->id, "is alive already");
    if (entry->value == LIVE_NONE) {
        trace_idmap_remove(&live->ids, entry);
        return trace_no_memory(error);
    }
    at = entry->value;
    live_begin(live, at, event, event->has & TRACE_HAS_HEAP ? event->heap : 0);
    return (trace_ages_add(&live->ages, at) &&
            (live->slots[at].heap == 0 || live_link_heap(live, at))) ||
           trace_no_memory(error);
}

static bool live_check_misuse(const struct trace_live *live,
                              const struct live_slot *slot,
                              const struct trace_event *event,
                              struct trace_error *error)
{
    if (live->misuse)
        return true;
    if (event->has & (TRACE_HAS_DELTA | TRACE_HAS_CLAIM))
        return live_refuse(error, event->id,
                           "has a delta or claim, which needs --misuse");
    if ((event->has & TRACE_HAS_HEAP) && event->heap != slot->heap)
        return trace_fail(error, TRACE_BAD, "id %llu is of heap %llu, not %llu",
                          (unsigned long long)event->id,
                          (unsigned long long)slot->heap,
                          (unsigned long long)event->heap);
    return true;
}

/* free and realloc. */
static bool live_touch(struct trace_live *live, struct trace_event *event,
                       struct trace_error *error)
{
    struct idmap_entry *entry = trace_idmap_find(&live->ids, event->id);
    struct live_slot *slot;

    if (!entry)
        return live_refuse(error, event->id, "is not alive");
    slot = &live->slots[entry->value];
    if (event->has && !live_check_misuse(live, slot, event, error))
        return false;
    live_to_slot(live, event, entry->value);
    if (!slot->born)
        event->has |= TRACE_IS_STALE;
    if (event->has & (TRACE_IS_STALE | TRACE_HAS_DELTA))
        return true;
    if (event->op == TRACE_FREE)
        trace_live_end(live, entry);
    else
        live_resize(live, slot, event->size_bytes);
    return true;
}

bool trace_live_apply(struct trace_live *live, struct trace_event *event,
                      struct trace_error *error)
{
    struct trace_event dropped;

    while (live->ending)
        trace_live_implied(live, &dropped);
    switch (event->op) {
    case TRACE_ALLOC:
        return live_alloc(live, event, error);
    case TRACE_FREE:
    case TRACE_REALLOC:
        return live_touch(live, event, error);
    case TRACE_MARK:
        return trace_marks_set(&live->marks, event->label, ++live->clock) ||
               trace_no_memory(error);
    case TRACE_REWIND:
        return trace_live_rewind(live, event, error);
    case TRACE_DESTROY:
        trace_live_destroy(live, event->heap);
        return true;
    case TRACE_RESET:
        trace_live_reset(live);
        return true;
    default:
        return true;
    }
}

uint64_t trace_live_id(const struct trace_live *live, uint64_t slot)
{
    return live->slots[slot + 1].id;
}

uint64_t trace_live_ended(const struct trace_live *live)
{
    return live->ended_bytes;
}

uint64_t trace_live_size(const struct trace_live *live, uint64_t slot)
{
    return live->slots[slot + 1].size_bytes;
}

bool trace_live_renames(const struct trace_live *live)
{
    return live->renamed != 0;
}

uint64_t trace_live_count(const struct trace_live *live)
{
    return live->count;
}

uint64_t trace_live_slots(const struct trace_live *live)
{
    return live->slot_count - 1;
}

uint64_t trace_live_bytes(const struct trace_live *live)
{
    return live->bytes;
}
