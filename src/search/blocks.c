#include "search/blocks.h"

#include <stdlib.h>
#include <string.h>

enum { BLOCKS_FIRST = 256 };
static const uint64_t blocks_most_bytes = UINT64_C(1) << 62;

void search_build_begin(struct search_builder *builder,
                        uint64_t usual_align_bytes)
{
    *builder = (struct search_builder){
        .usual_align_bytes = usual_align_bytes,
    };
    builder->made.granule_bytes = usual_align_bytes;
}

static bool blocks_refuse(struct search_builder *builder,
                          enum search_build state)
{
    builder->state = state;
    return false;
}

/* Room for one more block. */
static bool blocks_reserve(struct search_builder *builder)
{
    struct search_blocks *made = &builder->made;
    struct search_block *grown;
    size_t capacity;

    if (made->count < builder->capacity)
        return true;
    if (made->count > UINT32_MAX / 8)
        return blocks_refuse(builder, SEARCH_TOO_LARGE);
    capacity = builder->capacity == 0 ? BLOCKS_FIRST : 2 * builder->capacity;
    grown = realloc(made->blocks, capacity * sizeof *grown);
    if (grown == NULL)
        return blocks_refuse(builder, SEARCH_SHORT_OF_MEMORY);
    made->blocks = grown;
    builder->capacity = capacity;
    return true;
}

static struct search_slot *blocks_slot(struct search_builder *builder,
                                       uint64_t id)
{
    size_t count = builder->slot_count;
    struct search_slot *grown;

    if (id < count)
        return &builder->slots[id];
    while (count <= id)
        count = count == 0 ? BLOCKS_FIRST : 2 * count;
    grown = realloc(builder->slots, count * sizeof *grown);
    if (grown == NULL) {
        blocks_refuse(builder, SEARCH_SHORT_OF_MEMORY);
        return NULL;
    }
    memset(grown + builder->slot_count, 0,
           (count - builder->slot_count) * sizeof *grown);
    builder->slots = grown;
    builder->slot_count = count;
    return &builder->slots[id];
}

static void blocks_death(struct search_builder *builder,
                         struct search_slot *slot)
{
    if (slot->block == 0)
        return;
    struct search_block *block = &builder->made.blocks[slot->block - 1];
    block->death = builder->section;
    block->upper = builder->events;
    slot->block = 0;
    builder->died = true;
}

static void blocks_birth(struct search_builder *builder,
                         struct search_slot *slot, uint64_t size_bytes)
{
    if (slot->align_bytes < builder->made.granule_bytes)
        builder->made.granule_bytes = slot->align_bytes;
    slot->block = 0;
    if (size_bytes == 0 || !blocks_reserve(builder))
        return;
    builder->section += builder->died;
    builder->died = false;
    builder->made.blocks[builder->made.count++] = (struct search_block){
        .size_bytes = size_bytes,
        .align_bytes = slot->align_bytes,
        .lower = builder->events,
        .upper = UINT64_MAX,
        .birth = builder->section,
        .death = UINT32_MAX,
    };
    slot->block = builder->made.count;
}

static void blocks_apply(struct search_builder *builder,
                         const struct trace_event *event)
{
    struct search_slot *slot = blocks_slot(builder, event->id);

    if (slot == NULL)
        return;
    if (event->op != TRACE_ALLOC)
        blocks_death(builder, slot);
    else
        slot->align_bytes = event->has & TRACE_HAS_ALIGN
                                ? event->align_bytes
                                : builder->usual_align_bytes;
    if (event->op != TRACE_FREE)
        blocks_birth(builder, slot, event->size_bytes);
}

void search_build_add(struct search_builder *builder,
                      const struct trace_event *event)
{
    builder->events += (event->has & TRACE_IS_IMPLIED) == 0;
    if (builder->state != SEARCH_BUILT)
        return;
    if (event->has & (TRACE_HAS_BELOW | TRACE_HAS_BOUNDARY))
        blocks_refuse(builder, SEARCH_HAS_LIMITS);
    else if (event->op <= TRACE_REALLOC &&
             !(event->has & (TRACE_IS_STALE | TRACE_HAS_DELTA)))
        blocks_apply(builder, event);
}

/* Round the sizes and end what leaked; false: they are too large. */
static bool blocks_round(struct search_builder *builder)
{
    struct search_blocks *made = &builder->made;
    uint64_t sum = 0;

    made->sections = made->count == 0 ? 0 : builder->section + 1;
    for (size_t i = 0; i < made->count; i++) {
        struct search_block *block = &made->blocks[i];
        uint64_t needed = block->align_bytes;
        if (block->size_bytes > blocks_most_bytes ||
            needed > blocks_most_bytes / 4)
            return false;
        block->size_bytes =
            search_aligned(block->size_bytes, made->granule_bytes);
        if (needed < block->size_bytes)
            needed = block->size_bytes;
        if (needed > blocks_most_bytes - sum)
            return false;
        sum += needed;
        if (block->death == UINT32_MAX) {
            block->death = made->sections - 1;
            block->upper = builder->events + 1;
        }
    }
    return true;
}

uint64_t *search_blocks_loads(const struct search_blocks *blocks)
{
    uint64_t *loads = calloc((size_t)blocks->sections + 1, sizeof *loads);

    if (loads == NULL)
        return NULL;
    /* What a section gains and loses wraps around, its sum does not. */
    for (size_t i = 0; i < blocks->count; i++) {
        loads[blocks->blocks[i].birth] += blocks->blocks[i].size_bytes;
        loads[blocks->blocks[i].death + 1] -= blocks->blocks[i].size_bytes;
    }
    for (uint32_t s = 1; s < blocks->sections; s++)
        loads[s] += loads[s - 1];
    return loads;
}

static bool blocks_load(struct search_blocks *blocks)
{
    uint64_t *loads = search_blocks_loads(blocks);

    if (loads == NULL)
        return false;
    for (uint32_t s = 0; s < blocks->sections; s++)
        if (loads[s] > blocks->load_bytes)
            blocks->load_bytes = loads[s];
    free(loads);
    return true;
}

enum search_build search_build_end(struct search_builder *builder,
                                   struct search_blocks *blocks)
{
    if (builder->state == SEARCH_BUILT && !blocks_round(builder))
        builder->state = SEARCH_TOO_LARGE;
    if (builder->state == SEARCH_BUILT && !blocks_load(&builder->made))
        builder->state = SEARCH_SHORT_OF_MEMORY;
    *blocks = builder->made;
    if (builder->state != SEARCH_BUILT)
        search_blocks_free(blocks);
    free(builder->slots);
    return builder->state;
}

const char *search_build_text(enum search_build state)
{
    static const char *const texts[] = {
        [SEARCH_BUILT] = "fine",
        [SEARCH_SHORT_OF_MEMORY] = "out of memory",
        [SEARCH_TOO_LARGE] = "the requests add up to more than 2^62 bytes",
        [SEARCH_HAS_LIMITS] = "requests state limits (below, boundary)",
    };

    return texts[state];
}

void search_blocks_free(struct search_blocks *blocks)
{
    free(blocks->blocks);
    *blocks = (struct search_blocks){0};
}
