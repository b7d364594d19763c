#include "config.h"

#include "search/trial.h"

#include <stdlib.h>
#include <unistd.h>

#include "sim/pages.h"

bool search_trial_begin(struct search_trial *trial,
                        const struct search_ground *ground)
{
    *trial = (struct search_trial){.ground = *ground, .has_slack = true};
    for (unsigned i = 0; i < ground->spec->layer_count; i++)
        trial->has_slack = trial->has_slack &&
                           (ground->spec->layers[i].ops->caps & POLISHED_SLACK);
    trial->places = calloc(ground->tape->slots + 1, sizeof *trial->places);
    return trial->places != NULL && search_resume_open(trial);
}

void search_trial_end(struct search_trial *trial)
{
    sim_pages_free(trial->pages, trial->pages_bytes);
    sim_memory_free(&trial->memory);
    search_resume_close(trial);
    free(trial->places);
}

/* The memory of so many bytes, as a run with -m has it; a map that has less
   goes on behind its last piece. */
static bool trial_memory(const struct search_trial *trial, uint64_t bytes,
                         struct sim_memory *memory)
{
    const struct search_ground *ground = &trial->ground;

    if (ground->map != NULL) {
        if (!sim_memory_map(memory, ground->map, ground->map_count, bytes))
            return false;
        memory->span_bytes += bytes - memory->total_bytes;
        memory->total_bytes = bytes;
        return true;
    }
    sim_memory_plain(memory, bytes);
    if (ground->tape->largest_align_bytes > memory->congruence)
        memory->congruence = ground->tape->largest_align_bytes;
    return true;
}

/* All sizes begin at the same address: one mapping serves those that are
   smaller, too, and no page of it is fetched twice. */
static bool trial_map(struct search_trial *trial,
                      const struct sim_memory *memory)
{
    uintptr_t start;

    if (memory->span_bytes <= trial->mapped_bytes)
        return true;
    sim_pages_free(trial->pages, trial->pages_bytes);
    trial->mapped_bytes = 0;
    trial->pages_bytes = memory->span_bytes + memory->congruence;
    trial->pages = trial->pages_bytes < memory->span_bytes
                       ? NULL
                       : sim_pages(trial->pages_bytes);
    if (trial->pages == NULL)
        return false;
    start = (uintptr_t)trial->pages;
    start += (memory->bus_base - start) & (memory->congruence - 1);
    trial->base = (unsigned char *)start;
    trial->mapped_bytes = memory->span_bytes;
    return true;
}

/* The data that the policy gets of so much memory; 0: none. */
static uint64_t trial_data(struct search_trial *trial, uint64_t bytes)
{
    struct sim_memory memory = {0};
    uint64_t data_bytes = 0;

    if (trial_memory(trial, bytes, &memory) && trial_map(trial, &memory))
        data_bytes = sim_arena_data(trial->ground.spec, &memory, trial->base);
    sim_memory_free(&memory);
    return data_bytes;
}

static bool trial_make(struct search_trial *trial, uint64_t bytes)
{
    struct sim_memory *memory = &trial->memory;

    sim_memory_free(memory);
    trial->marks.count = 0;
    trial->swept = false;
    return trial_memory(trial, bytes, memory) && trial_map(trial, memory) &&
           sim_arena_in(&trial->arena, trial->ground.spec, memory, trial->base,
                        0, NULL, 0) == POLISHED_OK;
}

static enum polished_status trial_alloc(struct search_trial *trial,
                                        const struct search_step *step,
                                        struct polished_request request)
{
    struct search_place *place = &trial->places[step->slot];

    place->size_bytes = request.size_bytes;
    place->align_log2 = step->align_log2;
    return polished_alloc(trial->arena.heap, &request, &place->offset_bytes);
}

