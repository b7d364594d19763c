/*
 * blame.c - charge the neighbours of holes, and rank who asked for them.
 *
 * The heap is walked again after as many events as it had blocks / 64, so that
 * walks cost some 64 visits an event; a walk counts for all events up to the
 * next one.
 */
#include "config.h"

#include "search/blame.h"

#include <stdlib.h>
#include <string.h>

#include "search/min_heap.h"
#include "trace/idmap.h"

enum {
    BLAME_VISITS = 64, /* blocks an event */
    BLAME_SIZES = 256, /* if there are more, powers of two are taken */
    BLAME_TRIED = 3,   /* so many are placed elsewhere */
    BLAME_LEAST_ROOM = 64,
    BLAME_OWN = 0 /* the row of what is no block of the trace's */
};

struct blame_row {
    uint64_t key; /* 1 + the site, 0: none told; or the least size */
    uint64_t blocks, byte_events;
};

struct blame {
    const struct search_tape *tape;
    struct idmap keys; /* key -> row */
    struct blame_row *rows;
    size_t row_count, row_room;
    bool by_range;     /* sizes from a power of two to the next */
    struct idmap at;   /* offset -> slot */
    uint64_t *offsets; /* by slot */
    uint32_t *row_of;  /* by slot */
    uint64_t events, all_events, next_event;
    /* In a walk: */
    uint64_t hole_bytes, blocks, weight;
    uint32_t below; /* the row of the last used block, row_count: none yet */
    bool short_of_memory;
};

static bool blame_by_site(const struct search_tape *tape)
{
    return tape->site_count != 0;
}

static uint64_t blame_size(const struct search_tape *tape,
                           const struct search_step *step)
{
    return step->op == SEARCH_LIMITED
               ? tape->limited[step->size_bytes].size_bytes
               : step->size_bytes;
}

/* Whose an alloc is. */
static uint64_t blame_key(const struct blame *blame,
                          const struct search_step *step)
{
    uint64_t size_bytes;

    if (blame_by_site(blame->tape))
        return search_tape_site(blame->tape,
                                (size_t)(step - blame->tape->steps));
    size_bytes = blame_size(blame->tape, step);
    return blame->by_range ? (uint64_t)1 << (63 - __builtin_clzll(size_bytes))
                           : size_bytes;
}

static bool blame_is_alloc(const struct search_step *step)
{
    return step->op == TRACE_ALLOC || step->op == SEARCH_LIMITED;
}

/* The row of a key, made if there is none; row_count when out of memory. */
static uint32_t blame_row(struct blame *blame, uint64_t key)
{
    struct idmap_entry *entry = trace_idmap_put(&blame->keys, key);
    size_t room = blame->row_room == 0 ? BLAME_LEAST_ROOM : 2 * blame->row_room;
    struct blame_row *rows = blame->rows;

    if (entry != NULL && entry->value != 0)
        return entry->value;
    if (entry != NULL && blame->row_count >= blame->row_room) {
        rows = realloc(rows, room * sizeof *rows);
        if (rows != NULL) {
            blame->rows = rows;
            blame->row_room = room;
        }
    }
    if (entry == NULL || rows == NULL) {
        blame->short_of_memory = true;
        return BLAME_OWN;
    }
    rows[blame->row_count] = (struct blame_row){.key = key};
    entry->value = (uint32_t)blame->row_count++;
    return entry->value;
}

/* All rows, before anything is charged. */
static bool blame_rows(struct blame *blame)
{
    for (int pass = 0; pass < 2; pass++) {
        trace_idmap_close(&blame->keys);
        blame->keys = (struct idmap){.count = 0};
        blame->row_count = 0;
        blame_row(blame, UINT64_MAX); /* BLAME_OWN */
        for (size_t i = 0; i < blame->tape->count; i++) {
            const struct search_step *step = &blame->tape->steps[i];
            uint32_t row = BLAME_OWN;

            if (blame_is_alloc(step))
                row = blame_row(blame, blame_key(blame, step));
            if (blame->short_of_memory)
                return false;
            blame->rows[row].blocks += row != BLAME_OWN;
        }
        if (blame_by_site(blame->tape) || blame->row_count <= BLAME_SIZES)
            break;
        blame->by_range = true;
    }
    return true;
}

