/*
 * resume.c - see resume.h.
 *
 * Where to stop: the next trial, in less data than the last one, parts from it
 * at the first step after which the trail is above its size.  Until there the
 * way is halved, again and again, for the shorter a rest is the more of the
 * trials to come have all but that in common.
 */
#include "config.h"

#include "search/resume.h"

#include <stdlib.h>
#include <string.h>

#include "search/trial.h"

enum {
    RESUME_ROOM_BYTES = 64,  /* slack that a heap must have to grow late */
    RESUME_WORTH_BYTES = 64, /* sizes between a point and its trial, at least */
    RESUME_STEP_BYTES = 16384, /* are copied in the time of a step */
    RESUME_LEAST_STEPS = 16    /* from one point to the next */
};

/* All points may keep so much. */
#define RESUME_MOST_BYTES ((size_t)256 << 20)

static bool resume_suits(const struct search_trial *trial)
{
    const struct sim_spec *spec = trial->ground.spec;
    const struct polished_ops *ops = spec->layers[0].ops;

    return trial->has_slack && spec->layer_count == 1 && spec->host == NULL &&
           trial->ground.map == NULL && (ops->caps & POLISHED_GROWS) &&
           ops->extras == NULL;
}

bool search_resume_open(struct search_trial *trial)
{
    struct search_resume *resume = &trial->resume;
    const struct sim_layer *layer = &trial->ground.spec->layers[0];

    resume->can = resume_suits(trial);
    if (!resume->can)
        return true;
    resume->control_bytes =
        layer->ops->control_bytes(layer->knobs, SEARCH_GRAIN);
    resume->control = malloc(resume->control_bytes);
    resume->trail =
        calloc(trial->ground.tape->count + 1, sizeof *resume->trail);
    return resume->control != NULL && resume->trail != NULL;
}

void search_resume_close(struct search_trial *trial)
{
    struct search_resume *resume = &trial->resume;

    for (size_t i = 0; i < RESUME_POINTS; i++)
        free(resume->points[i].kept);
    free(resume->control);
    free(resume->trail);
}

static size_t resume_places_bytes(const struct search_trial *trial)
{
    return trial->ground.tape->slots * sizeof *trial->places;
}

static uint64_t resume_copy_steps(const struct search_trial *trial,
                                  uint64_t data_bytes)
{
    return (data_bytes + resume_places_bytes(trial)) / RESUME_STEP_BYTES;
}

/* The trail's last note that was made with at most so many steps done. */
static size_t resume_find(const struct search_resume *resume, size_t steps)
{
    size_t low = 0, high = resume->notes; /* trail[low] is one such */

    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;

        if (resume->trail[middle].steps <= steps)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* The steps after which a trial in so much data had still decided as the last
   one; lows rise along the trail. */
static size_t resume_common(const struct search_resume *resume,
                            uint64_t data_bytes)
{
    size_t low = 0, high = resume->notes; /* trail[high] is too high */

    if (data_bytes > resume->high_bytes || resume->notes == 0 ||
        resume->trail[0].low_bytes > data_bytes)
        return 0;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;

        if (resume->trail[middle].low_bytes <= data_bytes)
            low = middle;
        else
            high = middle;
    }
    return high == resume->notes ? 0 : resume->trail[high].steps - 1;
}

/* The next stop on the way from there to what is common; it may be that. */
static size_t resume_next(size_t from, size_t common, size_t apart)
{
    size_t rest = common - from;

    return rest < 2 * apart ? common : from + rest / 2;
}

/* Forget the points that such a trial cannot go on from. */
static void resume_drop(struct search_trial *trial, uint64_t data_bytes)
{
    struct search_resume *resume = &trial->resume;

    if (resume->base != trial->base)
        resume->count = resume->notes = 0;
    resume->base = trial->base;
    while (resume->count > 0) {
        const struct search_point *last = &resume->points[resume->count - 1];

        if (last->low_bytes <= data_bytes && data_bytes <= last->high_bytes)
            break;
        resume->count--;
    }
}

/* The least data of a trial that is to be kept with so many steps done. */
static uint64_t resume_least(const struct search_resume *resume, size_t steps)
{
    uint64_t low_bytes = resume->trail[resume_find(resume, steps)].low_bytes;

    return (low_bytes + RESUME_ROOM_BYTES + SEARCH_GRAIN - 1) / SEARCH_GRAIN *
           SEARCH_GRAIN;
}

unsigned search_resume_plan(struct search_trial *trial, uint64_t data_bytes,
                            struct search_stop stops[RESUME_POINTS])
{
    struct search_resume *resume = &trial->resume;
    size_t apart = RESUME_LEAST_STEPS + resume_copy_steps(trial, data_bytes);
    size_t common, from = 0;
    unsigned planned = 0;