static enum polished_status trial_realloc(struct search_trial *trial,
                                          const struct search_step *step)
{
    struct search_place *place = &trial->places[step->slot];
    struct polished_request request = {step->size_bytes,
                                       (uint64_t)1 << place->align_log2, 0, 0};
    enum polished_status status = polished_realloc(
        trial->arena.heap, &place->offset_bytes, place->size_bytes, &request);

    place->size_bytes = step->size_bytes;
    return status;
}

static enum polished_status trial_free(struct search_trial *trial,
                                       const struct search_step *step)
{
    const struct search_place *place = &trial->places[step->slot];

    if (trial->swept && step->implied)
        return POLISHED_OK;
    return polished_free(trial->arena.heap, place->offset_bytes,
                         place->size_bytes);
}

/* What frees many blocks at once; true: the policy has done so. */
static bool trial_sweep(struct search_trial *trial,
                        const struct search_step *step)
{
    struct polished_heap *heap = trial->arena.heap;

    switch (step->op) {
    case TRACE_DESTROY:
        return (heap->ops->caps & POLISHED_OWNERS) &&
               polished_destroy(heap, heap->owner) == POLISHED_OK;
    case TRACE_REWIND:
        return sim_marks_rewind(&trial->marks, heap, step->slot);
    case TRACE_RESET:
        trial->marks.count = 0;
        return sim_arena_reset(&trial->arena) == POLISHED_OK;
    case TRACE_MARK:
        sim_marks_set(&trial->marks, heap, step->slot);
        return false;
    default:
        if (heap->ops->caps & POLISHED_OWNERS)
            heap->owner = step->slot;
        return false;
    }
}

/* Has a block been placed so far away that trying it costs too much memory? */
static bool trial_roams(const struct search_trial *trial,
                        const struct search_step *step)
{
    const struct search_place *place = &trial->places[step->slot];

    return (step->op == TRACE_ALLOC || step->op == TRACE_REALLOC ||
            step->op == SEARCH_LIMITED) &&
           place->offset_bytes + place->size_bytes > trial->roam_bytes;
}

static enum polished_status trial_step(struct search_trial *trial,
                                       const struct search_step *step)
{
    const struct search_tape *tape = trial->ground.tape;

    if (step->op == TRACE_ALLOC)
        return trial_alloc(
            trial, step,
            (struct polished_request){step->size_bytes,
                                      (uint64_t)1 << step->align_log2, 0, 0});
    if (step->op == TRACE_FREE)
        return trial_free(trial, step);
    if (step->op == TRACE_REALLOC)
        return trial_realloc(trial, step);
    if (step->op == SEARCH_LIMITED)
        return trial_alloc(trial, step, tape->limited[step->size_bytes]);
    trial->swept = trial_sweep(trial, step);
    return POLISHED_OK;
}

static bool trial_resumes(const struct search_trial *trial)
{
    return trial->has_slack && trial->resume.can;
}

/* Replay up to the step `end`, from the one that found has come to.  false: it
   comes no further. */
static bool trial_replay(struct search_trial *trial, size_t end,
                         struct search_class *found)
{
    const struct search_step *steps = trial->ground.tape->steps;
    bool noting = trial_resumes(trial);

    for (; found->step < end; found->step++) {
        const struct search_step *step = &steps[found->step];

        ++*trial->ground.steps;
        found->cost++;
        found->status = trial_step(trial, step);
        if (found->status != POLISHED_OK)
            return false;
        if (noting)
            search_resume_note(trial, found->step + 1);
        if (trial->watch != NULL)
            trial->watch(trial->watcher, trial, step);
        if (trial->roam_bytes != 0 && trial_roams(trial, step)) {
            found->roamed = true;
            return false;
        }
    }
    return true;
}

/* Go on from where another trial was alike, and keep what others will be. */
static void trial_resume(struct search_trial *trial, uint64_t data_bytes,
                         struct search_class *found)
{
    struct search_stop stops[RESUME_POINTS + 1];
    unsigned planned = search_resume_plan(trial, data_bytes, stops);

