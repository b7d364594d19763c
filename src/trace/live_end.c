/* trace/live_end.c - blocks end: one that is freed, those of a heap, those born
   after a mark. */
#include "trace/fail.h"
#include "trace/live_own.h"
#include "trace/trace.h"

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

void trace_live_end(struct trace_live *live, struct idmap_entry *entry)
{
    uint32_t at = entry->value;

    if (live->slots[at].heap)
        live_unlink_heap(live, at);
    live_drop(live, at);
    if (!live->misuse)
        live_forget(live, entry);
}

bool trace_live_rewind(struct trace_live *live, struct trace_event *event,
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

void trace_live_destroy(struct trace_live *live, uint64_t heap)
{
    live->ending = live->ending_heap = true;
    live->end_heap = heap;
    live->end_place = live->ages.count;
}

void trace_live_reset(struct trace_live *live)
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
    trace_live_end(live, trace_idmap_find(&live->ids, live->slots[at].id));
    return true;
}
