/*
 * oracle_layout.c - where blocks lie, and whether the walk says the same.
 *
 * The model keeps its blocks in the order of their making; beside them it
 * keeps their order by offset, so that a new block is held against its two
 * neighbours, and a walk against all blocks in one pass.
 */
#include <string.h>

#include "oracle_memory.h"

static polished_size layout_end(const struct oracle_block *block)
{
    return block->offset + block->usable_bytes;
}

/* The first of the order that does not begin before this offset. */
static size_t layout_find(const struct oracle *oracle, polished_size offset)
{
    size_t low = 0, high = oracle->order_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (oracle->live[oracle->order[middle]].offset < offset)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void layout_insert(struct oracle *oracle, size_t index)
{
    size_t at = layout_find(oracle, oracle->live[index].offset);

    memmove(&oracle->order[at + 1], &oracle->order[at],
            (oracle->order_count - at) * sizeof oracle->order[0]);
    oracle->order[at] = (uint16_t)index;
    oracle->order_count++;
}

/* All of it, where it is not known. */
static void layout_sort(struct oracle *oracle)
{
    if (oracle->order_count == oracle->count)
        return;
    oracle->order_count = 0;
    for (size_t i = 0; i < oracle->count; i++)
        layout_insert(oracle, i);
}

void oracle_order_forget(struct oracle *oracle)
{
    oracle->order_count = ORACLE_BLOCKS + 1;
}

void oracle_order_add(struct oracle *oracle)
{
    if (oracle->order_count == oracle->count)
        layout_insert(oracle, oracle->count);
    else
        oracle_order_forget(oracle);
}

/* Those made later will move up to fill its place in live[]. */
void oracle_order_drop(struct oracle *oracle, size_t index)
{
    size_t kept = 0;

    if (oracle->order_count != oracle->count) {
        oracle_order_forget(oracle);
        return;
    }
    for (size_t i = 0; i < oracle->order_count; i++) {
        uint16_t other = oracle->order[i];

        oracle->order[kept] = (uint16_t)(other - (other > index));
        kept += other != index;
    }
    oracle->order_count = kept;
}

/* Is it apart from its neighbours?  They are from all others, and were before
   it came. */
static void layout_expect_apart(struct oracle *oracle,
                                const struct oracle_block *block)
{
    const struct oracle_block *other;
    size_t at;

    layout_sort(oracle);
    at = layout_find(oracle, block->offset);
    if (at > 0) {
        other = &oracle->live[oracle->order[at - 1]];
        ORACLE_EXPECT(oracle,
                      other->offset + other->usable_bytes <= block->offset);
    }
    if (at + 1 < oracle->count) {
        other = &oracle->live[oracle->order[at + 1]];
        ORACLE_EXPECT(oracle, layout_end(block) <= other->offset);
    }
    ORACLE_EXPECT(oracle, &oracle->live[oracle->order[at]] == block);
}

void oracle_expect_placed(struct oracle *oracle,
                          const struct oracle_block *block)
{
    const struct polished_region *data = &oracle->heap.data;

    ORACLE_EXPECT(oracle, block->offset < data->size_bytes);
    ORACLE_EXPECT(oracle,
                  block->usable_bytes <= data->size_bytes - block->offset);
    ORACLE_EXPECT(oracle, ((data->bus_base + block->offset) &
                           (block->align_bytes - 1)) == 0);
    layout_expect_apart(oracle, block);
}

/* What a walk shows, held against the model. */
struct layout_view {
    struct oracle *oracle;
    bool knows_borders;
    polished_size next;
    size_t used_count;
    size_t at; /* in the order: blocks before it end before next */
};

static int layout_see(void *context, const struct polished_block *seen)
{
    struct layout_view *view = context;
    struct oracle *oracle = view->oracle;
    polished_size end = seen->offset_bytes + seen->size_bytes;
    size_t inside = 0;

    ORACLE_EXPECT(oracle, seen->offset_bytes == view->next);
    ORACLE_EXPECT(oracle, seen->size_bytes != 0);
    ORACLE_EXPECT(oracle, end <= oracle->heap.data.size_bytes);
    view->next = end;
    view->used_count += seen->kind == POLISHED_USED;
    for (; view->at < oracle->count; view->at++, inside++) {
        const struct oracle_block *block =
            &oracle->live[oracle->order[view->at]];

        if (block->offset >= end)
            break;
        ORACLE_EXPECT(oracle, seen->kind == POLISHED_USED);
        if (view->knows_borders) {
            ORACLE_EXPECT(oracle, seen->offset_bytes == block->offset);
            ORACLE_EXPECT(oracle, seen->size_bytes == block->usable_bytes);
        }
        if (layout_end(block) > end)
            break;
    }
    if (view->knows_borders)
        ORACLE_EXPECT(oracle, (seen->kind == POLISHED_USED) == (inside == 1));
    return 0;
}

void oracle_inspect(struct oracle *oracle)
{
    struct layout_view view = {.oracle = oracle,
                               .knows_borders = oracle_knows_borders(oracle)};

    layout_sort(oracle);
    oracle_hide(oracle, ORACLE_NONE);
    ORACLE_EXPECT(oracle, polished_walk(&oracle->heap, layout_see, &view) ==
                              POLISHED_OK);
    ORACLE_EXPECT(oracle, view.next == oracle->heap.data.size_bytes);
    ORACLE_EXPECT(oracle, view.at == oracle->count);
    if (view.knows_borders)
        ORACLE_EXPECT(oracle, view.used_count == oracle->count);
    ORACLE_EXPECT(oracle, polished_check(&oracle->heap) == POLISHED_OK);
    oracle_show(oracle);
    oracle_expect_margin(oracle);
    oracle->is_seen = true;
}
