#include "config.h"

#include "sim/relay.h"

/* Wait until there is a lot for that side: one to fill, or one to use. */
static void relay_wait(struct sim_relay *relay, uint64_t idle_lots)
{
    pthread_mutex_lock(&relay->lock);
    while (relay->filled - relay->used == idle_lots)
        pthread_cond_wait(&relay->turned, &relay->lock);
    pthread_mutex_unlock(&relay->lock);
}

/* One lot more has been filled, or used. */
static void relay_turn(struct sim_relay *relay, uint64_t *lots)
{
    pthread_mutex_lock(&relay->lock);
    ++*lots;
    pthread_cond_signal(&relay->turned);
    pthread_mutex_unlock(&relay->lock);
}

static void *relay_read(void *context)
{
    struct sim_relay *relay = context;
    struct sim_lot *lot;

    do {
        relay_wait(relay, SIM_LOTS);
        lot = &relay->lots[relay->filled % SIM_LOTS];
        lot->count = sim_feed_read(relay->feed, lot->events, SIM_LOT_EVENTS);
        lot->census = relay->feed->census;
        relay_turn(relay, &relay->filled);
    } while (lot->count > 0);
    return NULL;
}

bool sim_relay_start(struct sim_relay *relay, struct sim_feed *feed)
{
    relay->feed = feed;
    relay->filled = relay->used = 0;
    pthread_mutex_init(&relay->lock, NULL);
    pthread_cond_init(&relay->turned, NULL);
    return pthread_create(&relay->reader, NULL, relay_read, relay) == 0;
}

const struct sim_lot *sim_relay_take(struct sim_relay *relay)
{
    relay_wait(relay, 0);
    return &relay->lots[relay->used % SIM_LOTS];
}

void sim_relay_give(struct sim_relay *relay)
{
    relay_turn(relay, &relay->used);
}

/* It may be waiting for a lot, or for its input: both can be cut short. */
void sim_relay_stop(struct sim_relay *relay)
{
    pthread_cancel(relay->reader);
    pthread_join(relay->reader, NULL);
}
