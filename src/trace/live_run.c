/* trace/live_run.c - events as nearly all are, without a detour. */
#include "trace/live_own.h"

/* So many events ahead memory is asked for. */
enum { RUN_AHEAD = 24 };

/* What an event may not state to be plain. */
enum {
    RUN_NEVER = TRACE_HAS_HEAP | TRACE_HAS_DELTA | TRACE_HAS_CLAIM |
                TRACE_IS_STALE | TRACE_IS_IMPLIED
};

/* The entry where the id of an event belongs. */
static inline const struct idmap_entry *
run_home(const struct trace_live *live, const struct trace_event *event)
{
    return &live->ids.entries[trace_idmap_home(&live->ids, event->id)];
}

/* What is known of the ids of events to come is fetched meanwhile: first the
   entry, then the slot.  Were it a function, gcc 12 would drop the call, as it
   has no effect. */
static inline __attribute__((__always_inline__)) void
run_expect(const struct trace_live *live, const struct trace_event *events,
           size_t count)
{
    uint32_t at;

    if (count > RUN_AHEAD)
        __builtin_prefetch(run_home(live, &events[RUN_AHEAD]));
    if (count <= RUN_AHEAD / 2)
        return;
    at = run_home(live, &events[RUN_AHEAD / 2])->value;
    __builtin_prefetch(&live->slots[at]);
    __builtin_prefetch(&live->ages.place[at]);
}

/* The slot for a block more, LIVE_NONE if that needs memory. */
static inline uint32_t run_slot(const struct trace_live *live)
{
    uint32_t fresh = live->slot_count;

    if (trace_idmap_is_full(&live->ids) ||
        live->ages.count == live->ages.capacity)
        return LIVE_NONE;
    if (live->free_slot != LIVE_NONE)
        return live->free_slot;
    return fresh < live->slot_capacity && fresh < live->ages.place_count
               ? fresh
               : LIVE_NONE;
}

static inline bool run_alloc(struct trace_live *live, struct trace_event *event)
{
    struct idmap_entry *entry = trace_idmap_seek(&live->ids, event->id);
    uint32_t at = run_slot(live);

    if (entry->used || at == LIVE_NONE)
        return false;
    if (at == live->free_slot)
        live->free_slot = live->slots[at].heap_older;
    else
        live->slot_count++;
    *entry = (struct idmap_entry){event->id, at, 1};
    live->ids.count++;
    live_begin(live, at, event, 0);
    return trace_ages_add(&live->ages, at);
}

/* free and realloc. */
static inline bool run_touch(struct trace_live *live, struct trace_event *event)
{
    struct idmap_entry *entry = trace_idmap_seek(&live->ids, event->id);
    uint32_t at = entry->value;

    if (!entry->used || live->slots[at].heap != 0)
        return false;
    live_to_slot(live, event, at);
    if (event->op == TRACE_REALLOC) {
        live_resize(live, &live->slots[at], event->size_bytes);
        return true;
    }
    live_drop(live, at);
    live_forget(live, entry);
    return true;
}

size_t trace_live_run(struct trace_live *live, struct trace_event *events,
                      size_t count, uint64_t *ended_bytes)
{
    size_t done = 0;

    if (live->misuse || live->ending || live->ids.entries == NULL)
        return 0;
    for (; done < count; done++) {
        struct trace_event *event = &events[done];

        run_expect(live, event, count - done);
        if (event->op > TRACE_REALLOC || (event->has & RUN_NEVER) != 0)
            break;
        if (event->op == TRACE_ALLOC ? !run_alloc(live, event)
                                     : !run_touch(live, event))
            break;
        ended_bytes[done] = live->ended_bytes;
    }
    return done;
}