    stops[planned] =
        (struct search_stop){trial->ground.tape->count, data_bytes};
    found->status =
        search_resume_begin(trial, stops[0].data_bytes, &found->step);
    found->made = found->status == POLISHED_OK;
    for (unsigned i = 0; found->status == POLISHED_OK && i <= planned; i++) {
        found->status = search_resume_grow(trial, stops[i].data_bytes);
        if (found->status != POLISHED_OK ||
            !trial_replay(trial, stops[i].steps, found))
            break;
        found->passed = i == planned;
        if (!found->passed)
            search_resume_keep(trial, found->step);
    }
    found->cost += trial->resume.cost;
}

/* Replay from the start, with control where a run with -m has it. */
static void trial_afresh(struct search_trial *trial, uint64_t bytes,
                         struct search_class *found)
{
    found->made = trial_make(trial, bytes);
    if (found->made)
        found->passed = trial_replay(trial, trial->ground.tape->count, found);
}

static uint64_t trial_slack(const struct search_trial *trial)
{
    uint64_t slack_bytes = UINT64_MAX;

    if (!trial->has_slack)
        return 0;
    for (unsigned i = 0; i < trial->ground.spec->layer_count; i++)
        if (trial->arena.heaps[i].slack_bytes < slack_bytes)
            slack_bytes = trial->arena.heaps[i].slack_bytes;
    return slack_bytes;
}

/*
 * The least size from which on up to bytes control is the same, so that data
 * shrinks as the memory does; not below least.
 */
static uint64_t trial_same(struct search_trial *trial, uint64_t bytes,
                           uint64_t least)
{
    uint64_t control_bytes = bytes - trial_data(trial, bytes);
    uint64_t other = least; /* all above same have this control */

    if (least - trial_data(trial, least) == control_bytes)
        return least;
    while (bytes - other > SEARCH_GRAIN) {
        uint64_t middle =
            other + (bytes - other) / 2 / SEARCH_GRAIN * SEARCH_GRAIN;

        if (middle - trial_data(trial, middle) == control_bytes)
            bytes = middle;
        else
            other = middle;
    }
    return bytes;
}

/*
 * The least size of which, and of all up to bytes, the policy gets data from
 * low to high.  Where control becomes smaller data is for once no smaller.
 */
static uint64_t trial_low(struct search_trial *trial, uint64_t bytes,
                          uint64_t low, uint64_t high)
{
    for (;;) {
        uint64_t spare_bytes = trial_data(trial, bytes) - low;
        uint64_t next;

        bytes = trial_same(trial, bytes,
                           bytes - spare_bytes / SEARCH_GRAIN * SEARCH_GRAIN);
        if (bytes <= SEARCH_GRAIN)
            return bytes;
        next = trial_data(trial, bytes - SEARCH_GRAIN);
        if (next == 0 || next < low || next > high)
            return bytes;
        bytes -= SEARCH_GRAIN;
    }
}

void search_trial_run(struct search_trial *trial, uint64_t bytes,
                      struct search_class *found)
{
    uint64_t data_bytes, slack_bytes;

    *found = (struct search_class){
        .low_bytes = bytes, .high_bytes = bytes, .status = POLISHED_NO_MEMORY};
    *trial->ground.bytes = bytes;
    data_bytes = trial_resumes(trial) ? trial_data(trial, bytes) : 0;
    if (data_bytes != 0)
        trial_resume(trial, data_bytes, found);
    else
        trial_afresh(trial, bytes, found);
    if (!found->made)
        return;
    data_bytes = trial->arena.heap->data.size_bytes;
    slack_bytes = trial_slack(trial);
    if (slack_bytes > data_bytes)
        slack_bytes = data_bytes;
    if (!found->roamed && slack_bytes >= SEARCH_GRAIN)
        found->low_bytes =
            trial_low(trial, bytes, data_bytes - slack_bytes, data_bytes);
}
