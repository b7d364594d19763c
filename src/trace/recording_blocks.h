/* trace/recording_blocks.h - addresses of live blocks and their ids. */
#ifndef TRACE_RECORDING_BLOCKS_H
#define TRACE_RECORDING_BLOCKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct recording_block {
    uint64_t address; /* 0: an empty slot */
    uint64_t id;      /* from 1; 0: none */
    uint64_t ticks;   /* when it got this address */
    bool late;        /* a free of the block before it is still to come */
};

/* An open table, less than half full; memory follows the peak of blocks. */
struct recording_blocks {
    struct recording_block *slots;
    size_t slot_count, used;
    uint64_t *free_ids; /* the last one freed is the next one given */
    size_t free_count, free_room;
    uint64_t id_count;
};

/* The block at an address, NULL if there is none. */
struct recording_block *
recording_blocks_find(const struct recording_blocks *blocks, uint64_t address);

/* Add a block at an address where there is none.  NULL: out of memory. */
struct recording_block *recording_blocks_add(struct recording_blocks *blocks,
                                             uint64_t address, uint64_t id);

/* Forget the address; the id remains taken. */
void recording_blocks_remove(struct recording_blocks *blocks,
                             struct recording_block *block);

/* A free id, 0 when out of memory; and back. */
uint64_t recording_blocks_take_id(struct recording_blocks *blocks);
void recording_blocks_give_id(struct recording_blocks *blocks, uint64_t id);

void recording_blocks_close(struct recording_blocks *blocks);

#endif
