#include "config.h"

#include "search/tape.h"

#include <stdlib.h>
#include <string.h>

#include "sim/ledger.h"

enum { TAPE_LEAST_ROOM = 256, TAPE_OVERHEAD_BYTES = 64 };

void search_tape_begin(struct search_tape *tape, uint64_t usual_align_bytes)
{
    *tape = (struct search_tape){.usual_align_bytes = usual_align_bytes,
                                 .largest_align_bytes = usual_align_bytes};
}

void search_tape_free(struct search_tape *tape)
{
    free(tape->steps);
    free(tape->limited);
    free(tape->sites);
    free(tape->taped);
    sim_owners_free(&tape->owners);
}

/* Make room for one more item of an array that doubles. */
static bool tape_reach(void **items, size_t *room, size_t count, size_t bytes)
{
    size_t wanted = *room == 0 ? TAPE_LEAST_ROOM : *room;
    void *grown;

    if (count < *room)
        return true;
    while (wanted <= count)
        wanted *= 2;
    grown = realloc(*items, wanted * bytes);
    if (grown == NULL)
        return false;
    *items = grown;
    *room = wanted;
    return true;
}

static bool tape_step(struct search_tape *tape, struct search_step step)
{
    void *steps = tape->steps;
    bool fine = tape_reach(&steps, &tape->room, tape->count, sizeof step);

    tape->steps = steps;
    if (fine)
        tape->steps[tape->count++] = step;
    return fine;
}

/* Sums saturate: what is as large as that fits nowhere. */
static void tape_sum(uint64_t *sum, uint64_t bytes)
{
    *sum = bytes > UINT64_MAX - *sum ? UINT64_MAX : *sum + bytes;
}

/* The slot has so many bytes from now on; 0: it is free. */
static bool tape_size(struct search_tape *tape, uint64_t slot,
                      uint64_t size_bytes)
{
    void *taped = tape->taped;
    bool fine =
        tape_reach(&taped, &tape->taped_room, slot, sizeof *tape->taped);

    tape->taped = taped;
    if (!fine)
        return false;
    while (tape->slots <= slot)
        tape->taped[tape->slots++] = (struct search_taped){0, 0};
    if (tape->live_bytes != UINT64_MAX)
        tape->live_bytes -= tape->taped[slot].size_bytes;
    tape->taped[slot].size_bytes = size_bytes;
    tape_sum(&tape->live_bytes, size_bytes);
    if (tape->live_bytes > tape->peak_live_bytes)
        tape->peak_live_bytes = tape->live_bytes;
    return true;
}

static bool tape_limits(struct search_tape *tape, struct search_step *step,
                        const struct trace_event *event)
{
    struct polished_request *limited =
        realloc(tape->limited, (tape->limited_count + 1) * sizeof *limited);

    if (limited == NULL)
        return false;
    tape->limited = limited;
    limited[tape->limited_count] = (struct polished_request){
        step->size_bytes, (uint64_t)1 << step->align_log2,
        event->has & TRACE_HAS_BELOW ? event->below : 0,
        event->has & TRACE_HAS_BOUNDARY ? event->boundary : 0};
    step->op = SEARCH_LIMITED;
    step->size_bytes = tape->limited_count++;
    return true;
}

static bool tape_request(struct search_tape *tape, struct search_step *step,
                         const struct trace_event *event)
{
    uint64_t align_bytes =
        event->op == TRACE_ALLOC && (event->has & TRACE_HAS_ALIGN)
            ? event->align_bytes
            : tape->usual_align_bytes;

    step->size_bytes = sim_asked(event->size_bytes);
    step->align_log2 = (uint8_t)__builtin_ctzll(align_bytes);
    if (align_bytes > tape->largest_align_bytes)
        tape->largest_align_bytes = align_bytes;
    tape_sum(&tape->need_bytes, step->size_bytes);
    tape_sum(&tape->need_bytes, align_bytes + TAPE_OVERHEAD_BYTES);
    return tape_size(tape, event->id, step->size_bytes) &&
           ((event->has & (TRACE_HAS_BELOW | TRACE_HAS_BOUNDARY)) == 0 ||
            event->op != TRACE_ALLOC || tape_limits(tape, step, event));
}