/* --- charging ----------------------------------------------------------- */

static void blame_charge(struct blame *blame, uint32_t row, uint64_t bytes)
{
    uint64_t *sum = &blame->rows[row].byte_events;

    if (bytes > UINT64_MAX / blame->weight ||
        bytes * blame->weight > UINT64_MAX - *sum)
        *sum = UINT64_MAX;
    else
        *sum += bytes * blame->weight;
}

/* A used block above a hole: it shares it with the one below. */
static int blame_visit(void *context, const struct polished_block *block)
{
    struct blame *blame = context;
    const struct idmap_entry *entry;
    uint32_t row;

    blame->blocks++;
    if (block->kind == POLISHED_FREE)
        blame->hole_bytes += block->size_bytes;
    if (block->kind == POLISHED_FREE || block->kind == POLISHED_OWN)
        return 0;
    entry = trace_idmap_find(&blame->at, block->offset_bytes);
    row = entry == NULL ? BLAME_OWN : blame->row_of[entry->value];
    if (blame->hole_bytes != 0 && blame->below == blame->row_count) {
        blame_charge(blame, row, blame->hole_bytes);
    } else if (blame->hole_bytes != 0) {
        blame_charge(blame, blame->below,
                     blame->hole_bytes - blame->hole_bytes / 2);
        blame_charge(blame, row, blame->hole_bytes / 2);
    }
    blame->hole_bytes = 0;
    blame->below = row;
    return 0;
}

static int blame_count(void *context, const struct polished_block *block)
{
    (void)block;
    ++*(uint64_t *)context;
    return 0;
}

/* The walk stands for all events until the next one. */
static void blame_sample(struct blame *blame, const struct polished_heap *heap)
{
    uint64_t left = blame->all_events - blame->events + 1;
    uint64_t blocks = 0;

    polished_walk(heap, blame_count, &blocks);
    blame->weight = 1 + blocks / BLAME_VISITS;
    if (blame->weight > left)
        blame->weight = left;
    blame->next_event = blame->events + blame->weight;
    blame->hole_bytes = blame->blocks = 0;
    blame->below = (uint32_t)blame->row_count;
    polished_walk(heap, blame_visit, blame);
}

static void blame_put(struct blame *blame, uint32_t slot, uint64_t offset_bytes)
{
    struct idmap_entry *entry = trace_idmap_put(&blame->at, offset_bytes);

    blame->offsets[slot] = offset_bytes;
    if (entry == NULL)
        blame->short_of_memory = true;
    else
        entry->value = slot;
}

/* The block of a slot is not there any more, unless another is already. */
static void blame_remove(struct blame *blame, uint32_t slot)
{
    struct idmap_entry *entry =
        trace_idmap_find(&blame->at, blame->offsets[slot]);

    if (entry != NULL && entry->value == slot)
        trace_idmap_remove(&blame->at, entry);
}

static void blame_watch(void *context, const struct search_trial *trial,
                        const struct search_step *step)
{
    struct blame *blame = context;
    const struct idmap_entry *row;

    if (blame_is_alloc(step)) {
        row = trace_idmap_find(&blame->keys, blame_key(blame, step));
        blame->row_of[step->slot] = row->value;
        blame_put(blame, step->slot, trial->places[step->slot].offset_bytes);
    } else if (step->op == TRACE_FREE) {
        blame_remove(blame, step->slot);
    } else if (step->op == TRACE_REALLOC) {
        blame_remove(blame, step->slot);
        blame_put(blame, step->slot, trial->places[step->slot].offset_bytes);
    }
    if (step->op == SEARCH_OWNER || step->implied)
        return;
    if (++blame->events >= blame->next_event)
        blame_sample(blame, trial->arena.heap);
}

static bool blame_replay(struct blame *blame,
                         const struct search_ground *ground,
                         uint64_t memory_bytes)
{
    static struct search_trial trial;
    struct search_class found;
    bool fine = search_trial_begin(&trial, ground);

    if (fine) {
        trial.has_slack = false; /* one size is enough */
        trial.watch = blame_watch;
        trial.watcher = blame;
        search_trial_run(&trial, memory_bytes, &found);
    }
    search_trial_end(&trial);
    return fine && !blame->short_of_memory;
}

