/* search/reduce.c - leave out, look, take back. */
#include "config.h"

#include "search/reduce.h"

#include <stdlib.h>
#include <string.h>

/* Events after the one that shows it do not matter. */
static void reduce_cut(struct search_lives *lives, uint64_t event)
{
    for (size_t i = 0; i < lives->count; i++) {
        if (lives->gone[i])
            continue;
        if (event == 0)
            lives->gone[i] |= SEARCH_GONE_LATE;
        else
            event--;
    }
}

static bool reduce_spent(const struct search_reduction *reduction)
{
    return reduction->failed || reduction->replayed >= reduction->most_events;
}

/* Does it still show?  Then it stays as it is. */
static bool reduce_try(struct search_reduction *reduction)
{
    struct search_look *look = reduction->look;

    if (reduce_spent(reduction))
        return false;
    reduction->failed =
        !search_symptom_shows(&reduction->symptom, reduction->lives, look);
    reduction->tries++;
    reduction->replayed += look->replayed + 1;
    if (!reduction->failed && look->shows) {
        reduction->best = *look;
        reduction->symptom.memory_bytes = look->memory_bytes;
        reduction->symptom.peak_bytes = look->peak_bytes;
        if (reduction->symptom.kind == SEARCH_FAILS)
            reduce_cut(reduction->lives, look->event);
    }
    if (reduction->progress)
        reduction->progress(reduction->context, reduction);
    return !reduction->failed && look->shows;
}

/* --- leaving out ------------------------------------------------------- */

/* What a pass leaves out: units, or single events. */
struct reduce_kind {
    void (*drop)(struct search_lives *lives, size_t item, bool gone);
    bool (*alive)(const struct search_lives *lives, size_t item);
};

static bool reduce_unit_alive(const struct search_lives *lives, size_t unit)
{
    return lives->gone[lives->firsts[unit]] == 0;
}

static void reduce_event_drop(struct search_lives *lives, size_t event,
                              bool gone)
{
    lives->gone[event] &= (unsigned char)~SEARCH_GONE_ALONE;
    lives->gone[event] |= gone ? SEARCH_GONE_ALONE : 0;
}

/* The first of a unit cannot go alone. */
static bool reduce_event_alive(const struct search_lives *lives, size_t event)
{
    uint8_t op = lives->events[event].op;

    return lives->gone[event] == 0 &&
           (op == TRACE_FREE || op == TRACE_REALLOC || op == TRACE_REWIND);
}

static const struct reduce_kind reduce_units = {search_lives_drop,
                                                reduce_unit_alive};
static const struct reduce_kind reduce_events = {reduce_event_drop,
                                                 reduce_event_alive};

struct reduce_items {
    const struct reduce_kind *kind;
    size_t *items, count;
};

static void reduce_drop(struct search_reduction *reduction,
                        const struct reduce_items *list, size_t from,
                        size_t count, bool gone)
{
    for (size_t i = from; i < from + count; i++)
        list->kind->drop(reduction->lives, list->items[i], gone);
}

/* Forget those that have gone; those from behind at on that are left. */
static size_t reduce_forget(const struct search_reduction *reduction,
                            struct reduce_items *list, size_t at)
{
    size_t kept = 0, next = 0;

    for (size_t i = 0; i < list->count; i++) {
        if (i == at)
            next = kept;
        if (list->kind->alive(reduction->lives, list->items[i]))
            list->items[kept++] = list->items[i];
    }
    next = at >= list->count ? kept : next;
    list->count = kept;
    return next;
}

/* One round over all, so many at a time.  Has any gone? */
static bool reduce_round(struct search_reduction *reduction,
                         struct reduce_items *list, size_t chunk)
{
    bool any = false;

    for (size_t at = 0; at < list->count && !reduce_spent(reduction);) {
        size_t count = list->count - at < chunk ? list->count - at : chunk;

        reduce_drop(reduction, list, at, count, true);
        if (reduce_try(reduction)) {
            any = true;
            at = reduce_forget(reduction, list, at);
        } else {
            reduce_drop(reduction, list, at, count, false);
            at += count;
        }
    }
    return any;
}

