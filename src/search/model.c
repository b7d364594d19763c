/* search/model.c - four policies on a line of holes. */
#include "search/model.h"

#include <stdlib.h>
#include <string.h>

enum { MODEL_FIRST_ROOM = 64 };
enum { MODEL_FIRST, MODEL_BEST, MODEL_NEXT, MODEL_BUDDY };

const char *const search_models[] = {
    [MODEL_FIRST] = "first-fit", [MODEL_BEST] = "best-fit",
    [MODEL_NEXT] = "next-fit",   [MODEL_BUDDY] = "buddy",
    [MODEL_BUDDY + 1] = NULL,
};

/* The first hole that begins at or behind an address. */
static size_t model_seek(const struct search_model *model, uint64_t address)
{
    size_t low = 0, high = model->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (model->holes[middle].begin < address)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool model_insert(struct search_model *model, size_t at,
                         struct search_hole hole)
{
    if (model->count == model->room) {
        size_t room = model->room ? 2 * model->room : MODEL_FIRST_ROOM;
        void *holes = realloc(model->holes, room * sizeof *model->holes);

        if (!holes)
            return false;
        model->holes = holes;
        model->room = room;
    }
    memmove(&model->holes[at + 1], &model->holes[at],
            (model->count++ - at) * sizeof *model->holes);
    model->holes[at] = hole;
    return true;
}

static void model_remove(struct search_model *model, size_t at)
{
    memmove(&model->holes[at], &model->holes[at + 1],
            (--model->count - at) * sizeof *model->holes);
}

/* The first of the holes [from, to) that fits; to, if none does. */
static size_t model_first(const struct search_model *model, uint64_t size,
                          size_t from, size_t to)
{
    while (from < to && model->holes[from].size < size)
        from++;
    return from;
}

/* The lowest of the smallest that fit; count, if none does. */
static size_t model_best(const struct search_model *model, uint64_t size)
{
    size_t best = model->count;

    for (size_t i = 0; i < model->count; i++)
        if (model->holes[i].size >= size &&
            (best == model->count ||
             model->holes[i].size < model->holes[best].size))
            best = i;
    return best;
}

static size_t model_next(const struct search_model *model, uint64_t size)
{
    size_t start = model_seek(model, model->cursor);
    size_t found = model_first(model, size, start, model->count);

    if (found < model->count)
        return found;
    found = model_first(model, size, 0, start);
    return found < start ? found : model->count;
}

static size_t model_choose(const struct search_model *model, uint64_t size)
{
    switch (model->policy) {
    case MODEL_FIRST:
        return model_first(model, size, 0, model->count);
    case MODEL_NEXT:
        return model_next(model, size);
    default:
        return model_best(model, size);
    }
}

static uint64_t model_rounded(const struct search_model *model, uint64_t size)
{
    uint64_t rounded = 1;

    if (model->policy != MODEL_BUDDY)
        return size;
    while (rounded < size)
        rounded *= 2;
    return rounded;
}

/* The heap grows to the next multiple of size; what lies before is free, in
   blocks as large as their address allows. */
static bool model_align(struct search_model *model, uint64_t size)
{
    while (model->policy == MODEL_BUDDY && model->end % size != 0) {
        uint64_t low = model->end & (~model->end + 1);

        if (!model_insert(model, model->count,
                          (struct search_hole){model->end, low}))
            return false;
        model->end += low;
    }
    return true;
}

/* Halve a buddy until it is of this size; the upper halves stay free. */
static bool model_halve(struct search_model *model, size_t at, uint64_t size)
{
    while (model->holes[at].size > size) {
        struct search_hole *hole = &model->holes[at];

        hole->size /= 2;
        if (!model_insert(
                model, at + 1,
                (struct search_hole){hole->begin + hole->size, hole->size}))
            return false;
    }
    return true;
}

bool search_model_alloc(struct search_model *model, uint64_t size,
                        uint64_t *offset)
{
    size = model_rounded(model, size);
    size_t at = model_choose(model, size);

    if (at == model->count) {
        if (!model_align(model, size))
            return false;
        *offset = model->end;
        model->end += size;
    } else {
        if (model->policy == MODEL_BUDDY && !model_halve(model, at, size))
            return false;
        *offset = model->holes[at].begin;
        model->holes[at].begin += size;
        model->holes[at].size -= size;
        if (model->holes[at].size == 0)
            model_remove(model, at);
    }
    model->cursor = *offset + size;
    if (model->end > model->extent)
        model->extent = model->end;
    return true;
}

/* Merge the hole with its buddy as long as that is free and as large. */
static void model_pair(struct search_model *model, size_t at)
{
    for (;;) {
        struct search_hole *hole = &model->holes[at];
        uint64_t buddy = hole->begin ^ hole->size;
        size_t other = model_seek(model, buddy);

        if (other == model->count || model->holes[other].begin != buddy ||
            model->holes[other].size != hole->size)
            return;
        at = at < other ? at : other;
        model->holes[at].size *= 2;
        model_remove(model, at + 1);
    }
}

static void model_merge(struct search_model *model, size_t at)
{
    struct search_hole *hole = &model->holes[at];

    if (at + 1 < model->count && hole->begin + hole->size == hole[1].begin) {
        hole->size += hole[1].size;
        model_remove(model, at + 1);
    }
    if (at > 0 && hole[-1].begin + hole[-1].size == hole->begin) {
        hole[-1].size += hole->size;
        model_remove(model, at);
    }
}

bool search_model_free(struct search_model *model, uint64_t offset,
                       uint64_t size)
{
    size_t at = model_seek(model, offset);
    struct search_hole *last;

    size = model_rounded(model, size);
    if (!model_insert(model, at, (struct search_hole){offset, size}))
        return false;
    if (model->policy == MODEL_BUDDY)
        model_pair(model, at);
    else
        model_merge(model, at);
    /* What is free at the end is no hole. */
    while (model->count > 0) {
        last = &model->holes[model->count - 1];
        if (last->begin + last->size != model->end)
            break;
        model->end = last->begin;
        model->count--;
    }
    return true;
}

void search_model_close(struct search_model *model)
{
    free(model->holes);
    memset(model, 0, sizeof *model);
}
