#include "config.h"

#include "sim/relay.h"

/* The lots that one of the two could go on with. */
static uint64_t relay_work(const struct sim_relay *relay, bool reads)
{
    uint64_t full = relay->filled - relay->used;

    return reads ? SIM_LOTS - full : full;
}

static void relay_wait(struct sim_relay *relay, bool reads)
{
    pthread_mutex_lock(&relay->lock);
    if (relay_work(relay, reads) == 0)
        while (relay_work(relay, reads) < SIM_LOTS / 2 && !relay->ended)
            pthread_cond_wait(&relay->turned, &relay->lock);
    pthread_mutex_unlock(&relay->lock);
}

/* One lot more has been filled, or used; ended: it is the last one. */
static void relay_turn(struct sim_relay *relay, uint64_t *lots, bool ended)
{
    pthread_mutex_lock(&relay->lock);
    ++*lots;
    relay->ended = relay->ended || ended;
    if (relay_work(relay, true) == SIM_LOTS / 2 || ended)
        pthread_cond_signal(&relay->turned);
    pthread_mutex_unlock(&relay->lock);
}

static void *relay_read(void *context)
{
    struct sim_relay *relay = context;
    struct sim_lot *lot;

    do {
        relay_wait(relay, true);
        lot = &relay->lots[relay->filled % SIM_LOTS];
        lot->count = sim_feed_read(relay->feed, lot->events, SIM_LOT_EVENTS);
        lot->census = relay->feed->census;
        relay_turn(relay, &relay->filled, lot->count == 0);
    } while (!relay->ended);
    return NULL;
}

bool sim_relay_start(struct sim_relay *relay, struct sim_feed *feed)
{
    relay->feed = feed;
    relay->filled = relay->used = 0;
    relay->ended = false;
    pthread_mutex_init(&relay->lock, NULL);
    pthread_cond_init(&relay->turned, NULL);
    return pthread_create(&relay->reader, NULL, relay_read, relay) == 0;
}

const struct sim_lot *sim_relay_take(struct sim_relay *relay)
{
    relay_wait(relay, false);
    return &relay->lots[relay->used % SIM_LOTS];
}

void sim_relay_give(struct sim_relay *relay)
{
    relay_turn(relay, &relay->used, false);
}

/* It may be waiting for a lot, or for its input: both can be cut short. */
void sim_relay_stop(struct sim_relay *relay)
{
    pthread_cancel(relay->reader);
    pthread_join(relay->reader, NULL);
}
