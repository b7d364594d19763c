/* oracle_extra.c - the calls that may end many blocks at once, and make some:
   what they did to the model is told by a walk. */
#include "oracle.h"

#include <string.h>

#include "oracle_memory.h"

/* What a walk shows of the blocks of the model. */
struct oracle_census {
    struct oracle *oracle;
    bool is_alive[ORACLE_BLOCKS];
    struct polished_block fresh; /* a block that the model does not know */
    size_t fresh_count;
    polished_size used_end;
};

static int oracle_count_used(void *context, const struct polished_block *seen)
{
    struct oracle_census *census = context;
    struct oracle *oracle = census->oracle;

    if (seen->kind != POLISHED_USED)
        return 0;
    census->used_end = seen->offset_bytes + seen->size_bytes;
    for (size_t i = 0; i < oracle->count; i++)
        if (oracle->live[i].offset == seen->offset_bytes &&
            oracle->live[i].usable_bytes == seen->size_bytes) {
            census->is_alive[i] = true;
            return 0;
        }
    census->fresh = *seen;
    census->fresh_count++;
    return 0;
}

/* Where borders are unknown: what lies below the end of all that is used. */
static bool oracle_is_below(const struct oracle_census *census, size_t index)
{
    const struct oracle_block *block = &census->oracle->live[index];

    return block->offset + block->usable_bytes <= census->used_end;
}

/* Let the model be what is there; true if there is a new block. */
static bool oracle_follow(struct oracle *oracle)
{
    struct oracle_census census = {.oracle = oracle};
    bool knows_borders = oracle_knows_borders(oracle);

    polished_walk(&oracle->heap, oracle_count_used, &census);
    for (size_t i = oracle->count; i-- > 0;)
        if (knows_borders ? !census.is_alive[i] : !oracle_is_below(&census, i))
            oracle_drop(oracle, i);
    if (!knows_borders || census.fresh_count == 0)
        return false;
    ORACLE_EXPECT(oracle, census.fresh_count == 1);
    oracle_add(oracle, census.fresh.offset_bytes, census.fresh.size_bytes, 1);
    return true;
}

enum polished_status oracle_extra(struct oracle *oracle, const char *name,
                                  polished_size *a, polished_size *b)
{
    enum polished_status status;
    bool is_new = false;

    oracle_begin(oracle);
    status = polished_call(&oracle->heap, name, a, b);
    if (status == POLISHED_OK)
        is_new = oracle_follow(oracle);
    oracle_end(oracle, status);
    if (is_new)
        oracle_fill(oracle, &oracle->live[oracle->count - 1], 0);
    return status;
}

enum polished_status oracle_destroy(struct oracle *oracle, uint32_t owner)
{
    enum polished_status status;

    oracle_begin(oracle);
    status = polished_destroy(&oracle->heap, owner);
    for (size_t i = oracle->count; i-- > 0 && status == POLISHED_OK;)
        if (oracle->live[i].owner == owner)
            oracle_drop(oracle, i);
    oracle_end(oracle, status);
    return status;
}
