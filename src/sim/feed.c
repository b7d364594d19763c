#include "sim/feed.h"

#include <string.h>

bool sim_feed_open(struct sim_feed *feed, struct trace_reader *reader,
                   bool resolve, bool misuse, uint64_t align_bytes)
{
    feed->reader = reader;
    feed->live = resolve ? trace_live_new(misuse) : NULL;
    feed->error.kind = TRACE_FINE;
    feed->spells = false;
    feed->event = 0;
    feed->raw_count = feed->raw_next = feed->raw_place = 0;
    feed->implying = false;
    feed->owners = (struct sim_owners){0};
    measure_census_begin(&feed->census, align_bytes);
    if (feed->live != NULL)
        trace_live_name(feed->live, reader);
    return !resolve || feed->live != NULL;
}

bool sim_feed_as_written(const struct sim_feed *feed)
{
    return !feed->spells && !trace_live_renames(feed->live);
}

void sim_feed_close(struct sim_feed *feed)
{
    trace_live_free(feed->live);
    sim_owners_free(&feed->owners);
    trace_close(feed->reader);
}

const char *sim_feed_text(const struct sim_feed *feed, trace_string number)
{
    return feed->reader == NULL ? "" : trace_text(feed->reader, number);
}

static size_t feed_least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* What the reader has next, and says when it fails. */
static size_t feed_raw(struct sim_feed *feed, struct trace_event *events,
                       size_t capacity)
{
    size_t count = trace_read(feed->reader, events, capacity);

    if (count == 0 && trace_failed(feed->reader) != NULL)
        feed->error = *trace_failed(feed->reader);
    return count;
}

/* Events that are still to be resolved: first those that had to wait. */
static size_t feed_take(struct sim_feed *feed, struct trace_event *events,
                        size_t capacity)
{
    size_t waiting = feed->raw_count - feed->raw_next;
    size_t count = feed_least(waiting, capacity);

    if (waiting == 0)
        return feed_raw(feed, events, feed_least(capacity, SIM_FEED_EVENTS));
    memcpy(events, feed->raw + feed->raw_next, count * sizeof *events);
    feed->raw_next += count;
    return count;
}

/* The last so many events that were taken have to wait. */
static void feed_put_back(struct sim_feed *feed,
                          const struct trace_event *events, size_t count,
                          size_t place)
{
    if (feed->raw_next != 0) {
        feed->raw_next -= count;
        return;
    }
    memcpy(feed->raw, events, count * sizeof *events);
    feed->raw_count = count;
    feed->raw_place = place;
}

/* Does this operation stand for others, which follow it? */
static inline bool feed_is_group(unsigned op)
{
    return op == TRACE_DESTROY || op == TRACE_REWIND || op == TRACE_RESET;
}

/* How many heaps there are at once. */
static void feed_heap(struct sim_feed *feed, const struct trace_event *event)
{
    sim_owner(&feed->owners, event->heap);
    if (event->op == TRACE_DESTROY)
        sim_owner_end(&feed->owners, event->heap);
    feed->census.heaps = feed->owners.next + UINT64_C(1);
}

static void feed_count(struct sim_feed *feed, const struct trace_event *event)
{
    uint64_t ended_bytes = trace_live_ended(feed->live);

    if ((event->has & TRACE_HAS_HEAP) || event->op == TRACE_DESTROY)
        feed_heap(feed, event);
    measure_census_add(&feed->census, event, 1, &ended_bytes);
}

static bool feed_implied(struct sim_feed *feed, struct trace_event *event)
{
    feed->implying = trace_live_implied(feed->live, event);
    if (feed->implying)
        feed_count(feed, event);
    return feed->implying;
}

/* The event that was number place of the last trace_read is wrong. */
static void feed_refuse(struct sim_feed *feed, size_t place)
{
    feed->error.event = feed->event;
    trace_where(feed->reader, place, &feed->error.line, &feed->error.column);
}

/* false: it is refused. */
static bool feed_resolve(struct sim_feed *feed, struct trace_event *event)
{
    event->has &= (uint16_t)~TRACE_IS_STALE;
    feed->event++;
    if (!trace_live_apply(feed->live, event, &feed->error))
        return false;
    feed->implying = feed_is_group(event->op);
    feed->spells = feed->spells || feed->implying;
    feed_count(feed, event);
    return true;
}

/* As many as are plain, at once. */
static size_t feed_run(struct sim_feed *feed, struct trace_event *events,
                       size_t count)
{
    uint64_t ended_bytes[SIM_FEED_EVENTS];

    count = trace_live_run(feed->live, events,
                           feed_least(count, SIM_FEED_EVENTS), ended_bytes);
    measure_census_add(&feed->census, events, count, ended_bytes);
    feed->event += count;
    return count;
}

/* Resolve events where they are; those that are dropped leave no gap: what a
   resolved trace says of its events is found out again. */
static size_t feed_resolve_all(struct sim_feed *feed,
                               struct trace_event *events, size_t count,
                               size_t place)
{
    size_t kept = 0;

    for (size_t i = 0; i < count && !feed->implying; i++) {
        size_t run = kept == i ? feed_run(feed, events + i, count - i) : 0;

        kept += run;
        i += run;
        if (i == count)
            break;
        if (events[i].has & TRACE_IS_IMPLIED)
            continue;
        if (kept != i)
            events[kept] = events[i];
        if (!feed_resolve(feed, &events[kept])) {
            feed_refuse(feed, place + i);
            break;
        }
        kept++;
        if (feed->implying)
            feed_put_back(feed, events + i + 1, count - i - 1, place + i + 1);
    }
    return kept;
}

size_t sim_feed_read(struct sim_feed *feed, struct trace_event *events,
                     size_t capacity)
{
    size_t count = 0;

    if (feed->reader == NULL)
        return sim_feed_piped(feed, events, capacity);
    if (feed->live == NULL)
        return feed_raw(feed, events, capacity);
    while (count < capacity && feed->error.kind == TRACE_FINE) {
        size_t place, taken;

        if (feed->implying && feed_implied(feed, &events[count])) {
            count++;
            continue;
        }
        if (feed->raw_next == feed->raw_count)
            feed->raw_next = feed->raw_count = feed->raw_place = 0;
        place = feed->raw_place + feed->raw_next;
        taken = feed_take(feed, events + count, capacity - count);
        if (taken == 0)
            break;
        count += feed_resolve_all(feed, events + count, taken, place);
    }
    return count;
}
