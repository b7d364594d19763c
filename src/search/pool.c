/* search/pool.c - live blocks to choose a victim from. */
#include "search/pool.h"

#include <stdlib.h>
#include <string.h>

enum { POOL_FIRST = 256 };

static bool pool_grow(struct search_pool *pool, struct search_emit *out)
{
    size_t room = pool->room ? 2 * pool->room : POOL_FIRST;
    void *blocks = realloc(pool->blocks, room * sizeof *pool->blocks);

    if (!blocks) {
        out->error = (struct trace_error){.kind = TRACE_INTERNAL,
                                          .what = "out of memory"};
        return false;
    }
    pool->blocks = blocks;
    pool->room = room;
    return true;
}

bool search_pool_alloc(struct search_pool *pool, struct search_emit *out,
                       uint64_t size_bytes)
{
    if (pool->count == pool->room && !pool_grow(pool, out))
        return false;
    pool->blocks[pool->count++] =
        (struct search_pool_block){out->next_id, size_bytes};
    pool->live_bytes += size_bytes;
    return search_emit_alloc(out, out->next_id++, size_bytes);
}

bool search_pool_free(struct search_pool *pool, struct search_emit *out,
                      size_t index)
{
    struct search_pool_block block = pool->blocks[index];

    pool->blocks[index] = pool->blocks[--pool->count];
    pool->live_bytes -= block.size_bytes;
    return search_emit_free(out, block.id);
}

bool search_pool_empty(struct search_pool *pool, struct search_emit *out)
{
    bool good = true;

    for (size_t i = 0; good && i < pool->count; i++)
        good = search_emit_free(out, pool->blocks[i].id);
    pool->count = 0;
    pool->live_bytes = 0;
    return good;
}

void search_pool_close(struct search_pool *pool)
{
    free(pool->blocks);
    memset(pool, 0, sizeof *pool);
}
