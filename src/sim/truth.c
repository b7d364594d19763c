/* truth.c - does a walk tell the truth?  It tiles the memory, and where blocks
   live it calls nothing free, its own or a hole. */
#include "sim/replay.h"

#include <inttypes.h>

struct truth_walk {
    struct sim_replay *replay;
    polished_size next_bytes; /* where the next block has to begin */
    bool sound;               /* so far; else the defect is written down */
    /* Is something said of this kind that the ledger may know better? */
    bool compares[POLISHED_KIND_COUNT];
};

static bool truth_tiles(const struct truth_walk *walk,
                        const struct polished_block *block)
{
    polished_size rest_bytes =
        walk->replay->heap->data.size_bytes - walk->next_bytes;

    return block->offset_bytes == walk->next_bytes && block->size_bytes != 0 &&
                   block->size_bytes <= rest_bytes
               ? (unsigned)block->kind < POLISHED_KIND_COUNT
               : false;
}

/* Blocks that a reset has ended, or misuse, are not at odds with a walk. */
static bool truth_compares(const struct sim_replay *replay)
{
    return replay->placed && !replay->swept && !replay->options->misuse;
}

/* What is in use by nobody, only an exact walk has to tell. */
static void truth_expect(struct truth_walk *walk)
{
    const struct sim_replay *replay = walk->replay;
    bool compares = truth_compares(replay);

    for (int kind = 0; kind < POLISHED_KIND_COUNT; kind++)
        walk->compares[kind] = compares;
    walk->compares[POLISHED_USED] =
        compares && !replay->strays &&
        (replay->heap->ops->caps & POLISHED_EXACT_WALK);
}

/* Name what it hides. */
static bool truth_lie(struct sim_replay *replay,
                      const struct polished_block *tile)
{
    static const char *const kinds[POLISHED_KIND_COUNT] = {
        [POLISHED_FREE] = "free",
        [POLISHED_OWN] = "its own",
        [POLISHED_HOLE] = "a hole"};
    const struct sim_block *block =
        sim_verify_in(replay, tile->offset_bytes, tile->size_bytes, NULL);

    return sim_replay_defect(replay,
                             "its walk calls [%" PRIu64 ", +%" PRIu64
                             ") %s, where the block of event %" PRIu64 " lives",
                             (uint64_t)tile->offset_bytes,
                             (uint64_t)tile->size_bytes, kinds[tile->kind],
                             block == NULL ? 0 : block->birth);
}

/* Compare a tile with what lives; false: it lies. */
static bool truth_tile(struct truth_walk *walk,
                       const struct polished_block *tile)
{
    struct sim_replay *replay = walk->replay;
    bool is_used = tile->kind == POLISHED_USED;

    if (!walk->compares[tile->kind] ||
        sim_places_in(&replay->places, tile->offset_bytes, tile->size_bytes) ==
            is_used)
        return true;
    return is_used ? sim_replay_defect(replay,
                                       "its walk calls [%" PRIu64 ", +%" PRIu64
                                       ") used, where no block lives",
                                       (uint64_t)tile->offset_bytes,
                                       (uint64_t)tile->size_bytes)
                   : truth_lie(replay, tile);
}

static int truth_visit(void *context, const struct polished_block *block)
{
    struct truth_walk *walk = context;

    if (!walk->sound)
        return 1;
    if (truth_tiles(walk, block)) {
        measure_layout_visit(&walk->replay->layout, block);
        walk->sound = truth_tile(walk, block);
    } else {
        walk->sound = sim_replay_defect(
            walk->replay,
            "its walk says [%" PRIu64 ", +%" PRIu64
            ") of kind %d where %" PRIu64 " of %" PRIu64 " was to follow",
            (uint64_t)block->offset_bytes, (uint64_t)block->size_bytes,
            (int)block->kind, (uint64_t)walk->next_bytes,
            (uint64_t)walk->replay->heap->data.size_bytes);
    }
    walk->next_bytes += block->size_bytes;
    return !walk->sound;
}

/* What it tells is measured on the way. */
bool sim_verify_heap(struct sim_replay *replay)
{
    const struct polished_heap *heap = replay->heap;
    struct truth_walk walk = {.replay = replay, .sound = true};

    if (!replay->judged)
        return true;
    truth_expect(&walk);
    replay->layout = (struct measure_layout){0};
    if (polished_walk(heap, truth_visit, &walk) != POLISHED_OK && walk.sound)
        return sim_replay_defect(replay, "its walk gives up");
    if (!walk.sound)
        return false;
    if (walk.next_bytes != heap->data.size_bytes)
        return sim_replay_defect(
            replay, "its walk ends at %" PRIu64 " of %" PRIu64,
            (uint64_t)walk.next_bytes, (uint64_t)heap->data.size_bytes);
    if (heap->ops->check != NULL && heap->ops->check(heap) != POLISHED_OK)
        return sim_replay_defect(replay, "its own structures do not agree");
    replay->layout_fresh = true;
    return true;
}
