/*
 * explain.c - what one event met.
 *
 * The heap is looked at once the event is done with, and all that it implies;
 * the replay then goes on, to see until when the blocks that hold the window
 * stay.
 */
#include "config.h"

#include "sim/explain.h"

#include <stdio.h>
#include <string.h>

static bool explain_can(const struct sim_replay *replay)
{
    return replay->options->explain_event != 0 && replay->arena.host == NULL;
}

static void explain_begin(struct sim_replay *replay,
                          const struct trace_event *event)
{
    struct sim_explained *explained = &replay->out->explained;
    bool of_block = event->op <= TRACE_REALLOC;

    explained->event = *replay->event;
    explained->op = event->op;
    replay->explain_slot = of_block ? event->id : UINT64_MAX;
    if (!of_block)
        return;
    explained->size_bytes = event->size_bytes;
    explained->align_bytes =
        event->has & TRACE_HAS_ALIGN ? event->align_bytes : replay->align_bytes;
    if (event->op == TRACE_ALLOC)
        return;
    const struct sim_block *block = &replay->ledger.blocks[event->id];
    explained->birth = block->birth;
    explained->align_bytes = block->align_bytes;
    explained->skipped = block->state != SIM_ALIVE;
    if (event->op == TRACE_REALLOC)
        return;
    explained->size_bytes = block->size_bytes;
    explained->offset_bytes = block->offset_bytes;
    explained->window_bytes = block->usable_bytes;
}

/* --- where to look ------------------------------------------------------ */

/* The free block around the place of one that was freed, or the largest. */
struct explain_hole {
    uint64_t at; /* UINT64_MAX: the largest */
    uint64_t offset_bytes, size_bytes;
};

static int explain_seek(void *context, const struct polished_block *block)
{
    struct explain_hole *hole = context;

    if (block->kind != POLISHED_FREE)
        return 0;
    if (hole->at == UINT64_MAX
            ? block->size_bytes > hole->size_bytes
            : hole->at >= block->offset_bytes &&
                  hole->at - block->offset_bytes < block->size_bytes) {
        hole->offset_bytes = block->offset_bytes;
        hole->size_bytes = block->size_bytes;
    }
    return 0;
}

static void explain_window(struct sim_replay *replay)
{
    struct sim_explained *explained = &replay->out->explained;
    const struct sim_failure *failure = &explained->failure;
    bool freed = explained->op == TRACE_FREE && !explained->skipped;
    struct explain_hole hole = {.at = freed ? explained->offset_bytes
                                            : UINT64_MAX};

    if (failure->event != 0 && failure->window_bytes != 0) {
        explained->window_offset_bytes = failure->window_offset_bytes;
        explained->window_bytes = failure->window_bytes;
        return;
    }
    if (failure->event == 0 && explained->op != TRACE_FREE &&
        explained->op <= TRACE_REALLOC && !explained->skipped) {
        const struct sim_block *block =
            &replay->ledger.blocks[replay->explain_slot];

        explained->birth = block->birth;
        explained->offset_bytes = explained->window_offset_bytes =
            block->offset_bytes;
        explained->window_bytes = block->usable_bytes;
        return;
    }
    explained->window_offset_bytes = explained->offset_bytes;
    polished_walk(replay->heap, explain_seek, &hole);
    if (hole.size_bytes != 0) {
        explained->window_offset_bytes = hole.offset_bytes;
        explained->window_bytes = hole.size_bytes;
    }
}

/* --- who is there ------------------------------------------------------- */

static void explain_add(struct sim_explained *explained, enum sim_where where,
                        const struct polished_block *block)
{
    if (explained->holder_count++ >= SIM_HOLDERS)
        return;
    explained->holders[explained->holder_count - 1] = (struct sim_holder){
        .where = where,
        .offset_bytes = block->offset_bytes,
        .size_bytes = block->size_bytes,
    };
}

/* The last used block below the window, until one is in it or above. */
struct explain_walk {
    struct sim_explained *explained;
    struct polished_block below;
    bool above; /* it has been seen */
};

