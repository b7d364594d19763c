/* oracle.c - the calls, each held against the model. */
#include "oracle.h"

#include <stdlib.h>
#include <string.h>

#include "guard.h"
#include "oracle_memory.h"

bool oracle_knows_borders(const struct oracle *oracle)
{
    return oracle->heap.ops->caps & POLISHED_EXACT_WALK;
}

void oracle_fill(struct oracle *oracle, const struct oracle_block *block,
                 polished_size from)
{
    if (from >= block->usable_bytes)
        return;
    memcpy(oracle->data + block->offset + from,
           oracle->pattern + block->offset + from,
           (size_t)(block->usable_bytes - from));
    oracle_changed(oracle);
}

void oracle_expect_filled(struct oracle *oracle,
                          const struct oracle_block *block,
                          polished_size filled_at, polished_size size_bytes)
{
    ORACLE_EXPECT(oracle,
                  memcmp(oracle->data + block->offset,
                         oracle->pattern + filled_at, (size_t)size_bytes) == 0);
}

polished_size oracle_measure(struct oracle *oracle, polished_size offset,
                             polished_size asked_bytes)
{
    polished_size usable_bytes = 0;
    enum polished_status status =
        polished_usable(&oracle->heap, offset, &usable_bytes);

    if (status == POLISHED_UNSUPPORTED)
        return asked_bytes;
    ORACLE_EXPECT(oracle, status == POLISHED_OK);
    ORACLE_EXPECT(oracle, usable_bytes >= asked_bytes);
    return usable_bytes;
}

void oracle_hide(struct oracle *oracle, size_t exempt)
{
    if (!guard_watches() || oracle->is_shallow)
        return;
    if ((oracle->heap.ops->caps & POLISHED_NO_TOUCH) && exempt == ORACLE_NONE)
        guard_hide(oracle->data, (size_t)oracle->data_bytes);
    for (size_t i = 0; i < oracle->count; i++)
        if (i != exempt)
            guard_hide(oracle->data + oracle->live[i].offset,
                       (size_t)oracle->live[i].usable_bytes);
}

void oracle_show(struct oracle *oracle)
{
    if (guard_watches() && !oracle->is_shallow)
        guard_show(oracle->data, (size_t)oracle->data_bytes);
}

void oracle_expect_steps(const struct oracle *oracle, unsigned calls,
                         const struct oracle_block *block)
{
    const struct caps_call call = {block->widest_bytes, block->reserved_bytes};
    bool is_judged = (call.align_bytes & (call.align_bytes - 1)) == 0;

    if (oracle->caps && is_judged && call.align_bytes)
        ORACLE_EXPECT(oracle, oracle->heap.own_steps - oracle->steps <=
                                  calls * oracle->caps(&oracle->heap, &call));
}

void oracle_changed(struct oracle *oracle)
{
    oracle->is_seen = false;
    oracle->kept = NULL;
}

void oracle_begin(struct oracle *oracle)
{
    oracle->steps = oracle->heap.own_steps;
    if (oracle->is_shallow) {
        oracle_changed(oracle);
        return;
    }
    oracle->reference = oracle->kept ? oracle->kept : &oracle->before;
    if (oracle->kept)
        oracle->kept->heaps[0].owner = oracle->heap.owner;
    else
        oracle_save(oracle, &oracle->before);
    oracle->kept = NULL;
}

void oracle_end(struct oracle *oracle, enum polished_status status)
{
    oracle_show(oracle);
    ORACLE_EXPECT(oracle, (unsigned)status < POLISHED_STATUS_COUNT);
    ORACLE_EXPECT(oracle, status != POLISHED_CORRUPT);
    if (oracle->is_shallow)
        return;
    if (status != POLISHED_OK)
        oracle_refused(oracle);
    else if (oracle->heap.ops->caps & POLISHED_NO_TOUCH)
        ORACLE_EXPECT(oracle, memcmp(oracle->data, oracle_saved_data(oracle),
                                     (size_t)oracle->data_bytes) == 0);
    /* What has not changed was inspected when it came to be. */
    if (status == POLISHED_OK ||
        (oracle->reference == &oracle->before && !oracle->is_seen))
        oracle_inspect(oracle);
}

void oracle_refused(struct oracle *oracle)
{
    if (oracle->is_shallow)
        return;
    oracle_expect_same(oracle, oracle->reference);
    if (oracle->reference == &oracle->before)
        oracle->kept = &oracle->before;
}

void oracle_add(struct oracle *oracle, polished_size offset,
                polished_size size_bytes, polished_size align_bytes)
{
    struct oracle_block *block = &oracle->live[oracle->count];

    ORACLE_EXPECT(oracle, oracle->count < ORACLE_BLOCKS);
    ORACLE_EXPECT(oracle, offset < oracle->heap.data.size_bytes);
    block->offset = offset;
    block->size_bytes = size_bytes;
    block->align_bytes = align_bytes;
    block->usable_bytes = oracle_measure(oracle, offset, size_bytes);
    block->widest_bytes = align_bytes;
    block->reserved_bytes = 0;
    block->owner = oracle->heap.owner;
    oracle_order_add(oracle);
    oracle->count++;
    oracle_expect_placed(oracle, block);
}