static bool reduce_pass(struct search_reduction *reduction,
                        const struct reduce_kind *kind, size_t most)
{
    struct reduce_items list = {
        .kind = kind, .items = calloc(most + 1, sizeof(size_t)), .count = most};
    bool any = false;

    reduction->failed = reduction->failed || list.items == NULL;
    for (size_t i = 0; list.items && i < most; i++)
        list.items[i] = i;
    if (list.items)
        reduce_forget(reduction, &list, 0);
    for (size_t chunk = list.count / 2 + 1; !reduce_spent(reduction);) {
        bool some = reduce_round(reduction, &list, chunk);

        any = any || some;
        if (chunk == 1 && !some)
            break;
        /* A chunk of one goes round until it helps no more. */
        chunk = chunk > 2 ? chunk / 2 : 1;
    }
    free(list.items);
    return any;
}

/* --- making smaller ---------------------------------------------------- */

static bool reduce_size_to(struct search_reduction *reduction,
                           struct trace_event *event, uint64_t size_bytes)
{
    uint64_t before = event->size_bytes;

    event->size_bytes = size_bytes;
    if (reduce_try(reduction))
        return true;
    event->size_bytes = before;
    return false;
}

/* As small as shows it, in steps that halve. */
static bool reduce_size(struct search_reduction *reduction,
                        struct trace_event *event)
{
    bool any = event->size_bytes > 1 && reduce_size_to(reduction, event, 1);

    for (uint64_t step = event->size_bytes / 2;
         step > 0 && !reduce_spent(reduction);)
        if (step < event->size_bytes &&
            reduce_size_to(reduction, event, event->size_bytes - step))
            any = true;
        else
            step /= 2;
    return any;
}

static bool reduce_sizes(struct search_reduction *reduction)
{
    struct search_lives *lives = reduction->lives;
    bool any = false;

    for (size_t i = 0; i < lives->count; i++)
        if (lives->gone[i] == 0 && (lives->events[i].op == TRACE_ALLOC ||
                                    lives->events[i].op == TRACE_REALLOC))
            any = reduce_size(reduction, &lives->events[i]) || any;
    return any;
}

/* What an event states besides. */
static bool reduce_words(struct search_reduction *reduction)
{
    static const uint16_t words[] = {TRACE_HAS_ZERO, TRACE_HAS_ALIGN,
                                     TRACE_HAS_HEAP, TRACE_HAS_BELOW,
                                     TRACE_HAS_BOUNDARY};
    struct search_lives *lives = reduction->lives;
    bool any = false;

    for (size_t i = 0; i < lives->count; i++)
        for (size_t word = 0; word < sizeof words / sizeof *words; word++) {
            struct trace_event *event = &lives->events[i];

            if (lives->gone[i] || !(event->has & words[word]))
                continue;
            event->has ^= words[word];
            if (reduce_try(reduction))
                any = true;
            else
                event->has ^= words[word];
        }
    return any;
}

/* No policy looks at these. */
static void reduce_bare(struct search_lives *lives)
{
    for (size_t i = 0; i < lives->count; i++)
        lives->events[i].has &= (uint16_t) ~(TRACE_HAS_THREAD | TRACE_HAS_TIME);
}

bool search_reduce(struct search_reduction *reduction)
{
    const struct search_lives *lives = reduction->lives;
    bool any;

    reduce_bare(reduction->lives);
    reduce_try(reduction);
    do {
        any = reduce_pass(reduction, &reduce_units, lives->units);
        any = reduce_pass(reduction, &reduce_events, lives->count) || any;
        any = reduce_sizes(reduction) || any;
        any = reduce_words(reduction) || any;
    } while (any && !reduce_spent(reduction));
    return !reduce_spent(reduction);
}