static int explain_visit(void *context, const struct polished_block *block)
{
    struct explain_walk *walk = context;
    struct sim_explained *explained = walk->explained;
    uint64_t low = explained->window_offset_bytes;
    bool is_below = block->offset_bytes + block->size_bytes <= low;
    bool is_above = block->offset_bytes >= low + explained->window_bytes;

    if (block->kind != POLISHED_USED || walk->above)
        return 0;
    if (is_below) {
        walk->below = *block;
        return 0;
    }
    if (walk->below.size_bytes != 0)
        explain_add(explained, SIM_BELOW, &walk->below);
    walk->below.size_bytes = 0;
    explain_add(explained, is_above ? SIM_ABOVE : SIM_INSIDE, block);
    walk->above = is_above;
    return 0;
}

/* Whose they are, where a policy's walk tells blocks apart. */
static void explain_name(struct sim_replay *replay)
{
    struct sim_explained *explained = &replay->out->explained;

    if ((replay->heap->ops->caps & POLISHED_EXACT_WALK) == 0)
        return;
    for (uint64_t slot = 0; slot < replay->ledger.capacity; slot++) {
        const struct sim_block *block = &replay->ledger.blocks[slot];

        if (block->state != SIM_ALIVE)
            continue;
        for (size_t i = 0; i < SIM_HOLDERS && i < explained->holder_count; i++)
            if (explained->holders[i].offset_bytes == block->offset_bytes) {
                explained->holders[i].birth = block->birth;
                explained->holders[i].asked_bytes = block->size_bytes;
                replay->explain_holders[i] = slot + 1;
            }
    }
}

static void explain_look(struct sim_replay *replay)
{
    struct sim_explained *explained = &replay->out->explained;
    struct explain_walk walk = {.explained = explained};

    replay->explain_done = true;
    sim_replay_walk(replay);
    explained->free_bytes = replay->layout.bytes[POLISHED_FREE];
    explained->largest_free_bytes = replay->layout.largest_free_bytes;
    explained->holes = replay->layout.blocks[POLISHED_FREE];
    explain_window(replay);
    polished_walk(replay->heap, explain_visit, &walk);
    if (walk.below.size_bytes != 0)
        explain_add(explained, SIM_BELOW, &walk.below);
    explain_name(replay);
}

void sim_explain(struct sim_replay *replay, const struct trace_event *event)
{
    if (!explain_can(replay) || replay->explain_done)
        return;
    if (*replay->event == replay->options->explain_event)
        explain_begin(replay, event);
    else if (replay->out->explained.event != 0)
        explain_look(replay);
}

void sim_explain_end(struct sim_replay *replay)
{
    if (explain_can(replay) && !replay->explain_done &&
        replay->out->explained.event != 0)
        explain_look(replay);
}

void sim_explain_end_of(struct sim_replay *replay,
                        const struct sim_block *block)
{
    struct sim_explained *explained = &replay->out->explained;
    uint64_t slot = (uint64_t)(block - replay->ledger.blocks);

    for (size_t i = 0; i < SIM_HOLDERS; i++)
        if (replay->explain_holders[i] == slot + 1) {
            replay->explain_holders[i] = 0;
            explained->holders[i].end = *replay->event;
        }
}

/* --- who asked ---------------------------------------------------------- */

struct explain_sites {
    struct sim_run *run;
    uint64_t event;
};

static bool explain_site(void *context, const struct trace_event *events,
                         size_t count)
{
    struct explain_sites *sites = context;

    for (size_t i = 0; i < count; i++) {
        sites->event += (events[i].has & TRACE_IS_IMPLIED) == 0;
        if ((events[i].has & TRACE_HAS_SITE) == 0)
            continue;
        for (size_t p = 0; p < sites->run->policy_count; p++) {
            struct sim_explained *explained =
                &sites->run->policies[p].explained;
            for (size_t h = 0; h < SIM_HOLDERS; h++)
                if (explained->holders[h].birth == sites->event)
                    explained->holders[h].site = events[i].site + 1;
        }
    }
    return true;
}

bool sim_explain_sites(struct sim_run *run, const struct sim_spool *spool,
                       struct trace_error *error)
{
    struct explain_sites sites = {run, 0};

    if (!sim_spool_each(spool, explain_site, &sites, error))
        return false;
    for (size_t p = 0; p < run->policy_count; p++)
        for (size_t h = 0; h < SIM_HOLDERS; h++) {
            struct sim_holder *holder = &run->policies[p].explained.holders[h];
            if (holder->site != 0 &&
                !sim_spool_text(spool, holder->site - 1, holder->label, error))
                return false;
        }
    return true;
}
