/* pipe.c - a feed through a pipe: counts, each followed by so many events. */
#include "config.h"

#include "sim/feed.h"

#include <errno.h>
#include <unistd.h>

enum { PIPE_EVENTS = 512 };

bool sim_feed_put(int pipe, const void *from, size_t bytes)
{
    const char *at = from;

    while (bytes > 0) {
        ssize_t put = write(pipe, at, bytes);

        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return false;
        at += put;
        bytes -= (size_t)put;
    }
    return true;
}

bool sim_feed_get(int pipe, void *into, size_t bytes)
{
    char *at = into;

    while (bytes > 0) {
        ssize_t got = read(pipe, at, bytes);

        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        at += got;
        bytes -= (size_t)got;
    }
    return true;
}

void sim_feed_join(struct sim_feed *feed, int pipe)
{
    *feed = (struct sim_feed){.pipe = pipe};
}

bool sim_feed_pour(struct sim_feed *feed, int pipe)
{
    static struct trace_event events[PIPE_EVENTS];
    uint32_t count;

    do {
        count = (uint32_t)sim_feed_read(feed, events, PIPE_EVENTS);
        if (count == 0 && feed->error.kind != TRACE_FINE)
            return false;
        if (!sim_feed_put(pipe, &count, sizeof count) ||
            !sim_feed_put(pipe, events, count * sizeof *events))
            return false;
    } while (count > 0);
    return true;
}

/* A pipe that ends early tells of a trace that cannot be read. */
static size_t pipe_broken(struct sim_feed *feed)
{
    feed->error = (struct trace_error){
        .kind = TRACE_INTERNAL, .what = "the process that reads it has ended"};
    return 0;
}

size_t sim_feed_piped(struct sim_feed *feed, struct trace_event *events,
                      size_t capacity)
{
    size_t count;

    if (feed->piped == 0 &&
        !sim_feed_get(feed->pipe, &feed->piped, sizeof feed->piped))
        return pipe_broken(feed);
    count = feed->piped < capacity ? feed->piped : capacity;
    if (!sim_feed_get(feed->pipe, events, count * sizeof *events))
        return pipe_broken(feed);
    feed->piped -= (uint32_t)count;
    return count;
}