/* --- ranking ------------------------------------------------------------ */

static int blame_order(const void *left, const void *right)
{
    const struct blame_row *a = left, *b = right;

    if (a->byte_events != b->byte_events)
        return a->byte_events < b->byte_events ? 1 : -1;
    return a->key < b->key ? -1 : a->key > b->key;
}

static void blame_rank(struct blame *blame, struct sim_blame *answer)
{
    bool by_site = blame_by_site(blame->tape);
    size_t count = 0;

    for (size_t i = 0; i < blame->row_count; i++) {
        answer->byte_events += blame->rows[i].byte_events;
        count += blame->rows[i].byte_events != 0;
    }
    qsort(blame->rows, blame->row_count, sizeof *blame->rows, blame_order);
    answer->by_site = by_site;
    answer->events = blame->all_events;
    answer->culprit_count = count;
    for (size_t i = 0; i < SIM_CULPRITS && i < count; i++) {
        const struct blame_row *row = &blame->rows[i];
        bool own = row->key == UINT64_MAX;

        answer->culprits[i] = (struct sim_culprit){
            .own = own,
            .site = by_site && !own ? (uint32_t)row->key : 0,
            .least_bytes = by_site || own ? 0 : row->key,
            .most_bytes = by_site || own    ? 0
                          : blame->by_range ? 2 * row->key - 1
                                            : row->key,
            .blocks = row->blocks,
            .byte_events = row->byte_events,
        };
    }
}

/* --- what if ------------------------------------------------------------ */

struct blame_choice {
    const struct blame *blame;
    uint64_t key;
};

static bool blame_is_chosen(const void *context, const struct search_step *step)
{
    const struct blame_choice *choice = context;

    return blame_key(choice->blame, step) == choice->key;
}

/* The min heap if the blocks of a culprit were placed elsewhere. */
static bool blame_try(const struct blame *blame,
                      const struct search_ground *ground, uint64_t most_steps,
                      struct sim_culprit *culprit)
{
    const struct blame_choice choice = {blame, blame_by_site(blame->tape)
                                                   ? culprit->site
                                                   : culprit->least_bytes};
    struct search_ground without = *ground;
    struct search_tape kept;
    struct search_min_heap found;
    bool fine = search_tape_without(&kept, blame->tape, blame_is_chosen,
                                    &choice, &culprit->elsewhere_bytes);

    without.tape = &kept;
    fine = fine && search_min_heap(&without, most_steps, &found);
    if (fine) {
        culprit->tried = found.bytes != 0;
        culprit->min_heap_bytes = found.bytes;
    }
    free(kept.steps);
    return fine;
}

bool search_blame(const struct search_ground *ground, uint64_t memory_bytes,
                  uint64_t most_steps, struct sim_blame *answer)
{
    const struct search_tape *tape = ground->tape;
    struct blame blame = {.tape = tape, .next_event = 1};
    bool fine;

    *answer = (struct sim_blame){.memory_bytes = memory_bytes};
    if (tape->count == 0)
        return true;
    blame.all_events = search_tape_event(tape, tape->count - 1);
    blame.offsets = calloc(tape->slots + 1, sizeof *blame.offsets);
    blame.row_of = calloc(tape->slots + 1, sizeof *blame.row_of);
    fine = blame.offsets != NULL && blame.row_of != NULL &&
           blame_rows(&blame) && blame_replay(&blame, ground, memory_bytes);
    if (fine)
        blame_rank(&blame, answer);
    for (size_t i = 0; fine && i < BLAME_TRIED && i < answer->culprit_count;
         i++)
        fine = answer->culprits[i].own ||
               blame_try(&blame, ground, most_steps, &answer->culprits[i]);
    trace_idmap_close(&blame.keys);
    trace_idmap_close(&blame.at);
    free(blame.rows);
    free(blame.offsets);
    free(blame.row_of);
    return fine;
}