    resume_drop(trial, data_bytes);
    if (resume->count > 0)
        from = resume->points[resume->count - 1].steps;
    common = resume_common(resume, data_bytes);
    while (resume->count + planned < RESUME_POINTS && from + apart <= common) {
        struct search_stop *stop = &stops[planned];

        stop->steps = resume_next(from, common, apart);
        stop->data_bytes = resume_least(resume, stop->steps);
        if (stop->data_bytes + RESUME_WORTH_BYTES > data_bytes)
            break;
        from = stop->steps;
        planned++;
    }
    resume->cost = 0;
    resume->known_bytes = resume->high_bytes;
    resume->high_bytes = data_bytes;
    return planned;
}

/* Copy what a point keeps to where it belongs, or from there. */
static void resume_copy(struct search_trial *trial,
                        const struct search_point *point, bool keep)
{
    struct search_resume *resume = &trial->resume;
    const struct {
        void *bytes;
        size_t count;
    } parts[] = {
        {trial->base, point->low_bytes},
        {resume->control, resume->control_bytes},
        {trial->places, resume_places_bytes(trial)},
    };
    unsigned char *kept = point->kept;

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        memcpy(keep ? kept : parts[i].bytes, keep ? parts[i].bytes : kept,
               parts[i].count);
        kept += parts[i].count;
    }
    resume->cost += resume_copy_steps(trial, point->low_bytes);
}

static enum polished_status resume_afresh(struct search_trial *trial,
                                          uint64_t data_bytes)
{
    struct search_resume *resume = &trial->resume;
    const struct polished_setup setup = {
        .ops = trial->ground.spec->layers[0].ops,
        .data = {.base = trial->base, .size_bytes = data_bytes},
        .control = resume->control,
        .control_bytes = resume->control_bytes,
        .knobs = trial->ground.spec->layers[0].knobs,
    };

    resume->notes = 0;
    trial->swept = false;
    return polished_init(&trial->arena.heaps[0], &setup);
}

enum polished_status search_resume_begin(struct search_trial *trial,
                                         uint64_t data_bytes, size_t *steps)
{
    struct search_resume *resume = &trial->resume;
    const struct search_point *point;
    enum polished_status status;

    trial->arena = (struct sim_arena){.heap = &trial->arena.heaps[0],
                                      .memory = &trial->memory};
    *steps = 0;
    if (resume->count == 0) {
        status = resume_afresh(trial, data_bytes);
        if (status == POLISHED_OK)
            search_resume_note(trial, 0);
        return status;
    }
    point = &resume->points[resume->count - 1];
    resume_copy(trial, point, false);
    *trial->arena.heap = point->heap;
    trial->swept = point->swept;
    resume->notes = point->notes;
    *steps = point->steps;
    return POLISHED_OK;
}

enum polished_status search_resume_grow(struct search_trial *trial,
                                        uint64_t data_bytes)
{
    struct polished_heap *heap = trial->arena.heap;
    polished_size more_bytes = data_bytes - heap->data.size_bytes;
    polished_size slack_bytes = heap->slack_bytes;
    enum polished_status status = POLISHED_OK;

    if (more_bytes != 0)
        status = polished_extend(heap, more_bytes);
    /* Had it been there from the start, it could have been left out. */
    heap->slack_bytes = slack_bytes + more_bytes;
    return status;
}

void search_resume_keep(struct search_trial *trial, size_t steps)
{
    struct search_resume *resume = &trial->resume;
    struct search_point *point = &resume->points[resume->count];
    uint64_t data_bytes = trial->arena.heap->data.size_bytes;
    size_t bytes =
        data_bytes + resume->control_bytes + resume_places_bytes(trial);

    if (bytes > point->kept_room) {
        unsigned char *kept;

        if (bytes - point->kept_room > RESUME_MOST_BYTES - resume->kept_bytes)
            return;
        kept = realloc(point->kept, bytes);
        if (kept == NULL)
            return;
        resume->kept_bytes += bytes - point->kept_room;
        point->kept = kept;
        point->kept_room = bytes;
    }
    point->low_bytes = data_bytes;
    point->high_bytes = resume->known_bytes;
    point->steps = steps;
    point->notes = resume->notes;
    point->heap = *trial->arena.heap;
    point->swept = trial->swept;
    resume_copy(trial, point, true);
    resume->count++;
}

void search_resume_note(struct search_trial *trial, size_t steps)
{
    struct search_resume *resume = &trial->resume;
    const struct polished_heap *heap = trial->arena.heap;
    uint64_t low_bytes = heap->data.size_bytes - heap->slack_bytes;

    if (resume->notes == 0 ||
        resume->trail[resume->notes - 1].low_bytes < low_bytes)
        resume->trail[resume->notes++] = (struct search_note){steps, low_bytes};
}
