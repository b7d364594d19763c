/* search/lives.c - units by the slots that trace/live.h gives. */
#include "config.h"

#include "search/lives.h"

#include <stdlib.h>
#include <string.h>

#include "trace/live.h"

enum { LIVES_EVENTS = 256, LIVES_LEAST_ROOM = 1024 };

/* While a trace is read: whose a slot is, and a label. */
struct lives_owners {
    uint32_t *units;
    size_t room;
};

struct lives_reading {
    struct search_lives *lives;
    struct trace_live *live;
    struct lives_owners slots, labels;
    uint32_t *lasts; /* the last event of a unit */
};

static bool lives_reach(struct lives_owners *owners, size_t index)
{
    size_t room = owners->room == 0 ? LIVES_LEAST_ROOM : owners->room;
    uint32_t *units;

    if (index < owners->room)
        return true;
    while (room <= index)
        room *= 2;
    units = realloc(owners->units, room * sizeof *units);
    if (units == NULL)
        return false;
    owners->units = units;
    owners->room = room;
    return true;
}

static bool lives_grow_one(void *array, size_t room, size_t bytes)
{
    void *grown, *old;

    memcpy(&old, array, sizeof old);
    grown = realloc(old, room * bytes);
    if (grown != NULL)
        memcpy(array, &grown, sizeof grown);
    return grown != NULL;
}

/* Room for one more event, and one more unit. */
static bool lives_grow(struct lives_reading *reading)
{
    struct search_lives *lives = reading->lives;
    size_t room = lives->room == 0 ? LIVES_LEAST_ROOM : 2 * lives->room;

    if (lives->count < lives->room)
        return true;
    if (room > UINT32_MAX ||
        !lives_grow_one(&lives->events, room, sizeof *lives->events) ||
        !lives_grow_one(&lives->nexts, room, sizeof *lives->nexts) ||
        !lives_grow_one(&lives->gone, room, sizeof *lives->gone) ||
        !lives_grow_one(&lives->firsts, room, sizeof *lives->firsts) ||
        !lives_grow_one(&reading->lasts, room, sizeof *reading->lasts))
        return false;
    lives->room = room;
    return true;
}

/* Which table knows the unit of such an event; NULL: it is its own. */
static struct lives_owners *lives_owners_of(struct lives_reading *reading,
                                            const struct trace_event *judged,
                                            size_t *index)
{
    *index = judged->id;
    if (judged->op <= TRACE_REALLOC)
        return &reading->slots;
    *index = judged->label;
    return judged->op == TRACE_MARK || judged->op == TRACE_REWIND
               ? &reading->labels
               : NULL;
}

static bool lives_add(struct lives_reading *reading,
                      const struct trace_event *event,
                      const struct trace_event *judged)
{
    struct search_lives *lives = reading->lives;
    bool begins = judged->op != TRACE_FREE && judged->op != TRACE_REALLOC &&
                  judged->op != TRACE_REWIND;
    uint32_t unit = (uint32_t)lives->units, at = (uint32_t)lives->count;
    size_t index;
    struct lives_owners *owners = lives_owners_of(reading, judged, &index);

    if (!lives_grow(reading) || (owners && !lives_reach(owners, index)))
        return false;
    if (begins) {
        lives->firsts[lives->units++] = at;
        if (owners)
            owners->units[index] = unit;
    } else {
        unit = owners->units[index];
        lives->nexts[reading->lasts[unit]] = at;
    }
    reading->lasts[unit] = at;
    lives->events[at] = *event;
    lives->events[at].id = unit;
    lives->nexts[at] = 0;
    lives->gone[at] = 0;
    lives->count++;
    return true;
}

static bool lives_take(struct lives_reading *reading, struct trace_event *batch,
                       size_t count, struct trace_error *error)
{
    struct trace_reader *reader = reading->lives->reader;

    for (size_t i = 0; i < count; i++) {
        struct trace_event judged = batch[i];

        /* Those of a dense trace are implied once more. */
        if (judged.has & TRACE_IS_IMPLIED)
            continue;
        judged.has &= (uint16_t)~TRACE_IS_STALE;
        if (!trace_live_apply(reading->live, &judged, error)) {
            error->event = reading->lives->count + 1;
            trace_where(reader, i, &error->line, &error->column);
            return false;
        }
        if (!lives_add(reading, &batch[i], &judged)) {
            *error = (struct trace_error){.kind = TRACE_INTERNAL,
                                          .what = "out of memory"};
            return false;
        }
    }
    return true;
}

