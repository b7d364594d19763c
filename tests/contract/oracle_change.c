/* oracle_change.c - a block gets another size, and perhaps another place. */
#include "oracle_memory.h"

/* A block that was resized, as the policy answered: how much of it is to be as
   it was. */
static polished_size change_follow(struct oracle *oracle,
                                   struct oracle_block *block,
                                   polished_size offset,
                                   const struct polished_request *request)
{
    struct oracle_block old = *block;
    polished_size kept_bytes;

    block->offset = offset;
    block->size_bytes = request->size_bytes;
    block->align_bytes = request->align_bytes;
    if (offset != old.offset) {
        block->widest_bytes = request->align_bytes;
        block->reserved_bytes = 0;
    } else if (block->widest_bytes < request->align_bytes) {
        block->widest_bytes = request->align_bytes;
    }
    block->usable_bytes = oracle_measure(oracle, offset, request->size_bytes);
    if (offset != old.offset)
        oracle_order_forget(oracle);
    oracle_expect_placed(oracle, block);
    kept_bytes = block->usable_bytes < old.usable_bytes ? block->usable_bytes
                                                        : old.usable_bytes;
    if (offset != old.offset && kept_bytes > request->size_bytes)
        kept_bytes = request->size_bytes;
    return kept_bytes;
}

/* May a realloc be short of memory?  Not if the block need not grow, nor if
   another could be had. */
static bool change_may_fail(const struct oracle *oracle,
                            const struct oracle_block *block,
                            const struct polished_request *request,
                            polished_size largest_bytes)
{
    const struct polished_ops *ops = oracle->heap.ops;

    if (request->size_bytes == largest_bytes && ops->free &&
        (ops->caps & POLISHED_ANY_ORDER))
        return false;
    return request->size_bytes > block->usable_bytes ||
           request->align_bytes > block->align_bytes;
}

/* At most a resize, an alloc and a free, of the wider alignment. */
static void change_expect_steps(const struct oracle *oracle,
                                const struct oracle_block *block,
                                const struct polished_request *request)
{
    struct oracle_block wider = *block;

    if (wider.widest_bytes < request->align_bytes)
        wider.widest_bytes = request->align_bytes;
    oracle_expect_steps(oracle, 3, &wider);
}

enum polished_status oracle_change(struct oracle *oracle, size_t index,
                                   const struct polished_request *request,
                                   bool is_told)
{
    struct oracle_block *block = &oracle->live[index];
    const struct oracle_block old = *block;
    polished_size offset = old.offset, kept_bytes = old.usable_bytes;
    polished_size largest_bytes;
    enum polished_status status;

    oracle->heap.owner = old.owner;
    largest_bytes = polished_largest(&oracle->heap, request);
    oracle_begin(oracle);
    oracle_hide(oracle, index);
    status = polished_realloc(&oracle->heap, &offset,
                              is_told ? old.size_bytes : 0, request);
    change_expect_steps(oracle, &old, request);
    oracle_show(oracle);
    if (status == POLISHED_OK) {
        kept_bytes = change_follow(oracle, block, offset, request);
    } else {
        ORACLE_EXPECT(oracle, offset == old.offset);
        ORACLE_EXPECT(
            oracle, status != POLISHED_NO_MEMORY ||
                        change_may_fail(oracle, &old, request, largest_bytes));
    }
    oracle_expect_filled(oracle, block, old.offset, kept_bytes);
    if (offset == old.offset || !(oracle->heap.ops->caps & POLISHED_NO_TOUCH))
        oracle_end(oracle, status);
    oracle_fill(oracle, block, offset == old.offset ? kept_bytes : 0);
    if (offset != old.offset && oracle_knows_borders(oracle))
        oracle_misuse(oracle, old.offset, 0);
    return status;
}

enum polished_status oracle_realloc(struct oracle *oracle, size_t index,
                                    polished_size size_bytes,
                                    polished_size align_bytes)
{
    const struct polished_request request = {size_bytes, align_bytes, 0, 0};

    return oracle_change(oracle, index, &request, true);
}