void oracle_drop(struct oracle *oracle, size_t index)
{
    oracle_order_drop(oracle, index);
    oracle->count--;
    memmove(&oracle->live[index], &oracle->live[index + 1],
            (oracle->count - index) * sizeof oracle->live[0]);
}

/* Does a new block keep the limits that it was asked for with? */
static void oracle_expect_limits(struct oracle *oracle, polished_size offset,
                                 const struct polished_request *request)
{
    uint64_t first = oracle->heap.data.bus_base + offset;
    uint64_t last = first + request->size_bytes - 1;

    if (request->below != 0)
        ORACLE_EXPECT(oracle, last < request->below);
    if (request->boundary != 0)
        ORACLE_EXPECT(oracle,
                      first / request->boundary == last / request->boundary);
}

enum polished_status oracle_request(struct oracle *oracle,
                                    const struct polished_request *request)
{
    polished_size size_bytes = request->size_bytes;
    polished_size largest_bytes = polished_largest(&oracle->heap, request);
    polished_size offset = 0;
    const struct oracle_block asked = {.widest_bytes = request->align_bytes};
    enum polished_status status;

    oracle_begin(oracle);
    oracle_hide(oracle, ORACLE_NONE);
    status = polished_alloc(&oracle->heap, request, &offset);
    oracle_show(oracle);
    oracle_expect_steps(oracle, 1, &asked);
    if (status == POLISHED_OK) {
        oracle_add(oracle, offset, size_bytes, request->align_bytes);
        oracle_expect_limits(oracle, offset, request);
    } else {
        ORACLE_EXPECT(oracle, offset == POLISHED_NOWHERE);
    }
    if (oracle->heap.ops->largest && size_bytes > largest_bytes)
        ORACLE_EXPECT(oracle, status != POLISHED_OK);
    if (size_bytes == largest_bytes && size_bytes != 0)
        ORACLE_EXPECT(oracle, status == POLISHED_OK);
    oracle_end(oracle, status);
    if (status == POLISHED_OK)
        oracle_fill(oracle, &oracle->live[oracle->count - 1], 0);
    return status;
}

enum polished_status oracle_alloc(struct oracle *oracle,
                                  polished_size size_bytes,
                                  polished_size align_bytes)
{
    const struct polished_request request = {size_bytes, align_bytes, 0, 0};

    return oracle_request(oracle, &request);
}

enum polished_status oracle_free(struct oracle *oracle, size_t index,
                                 bool is_told)
{
    struct oracle_block block = oracle->live[index];
    enum polished_status status;

    oracle_expect_filled(oracle, &block, block.offset, block.usable_bytes);
    oracle->heap.owner = block.owner;
    is_told = is_told || (oracle->heap.ops->caps & POLISHED_NEEDS_SIZE);
    oracle_begin(oracle);
    oracle_hide(oracle, index);
    status = polished_free(&oracle->heap, block.offset,
                           is_told ? block.size_bytes : 0);
    oracle_show(oracle);
    oracle_expect_steps(oracle, 1, &block);
    if (status == POLISHED_OK)
        oracle_drop(oracle, index);
    else
        ORACLE_EXPECT(oracle, !(oracle->heap.ops->caps & POLISHED_ANY_ORDER) ||
                                  status == POLISHED_UNSUPPORTED);
    oracle_end(oracle, status);
    if (status == POLISHED_OK && oracle_knows_borders(oracle))
        oracle_misuse(oracle, block.offset, 0);
    return status;
}

enum polished_status oracle_reserve(struct oracle *oracle, polished_size offset,
                                    polished_size size_bytes)
{
    enum polished_status status;

    oracle_begin(oracle);
    oracle_hide(oracle, ORACLE_NONE);
    status = polished_reserve(&oracle->heap, offset, size_bytes);
    oracle_show(oracle);
    if (status == POLISHED_OK) {
        oracle_add(oracle, offset, size_bytes, 1);
        oracle->live[oracle->count - 1].reserved_bytes = size_bytes;
    }
    oracle_end(oracle, status);
    if (status == POLISHED_OK)
        oracle_fill(oracle, &oracle->live[oracle->count - 1], 0);
    return status;
}

enum polished_status oracle_extend(struct oracle *oracle,
                                   polished_size more_bytes)
{
    polished_size old_bytes = oracle->heap.data.size_bytes;
    enum polished_status status;

    ORACLE_EXPECT(oracle, more_bytes <= oracle->data_bytes - old_bytes ||
                              more_bytes > POLISHED_SIZE_MAX - old_bytes);
    oracle_begin(oracle);
    status = polished_extend(&oracle->heap, more_bytes);
    if (status == POLISHED_OK)
        ORACLE_EXPECT(oracle,
                      oracle->heap.data.size_bytes == old_bytes + more_bytes);
    oracle_end(oracle, status);
    return status;
}
