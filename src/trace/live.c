/*
 * trace/live.c - the blocks alive, by id, by age and by heap.
 *
 *     ids --> slot: id, size, heap --- heap_older/heap_newer: a heap's
 *              |
 *     ages <---+  all of them
 *
 * The blocks of heap 0, where those are that state none, have no list of
 * their own: few traces destroy it, and then the ages of all will do.
 */
#include "trace/live.h"

#include <stdlib.h>
#include <string.h>

#include "trace/ages.h"
#include "trace/fail.h"
#include "trace/idmap.h"
#include "trace/marks.h"
#include "trace/trace.h"

/* Slot 0 is none; slots given out are one less. */
enum { LIVE_NONE = 0, LIVE_LEAST = 64, LIVE_AHEAD = 24 };
#define LIVE_MOST UINT32_MAX

struct live_slot {
    uint64_t id, size_bytes, heap;
    uint64_t born;                   /* on the clock; 0: not alive */
    uint32_t heap_older, heap_newer; /* the first, of a free slot: the next */
};

struct trace_live {
    struct live_slot *slots;
    uint32_t slot_count, slot_capacity, free_slot;
    struct trace_ages ages;
    struct idmap ids;
    struct idmap heaps; /* the newest block of each but heap 0 */
    struct trace_marks marks;
    const struct trace_reader *names;
    uint64_t clock; /* counts allocs and marks */
    uint64_t count, bytes;
    uint64_t ended_bytes; /* of the block ended or replaced last */
    bool misuse;
    /* What is still to end: the blocks of one heap, or those born after. */
    bool ending, ending_heap;
    uint64_t end_heap, end_after;
    uint32_t end_place; /* in ages; what is before was not looked at */
};

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

static void live_unlink_heap(struct trace_live *live, uint32_t at)
{
    struct live_slot *slots = live->slots;
    uint32_t older = slots[at].heap_older, newer = slots[at].heap_newer;
    struct idmap_entry *newest;

    if (older != LIVE_NONE)
        slots[older].heap_newer = newer;
    if (newer != LIVE_NONE) {
        slots[newer].heap_older = older;
        return;
    }
    newest = trace_idmap_find(&live->heaps, slots[at].heap);
    newest->value = older;
    if (older == LIVE_NONE)
        trace_idmap_remove(&live->heaps, newest);
}

/* A block ends.  With misuse its slot stays with its id. */
static void live_end(struct trace_live *live, struct idmap_entry *entry)
{
    uint32_t at = entry->value;
    struct live_slot *slot = &live->slots[at];

    trace_ages_remove(&live->ages, at);
    if (slot->heap)
        live_unlink_heap(live, at);
    live->count--;
    live->bytes -= slot->size_bytes;
    live->ended_bytes = slot->size_bytes;
    slot->born = 0;
    if (live->misuse)
        return;
    trace_idmap_remove(&live->ids, entry);
    slot->heap_older = live->free_slot;
    live->free_slot = at;
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
    struct live_slot *slot;

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
    slot = &live->slots[entry->value];
    slot->id = event->id;
    slot->size_bytes = event->size_bytes;
    slot->heap = event->has & TRACE_HAS_HEAP ? event->heap : 0;
    slot->born = ++live->clock;
    live->count++;
    live->bytes += event->size_bytes;
    event->id = entry->value - 1;
    return (trace_ages_add(&live->ages, entry->value) &&
            (slot->heap == 0 || live_link_heap(live, entry->value))) ||
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
    event->id = entry->value - 1;
    if (!slot->born)
        event->has |= TRACE_IS_STALE;
    if (event->has & (TRACE_IS_STALE | TRACE_HAS_DELTA))
        return true;
    if (event->op == TRACE_FREE) {
        live_end(live, entry);
        return true;
    }
    live->ended_bytes = slot->size_bytes;
    live->bytes += event->size_bytes - slot->size_bytes;
    slot->size_bytes = event->size_bytes;
    return true;
}

static bool live_rewind(struct trace_live *live, struct trace_event *event,
                        struct trace_error *error)
{
    live->end_after = trace_marks_rewind(&live->marks, event->label);
    live->ending = live->end_after > 0;
    live->ending_heap = false;
    live->end_place = live->ages.count;
    if (live->ending)
        return true;
    if (!live->names)
        return trace_fail(error, TRACE_BAD, "no such mark");
    return trace_fail(error, TRACE_BAD, "no mark \"%.100s\"",
                      trace_text(live->names, event->label));
}

static void live_destroy(struct trace_live *live, uint64_t heap)
{
    live->ending = live->ending_heap = true;
    live->end_heap = heap;
    live->end_place = live->ages.count;
}

static void live_reset(struct trace_live *live)
{
    trace_marks_reset(&live->marks);
    live->ending = true;
    live->ending_heap = false;
    live->end_after = 0;
    live->end_place = live->ages.count;
}

/* The youngest of heap 0 that was not looked at. */
static uint32_t live_doomed_in_0(struct trace_live *live)
{
    uint32_t at;

    do
        at = trace_ages_before(&live->ages, &live->end_place);
    while (at != TRACE_AGELESS && live->slots[at].heap != 0);
    return at == TRACE_AGELESS ? LIVE_NONE : at;
}

/* The youngest of all, if it is young enough. */
static uint32_t live_doomed_after(struct trace_live *live)
{
    uint32_t at = trace_ages_before(&live->ages, &live->end_place);

    if (at == TRACE_AGELESS) {
        trace_ages_cut(&live->ages, 0);
        return LIVE_NONE;
    }
    if (live->slots[at].born > live->end_after)
        return at;
    trace_ages_cut(&live->ages, live->end_place + 1);
    return LIVE_NONE;
}

/* The next block to end. */
static uint32_t live_doomed(struct trace_live *live)
{
    const struct idmap_entry *entry;

    if (!live->ending_heap)
        return live_doomed_after(live);
    if (live->end_heap == 0)
        return live_doomed_in_0(live);
    entry = trace_idmap_find(&live->heaps, live->end_heap);
    return entry ? entry->value : LIVE_NONE;
}

bool trace_live_implied(struct trace_live *live, struct trace_event *event)
{
    uint32_t at = live->ending ? live_doomed(live) : LIVE_NONE;

    if (at == LIVE_NONE) {
        live->ending = false;
        return false;
    }
    event->op = TRACE_FREE;
    event->has = TRACE_IS_IMPLIED;
    event->id = at - 1;
    live_end(live, trace_idmap_find(&live->ids, live->slots[at].id));
    return true;
}

/* The entry where the id of an event belongs, NULL if it has none. */
static inline const struct idmap_entry *
live_known(const struct trace_live *live, const struct trace_event *event)
{
    return event->op <= TRACE_REALLOC && live->ids.count != 0
               ? &live->ids.entries[trace_idmap_home(&live->ids, event->id)]
               : NULL;
}

void trace_live_expect(const struct trace_live *live,
                       const struct trace_event *events, size_t count)
{
    const struct idmap_entry *entry;

    if (count > LIVE_AHEAD)
        __builtin_prefetch(live_known(live, &events[LIVE_AHEAD]));
    if (count <= LIVE_AHEAD / 2)
        return;
    entry = live_known(live, &events[LIVE_AHEAD / 2]);
    if (entry != NULL) {
        __builtin_prefetch(&live->slots[entry->value]);
        __builtin_prefetch(&live->ages.place[entry->value]);
    }
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
        return live_rewind(live, event, error);
    case TRACE_DESTROY:
        live_destroy(live, event->heap);
        return true;
    case TRACE_RESET:
        live_reset(live);
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
