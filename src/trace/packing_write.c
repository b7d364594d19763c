/*
 * trace/packing_write.c - lives as CSV: one row for each, when it ends.
 *
 * Time is the number of the event, so that no two are at the same time; the
 * event that begins a block is its id too.  A realloc ends one block and
 * begins another at once.  Memory: proportional to the peak of live blocks.
 */
#include "trace/packing_write.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "trace/live.h"

enum { PACKING_LONGEST_ROW = 96, PACKING_FIRST = 256 };

struct packing_body {
    struct trace_live *live;
    uint64_t event;   /* of those written, from 1 */
    uint64_t *births; /* by slot: the event that began its block, 0: none */
    size_t birth_room;
};

bool trace_packing_create(struct trace_writer *writer,
                          const struct trace_header *header)
{
    static const char titles[] = "id,lower,upper,size\n";
    struct packing_body *body = calloc(1, sizeof *body);

    (void)header;
    writer->state = body;
    if (body)
        body->live = trace_live_new(false);
    if (!body || !body->live)
        return trace_no_memory(&writer->error);
    return trace_writer_put(writer, titles, sizeof titles - 1);
}

static bool packing_put(struct trace_writer *writer, uint64_t birth,
                        uint64_t death, uint64_t size_bytes)
{
    char *to = (char *)trace_writer_room(writer, PACKING_LONGEST_ROW);

    if (!to)
        return false;
    writer->used_bytes +=
        (size_t)snprintf(to, PACKING_LONGEST_ROW,
                         "%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 "\n",
                         birth, birth, death, size_bytes);
    return true;
}

/* Have a place for the birth in this slot. */
static uint64_t *packing_birth(struct packing_body *body, uint64_t slot)
{
    size_t room = body->birth_room ? body->birth_room : PACKING_FIRST;
    uint64_t *births;

    while (room <= slot)
        room *= 2;
    if (room > body->birth_room) {
        births = realloc(body->births, room * sizeof *births);
        if (!births)
            return NULL;
        memset(births + body->birth_room, 0,
               (room - body->birth_room) * sizeof *births);
        body->births = births;
        body->birth_room = room;
    }
    return &body->births[slot];
}

static bool packing_write_event(struct trace_writer *writer,
                                const struct trace_event *event)
{
    struct packing_body *body = writer->state;
    struct trace_event judged = *event;
    uint64_t *birth;

    if (!trace_writer_says(writer, event))
        return writer->error.kind == TRACE_FINE;
    judged.has = 0;
    body->event++;
    if (!trace_live_apply(body->live, &judged, &writer->error))
        return false;
    birth = packing_birth(body, judged.id);
    if (!birth)
        return trace_no_memory(&writer->error);
    if (event->op != TRACE_ALLOC &&
        !packing_put(writer, *birth, body->event, trace_live_ended(body->live)))
        return false;
    *birth = event->op != TRACE_FREE ? body->event : 0;
    return true;
}

bool trace_packing_write(struct trace_writer *writer,
                         const struct trace_event *events, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!packing_write_event(writer, &events[i]))
            return false;
    return true;
}

/* What still lives does so until after the last event. */
static bool packing_put_rest(struct trace_writer *writer)
{
    struct packing_body *body = writer->state;

    for (size_t slot = 0; slot < body->birth_room; slot++)
        if (body->births[slot] != 0 &&
            !packing_put(writer, body->births[slot], body->event + 1,
                         trace_live_size(body->live, slot)))
            return false;
    return true;
}

bool trace_packing_finish(struct trace_writer *writer)
{
    struct packing_body *body = writer->state;
    bool fine = writer->error.kind == TRACE_FINE && packing_put_rest(writer);

    if (!body)
        return false;
    trace_live_free(body->live);
    free(body->births);
    free(body);
    return fine;
}
