/* search/pool.h - live blocks to choose a victim from. */
#ifndef SEARCH_POOL_H
#define SEARCH_POOL_H

#include "search/emit.h"

struct search_pool_block {
    uint64_t id, size_bytes;
};

/* All zero: empty.  Memory follows the peak of live blocks. */
struct search_pool {
    struct search_pool_block *blocks;
    size_t count, room;
    uint64_t live_bytes;
};

/* Allocate a block; false if it is not worth going on. */
bool search_pool_alloc(struct search_pool *pool, struct search_emit *out,
                       uint64_t size_bytes);

/* Free the block at this index; the last one takes its place. */
bool search_pool_free(struct search_pool *pool, struct search_emit *out,
                      size_t index);

/* Free all, newest last. */
bool search_pool_empty(struct search_pool *pool, struct search_emit *out);

void search_pool_close(struct search_pool *pool);

#endif
