/*
 * trace/live_own.h - the blocks alive, by id, by age and by heap: what the
 * files of live share.
 *
 *     ids --> slot: id, size, heap --- heap_older/heap_newer: a heap's
 *              |
 *     ages <---+  all of them
 *
 * The blocks of heap 0, where those are that state none, have no list of
 * their own: few traces destroy it, and then the ages of all will do.
 */
#ifndef TRACE_LIVE_OWN_H
#define TRACE_LIVE_OWN_H

#include "trace/ages.h"
#include "trace/idmap.h"
#include "trace/live.h"
#include "trace/marks.h"

/* Slot 0 is none; slots given out are one less. */
enum { LIVE_NONE = 0 };

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
    uint64_t renamed;     /* not 0: some id was not its slot */
    bool misuse;
    /* What is still to end: the blocks of one heap, or those born after. */
    bool ending, ending_heap;
    uint64_t end_heap, end_after;
    uint32_t end_place; /* in ages; what is before was not looked at */
};

/* The id of an event becomes a slot. */
static inline void live_to_slot(struct trace_live *live,
                                struct trace_event *event, uint32_t at)
{
    uint64_t slot = at - UINT64_C(1);

    live->renamed |= event->id ^ slot;
    event->id = slot;
}

/* A block begins, in a slot that is its id's. */
static inline void live_begin(struct trace_live *live, uint32_t at,
                              struct trace_event *event, uint64_t heap)
{
    struct live_slot *slot = &live->slots[at];

    slot->id = event->id;
    slot->size_bytes = event->size_bytes;
    slot->heap = heap;
    slot->born = ++live->clock;
    live->count++;
    live->bytes += event->size_bytes;
    live_to_slot(live, event, at);
}

/* A block gets another size. */
static inline void live_resize(struct trace_live *live, struct live_slot *slot,
                               uint64_t size_bytes)
{
    live->ended_bytes = slot->size_bytes;
    live->bytes += size_bytes - slot->size_bytes;
    slot->size_bytes = size_bytes;
}

/* A block ends, but for its id and its slot. */
static inline void live_drop(struct trace_live *live, uint32_t at)
{
    struct live_slot *slot = &live->slots[at];

    trace_ages_remove(&live->ages, at);
    live->count--;
    live->bytes -= slot->size_bytes;
    live->ended_bytes = slot->size_bytes;
    slot->born = 0;
}

/* Its id is not known any more, and its slot free. */
static inline void live_forget(struct trace_live *live,
                               struct idmap_entry *entry)
{
    uint32_t at = entry->value;

    trace_idmap_remove(&live->ids, entry);
    live->slots[at].heap_older = live->free_slot;
    live->free_slot = at;
}

/* A block ends.  With misuse its slot stays with its id. */
void trace_live_end(struct trace_live *live, struct idmap_entry *entry);

/* What these events end is what trace_live_implied tells from now on.  false:
   no such mark. */
bool trace_live_rewind(struct trace_live *live, struct trace_event *event,
                       struct trace_error *error);
void trace_live_destroy(struct trace_live *live, uint64_t heap);
void trace_live_reset(struct trace_live *live);

#endif
