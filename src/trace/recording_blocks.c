/* trace/recording_blocks.c - addresses of live blocks and their ids. */
#include "trace/recording_blocks.h"

#include <stdlib.h>
#include <string.h>

enum { BLOCKS_FIRST = 1024 };

static size_t blocks_home(const struct recording_blocks *blocks,
                          uint64_t address)
{
    uint64_t mixed = (address >> 3) * UINT64_C(0x9e3779b97f4a7c15);
    return (size_t)(mixed >> 20) & (blocks->slot_count - 1);
}

/* The slot of an address, or the empty one where it would go. */
static size_t blocks_slot(const struct recording_blocks *blocks,
                          uint64_t address)
{
    size_t at = blocks_home(blocks, address);
    while (blocks->slots[at].address != 0 &&
           blocks->slots[at].address != address)
        at = (at + 1) & (blocks->slot_count - 1);
    return at;
}

struct recording_block *
recording_blocks_find(const struct recording_blocks *blocks, uint64_t address)
{
    if (blocks->slot_count == 0)
        return NULL;
    struct recording_block *block =
        &blocks->slots[blocks_slot(blocks, address)];
    return block->address != 0 ? block : NULL;
}

static bool blocks_grow(struct recording_blocks *blocks)
{
    struct recording_blocks more = *blocks;
    more.slot_count =
        blocks->slot_count != 0 ? 2 * blocks->slot_count : BLOCKS_FIRST;
    more.slots = calloc(more.slot_count, sizeof more.slots[0]);
    if (more.slots == NULL)
        return false;
    for (size_t i = 0; i < blocks->slot_count; i++)
        if (blocks->slots[i].address != 0)
            more.slots[blocks_slot(&more, blocks->slots[i].address)] =
                blocks->slots[i];
    free(blocks->slots);
    *blocks = more;
    return true;
}

struct recording_block *recording_blocks_add(struct recording_blocks *blocks,
                                             uint64_t address, uint64_t id)
{
    if (2 * (blocks->used + 1) > blocks->slot_count && !blocks_grow(blocks))
        return NULL;
    struct recording_block *block =
        &blocks->slots[blocks_slot(blocks, address)];
    *block = (struct recording_block){.address = address, .id = id};
    blocks->used++;
    return block;
}

/* Those behind it that probed past this slot move up into it. */
void recording_blocks_remove(struct recording_blocks *blocks,
                             struct recording_block *block)
{
    size_t mask = blocks->slot_count - 1;
    size_t hole = (size_t)(block - blocks->slots), at = hole;
    for (;;) {
        at = (at + 1) & mask;
        if (blocks->slots[at].address == 0)
            break;
        size_t home = blocks_home(blocks, blocks->slots[at].address);
        if (((at - home) & mask) < ((at - hole) & mask))
            continue;
        blocks->slots[hole] = blocks->slots[at];
        hole = at;
    }
    blocks->slots[hole].address = 0;
    blocks->used--;
}

uint64_t recording_blocks_take_id(struct recording_blocks *blocks)
{
    if (blocks->free_count > 0)
        return blocks->free_ids[--blocks->free_count];
    if (blocks->id_count == blocks->free_room) {
        size_t room =
            blocks->free_room != 0 ? 2 * blocks->free_room : BLOCKS_FIRST;
        uint64_t *ids = realloc(blocks->free_ids, room * sizeof ids[0]);
        if (ids == NULL)
            return 0;
        blocks->free_ids = ids;
        blocks->free_room = room;
    }
    return ++blocks->id_count;
}

/* There is room for every id ever given. */
void recording_blocks_give_id(struct recording_blocks *blocks, uint64_t id)
{
    blocks->free_ids[blocks->free_count++] = id;
}

void recording_blocks_close(struct recording_blocks *blocks)
{
    free(blocks->slots);
    free(blocks->free_ids);
    memset(blocks, 0, sizeof *blocks);
}