static bool lives_read_all(struct lives_reading *reading,
                           struct trace_error *error)
{
    struct trace_event batch[LIVES_EVENTS];
    struct trace_reader *reader = reading->lives->reader;
    size_t count;

    *error = (struct trace_error){.kind = TRACE_FINE};
    while ((count = trace_read(reader, batch, LIVES_EVENTS)) > 0)
        if (!lives_take(reading, batch, count, error))
            return false;
    if (trace_failed(reader) != NULL)
        *error = *trace_failed(reader);
    return error->kind == TRACE_FINE;
}

bool search_lives_read(struct search_lives *lives, struct trace_reader *reader,
                       bool misuse, struct trace_error *error)
{
    struct lives_reading reading = {.lives = lives};
    bool fine;

    *lives = (struct search_lives){.reader = reader, .misuse = misuse};
    *error =
        (struct trace_error){.kind = TRACE_INTERNAL, .what = "out of memory"};
    reading.live = trace_live_new(misuse);
    if (reading.live != NULL)
        trace_live_name(reading.live, reader);
    fine = reading.live != NULL && lives_read_all(&reading, error);
    trace_live_free(reading.live);
    free(reading.slots.units);
    free(reading.labels.units);
    free(reading.lasts);
    return fine;
}

void search_lives_free(struct search_lives *lives)
{
    trace_close(lives->reader);
    free(lives->events);
    free(lives->nexts);
    free(lives->gone);
    free(lives->firsts);
}

void search_lives_drop(struct search_lives *lives, size_t unit, bool gone)
{
    uint32_t at = lives->firsts[unit];

    do {
        lives->gone[at] &= (unsigned char)~SEARCH_GONE_UNIT;
        lives->gone[at] |= gone ? SEARCH_GONE_UNIT : 0;
        at = lives->nexts[at];
    } while (at != 0);
}

size_t search_lives_left(const struct search_lives *lives)
{
    size_t left = 0;

    for (size_t i = 0; i < lives->count; i++)
        left += lives->gone[i] == 0;
    return left;
}

bool search_lives_play(const struct search_lives *lives,
                       bool (*visit)(void *context,
                                     const struct trace_event *event,
                                     uint64_t ended_bytes),
                       void *context)
{
    struct trace_live *live = trace_live_new(lives->misuse);
    struct trace_error error;
    bool fine = live != NULL, more = true;

    for (size_t i = 0; fine && more && i < lives->count; i++) {
        struct trace_event event = lives->events[i];

        if (lives->gone[i])
            continue;
        event.has &= (uint16_t)~TRACE_IS_STALE;
        fine = trace_live_apply(live, &event, &error);
        more = fine && visit(context, &event, trace_live_ended(live));
        while (more && trace_live_implied(live, &event))
            more = visit(context, &event, trace_live_ended(live));
    }
    trace_live_free(live);
    return fine;
}

/* Ids from 1, in the order of the units that are left. */
bool search_lives_write(const struct search_lives *lives,
                        struct trace_writer *writer)
{
    uint64_t *ids = calloc(lives->units + 1, sizeof *ids), next = 0;
    bool fine = ids != NULL;

    for (uint32_t i = 0; fine && i < trace_text_count(lives->reader); i++)
        fine = trace_write_text(writer, trace_text(lives->reader, i));
    for (size_t i = 0; fine && i < lives->count; i++) {
        struct trace_event event = lives->events[i];

        if (lives->gone[i])
            continue;
        if (event.op <= TRACE_REALLOC) {
            if (ids[event.id] == 0)
                ids[event.id] = ++next;
            event.id = ids[event.id];
        }
        event.has &= (uint16_t)~TRACE_IS_STALE;
        fine = trace_write(writer, &event, 1);
    }
    free(ids);
    return fine;
}
