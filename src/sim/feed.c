#include "sim/feed.h"

bool sim_feed_open(struct sim_feed *feed, struct trace_reader *reader,
                   bool resolve, bool misuse, uint64_t align_bytes)
{
    feed->reader = reader;
    feed->live = resolve ? trace_live_new(misuse) : NULL;
    feed->error.kind = TRACE_FINE;
    feed->as_written = true;
    feed->event = 0;
    feed->raw_count = feed->raw_next = 0;
    feed->implying = false;
    feed->owners = (struct sim_owners){0};
    measure_census_begin(&feed->census, align_bytes);
    if (feed->live != NULL)
        trace_live_name(feed->live, reader);
    return !resolve || feed->live != NULL;
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

static bool feed_fill(struct sim_feed *feed)
{
    feed->raw_next = 0;
    feed->raw_count = trace_read(feed->reader, feed->raw, SIM_FEED_EVENTS);
    if (feed->raw_count == 0 && trace_failed(feed->reader) != NULL)
        feed->error = *trace_failed(feed->reader);
    return feed->raw_count != 0;
}

/* Does this event stand for others, which follow it? */
static bool feed_is_group(const struct trace_event *event)
{
    return event->op == TRACE_DESTROY || event->op == TRACE_REWIND ||
           event->op == TRACE_RESET;
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
    if ((event->has & TRACE_HAS_HEAP) || event->op == TRACE_DESTROY)
        feed_heap(feed, event);
    measure_census_add(&feed->census, event, trace_live_ended(feed->live));
}

static bool feed_implied(struct sim_feed *feed, struct trace_event *event)
{
    feed->implying = trace_live_implied(feed->live, event);
    if (feed->implying)
        feed_count(feed, event);
    return feed->implying;
}

static bool feed_resolve(struct sim_feed *feed, struct trace_event *event)
{
    uint64_t id = event->id;

    /* What a resolved trace says of its events is found out again. */
    if (event->has & TRACE_IS_IMPLIED)
        return false;
    event->has &= (uint16_t)~TRACE_IS_STALE;
    feed->event++;
    if (!trace_live_apply(feed->live, event, &feed->error)) {
        feed->error.event = feed->event;
        trace_where(feed->reader, feed->raw_next - 1, &feed->error.line,
                    &feed->error.column);
        return false;
    }
    feed->implying = feed_is_group(event);
    if (feed->implying || (event->op <= TRACE_REALLOC && id != event->id))
        feed->as_written = false;
    feed_count(feed, event);
    return true;
}

size_t sim_feed_read(struct sim_feed *feed, struct trace_event *events,
                     size_t capacity)
{
    size_t count = 0;

    if (feed->reader == NULL)
        return sim_feed_piped(feed, events, capacity);
    if (feed->live == NULL) {
        count = trace_read(feed->reader, events, capacity);
        if (count == 0 && trace_failed(feed->reader) != NULL)
            feed->error = *trace_failed(feed->reader);
        return count;
    }
    while (count < capacity && feed->error.kind == TRACE_FINE) {
        if (feed->implying && feed_implied(feed, &events[count])) {
            count++;
            continue;
        }
        if (feed->raw_next == feed->raw_count && !feed_fill(feed))
            break;
        events[count] = feed->raw[feed->raw_next++];
        if (feed_resolve(feed, &events[count]))
            count++;
    }
    return count;
}