/* For whom what follows is done; told once for all of it. */
static bool tape_owner(struct search_tape *tape, uint32_t owner)
{
    if (owner == tape->owner)
        return true;
    tape->owner = owner;
    return tape_step(tape,
                     (struct search_step){.op = SEARCH_OWNER, .slot = owner});
}

/* The owner that an event names, heap 0 if it names none. */
static uint32_t tape_named(struct search_tape *tape,
                           const struct trace_event *event)
{
    return sim_owner(&tape->owners,
                     event->has & TRACE_HAS_HEAP ? event->heap : 0);
}

/* The step that comes next is for this site. */
static bool tape_site(struct search_tape *tape, const struct trace_event *event)
{
    void *sites = tape->sites;
    bool fine;

    if ((event->has & TRACE_HAS_SITE) == 0)
        return true;
    fine =
        tape_reach(&sites, &tape->site_room, tape->count, sizeof *tape->sites);
    tape->sites = sites;
    if (!fine)
        return false;
    while (tape->site_count < tape->count)
        tape->sites[tape->site_count++] = 0;
    tape->sites[tape->site_count++] = event->site + 1;
    return true;
}

static bool tape_alloc(struct search_tape *tape, struct search_step *step,
                       const struct trace_event *event)
{
    uint32_t owner = tape_named(tape, event);

    if (owner == UINT32_MAX || !tape_owner(tape, owner) ||
        !tape_request(tape, step, event))
        return false;
    tape->taped[event->id].owner = owner;
    return tape_site(tape, event);
}

/* What ends a block or resizes it is done by its owner. */
static bool tape_change(struct search_tape *tape, struct search_step *step,
                        const struct trace_event *event)
{
    return tape_owner(tape, tape->taped[event->id].owner) &&
           (event->op == TRACE_FREE ? tape_size(tape, event->id, 0)
                                    : tape_request(tape, step, event));
}

static bool tape_destroy(struct search_tape *tape,
                         const struct trace_event *event)
{
    uint32_t owner = tape_named(tape, event);

    sim_owner_end(&tape->owners, event->heap);
    return owner != UINT32_MAX && tape_owner(tape, owner);
}

static bool tape_is_misuse(struct search_tape *tape,
                           const struct trace_event *event)
{
    bool changes = event->op == TRACE_FREE || event->op == TRACE_REALLOC;

    return event->op == TRACE_EXTEND || event->op == TRACE_EXTRA ||
           (event->has &
            (TRACE_IS_STALE | TRACE_HAS_DELTA | TRACE_HAS_CLAIM)) != 0 ||
           (event->op == TRACE_REALLOC && (event->has & TRACE_HAS_ALIGN)) ||
           (changes && (event->has & TRACE_HAS_HEAP) &&
            tape_named(tape, event) != tape->taped[event->id].owner);
}

static bool tape_event(struct search_tape *tape,
                       const struct trace_event *event)
{
    struct search_step step = {.op = event->op,
                               .implied = (event->has & TRACE_IS_IMPLIED) != 0};
    bool fine = true;

    if (tape->misused || tape_is_misuse(tape, event)) {
        tape->misused = true;
        return true;
    }
    if (event->op <= TRACE_REALLOC)
        step.slot = (uint32_t)event->id;
    else if (event->op == TRACE_MARK || event->op == TRACE_REWIND)
        step.slot = event->label;
    if (event->op == TRACE_ALLOC)
        fine = tape_alloc(tape, &step, event);
    else if (event->op <= TRACE_REALLOC)
        fine = tape_change(tape, &step, event);
    else if (event->op == TRACE_DESTROY)
        fine = tape_destroy(tape, event);
    return fine && tape_step(tape, step);
}

bool search_tape_add(void *tape, const struct trace_event *events, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!tape_event(tape, &events[i]))
            return false;
    return true;
}

uint64_t search_tape_event(const struct search_tape *tape, size_t step)
{
    uint64_t event = 0;

    for (size_t i = 0; i <= step && i < tape->count; i++)
        event += tape->steps[i].op != SEARCH_OWNER && !tape->steps[i].implied;
    return event;
}
