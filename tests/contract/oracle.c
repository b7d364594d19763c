/* oracle.c - the calls, each held against the model. */
#include "oracle.h"

#include <stdlib.h>
#include <string.h>

#include "oracle_memory.h"

bool oracle_knows_borders(const struct oracle *oracle)
{
    return oracle->heap.ops->caps & POLISHED_EXACT_WALK;
}

void oracle_fill(struct oracle *oracle, const struct oracle_block *block,
                 polished_size from)
{
    if (from < block->usable_bytes)
        memcpy(oracle->data + block->offset + from,
               oracle->pattern + block->offset + from,
               (size_t)(block->usable_bytes - from));
}

/* Does a block hold what was written when it began at this offset? */
static void oracle_expect_filled(struct oracle *oracle,
                                 const struct oracle_block *block,
                                 polished_size filled_at,
                                 polished_size size_bytes)
{
    ORACLE_EXPECT(oracle, memcmp(oracle->data + block->offset,
                                 oracle->pattern + filled_at,
                                 (size_t)size_bytes) == 0);
}

/* How many bytes of a block may be written. */
static polished_size oracle_measure(struct oracle *oracle, polished_size offset,
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

/* A block as it should be: in data, aligned, apart from the others. */
static void oracle_expect_placed(struct oracle *oracle,
                                 const struct oracle_block *block)
{
    const struct polished_region *data = &oracle->heap.data;
    polished_size end = block->offset + block->usable_bytes;

    ORACLE_EXPECT(oracle, block->offset < data->size_bytes);
    ORACLE_EXPECT(oracle,
                  block->usable_bytes <= data->size_bytes - block->offset);
    ORACLE_EXPECT(oracle, ((data->bus_base + block->offset) &
                           (block->align_bytes - 1)) == 0);
    for (size_t i = 0; i < oracle->count; i++) {
        const struct oracle_block *other = &oracle->live[i];

        ORACLE_EXPECT(oracle,
                      other == block || end <= other->offset ||
                          other->offset + other->usable_bytes <= block->offset);
    }
}

void oracle_begin(struct oracle *oracle)
{
    if (oracle->is_shallow)
        return;
    oracle->reference = oracle->kept ? oracle->kept : &oracle->before;
    if (oracle->kept)
        oracle->kept->heaps[0].owner = oracle->heap.owner;
    else
        oracle_save(oracle, &oracle->before);
    oracle->kept = NULL;
}

void oracle_end(struct oracle *oracle, enum polished_status status)
{
    ORACLE_EXPECT(oracle, (unsigned)status < POLISHED_STATUS_COUNT);
    ORACLE_EXPECT(oracle, status != POLISHED_CORRUPT);
    if (oracle->is_shallow)
        return;
    if (status != POLISHED_OK)
        oracle_expect_same(oracle, oracle->reference);
    if (oracle->heap.ops->caps & POLISHED_NO_TOUCH)
        ORACLE_EXPECT(oracle, memcmp(oracle->data, oracle_saved_data(oracle),
                                     (size_t)oracle->data_bytes) == 0);
    /* What has not changed was inspected when it came to be. */
    if (status == POLISHED_OK || oracle->reference == &oracle->before)
        oracle_inspect(oracle);
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
    block->owner = oracle->heap.owner;
    oracle->count++;
    oracle_expect_placed(oracle, block);
}

void oracle_drop(struct oracle *oracle, size_t index)
{
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
    enum polished_status status;

    oracle_begin(oracle);
    status = polished_alloc(&oracle->heap, request, &offset);
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
    status = polished_free(&oracle->heap, block.offset,
                           is_told ? block.size_bytes : 0);
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

enum polished_status oracle_realloc(struct oracle *oracle, size_t index,
                                    polished_size size_bytes,
                                    polished_size align_bytes)
{
    const struct polished_request request = {size_bytes, align_bytes, 0, 0};
    struct oracle_block *block = &oracle->live[index];
    struct oracle_block old = *block;
    polished_size kept_bytes;
    enum polished_status status;

    oracle->heap.owner = old.owner;
    oracle_begin(oracle);
    status = polished_realloc(&oracle->heap, &block->offset, old.size_bytes,
                              &request);
    if (status == POLISHED_OK) {
        block->size_bytes = size_bytes;
        block->align_bytes = align_bytes;
        block->usable_bytes = oracle_measure(oracle, block->offset, size_bytes);
        oracle_expect_placed(oracle, block);
    } else {
        ORACLE_EXPECT(oracle, block->offset == old.offset);
        ORACLE_EXPECT(oracle, status != POLISHED_NO_MEMORY ||
                                  size_bytes > old.usable_bytes ||
                                  align_bytes > old.align_bytes);
    }
    kept_bytes = block->usable_bytes < old.usable_bytes ? block->usable_bytes
                                                        : old.usable_bytes;
    if (kept_bytes > size_bytes && block->offset != old.offset)
        kept_bytes = size_bytes;
    oracle_expect_filled(oracle, block, old.offset, kept_bytes);
    if (block->offset == old.offset ||
        !(oracle->heap.ops->caps & POLISHED_NO_TOUCH))
        oracle_end(oracle, status);
    if (block->offset != old.offset) {
        oracle_fill(oracle, block, 0);
        if (oracle_knows_borders(oracle))
            oracle_misuse(oracle, old.offset, 0);
    } else {
        oracle_fill(oracle, block, kept_bytes);
    }
    return status;
}

enum polished_status oracle_reserve(struct oracle *oracle, polished_size offset,
                                    polished_size size_bytes)
{
    enum polished_status status;

    oracle_begin(oracle);
    status = polished_reserve(&oracle->heap, offset, size_bytes);
    if (status == POLISHED_OK)
        oracle_add(oracle, offset, size_bytes, 1);
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

    ORACLE_EXPECT(oracle, more_bytes <= oracle->data_bytes - old_bytes);
    oracle_begin(oracle);
    status = polished_extend(&oracle->heap, more_bytes);
    if (status == POLISHED_OK)
        ORACLE_EXPECT(oracle,
                      oracle->heap.data.size_bytes == old_bytes + more_bytes);
    oracle_end(oracle, status);
    return status;
}

void oracle_reset(struct oracle *oracle)
{
    enum polished_status status;

    oracle_begin(oracle);
    status = polished_reset(&oracle->heap);
    ORACLE_EXPECT(oracle, status == POLISHED_OK);
    oracle->count = 0;
    oracle_end(oracle, status);
}

void oracle_misuse(struct oracle *oracle, polished_size offset,
                   polished_size told_bytes)
{
    const struct polished_request request = {1, 1, 0, 0};
    polished_size moved = offset;

    oracle_begin(oracle);
    ORACLE_EXPECT(oracle, polished_free(&oracle->heap, offset, told_bytes) !=
                              POLISHED_OK);
    ORACLE_EXPECT(oracle, polished_resize(&oracle->heap, offset, told_bytes,
                                          &request) != POLISHED_OK);
    ORACLE_EXPECT(oracle, polished_realloc(&oracle->heap, &moved, told_bytes,
                                           &request) != POLISHED_OK);
    ORACLE_EXPECT(oracle, moved == offset);
    if (!oracle->is_shallow)
        oracle_expect_same(oracle, oracle->reference);
}

/* What a policy keeps for later, it gives back when it is asked to. */
static void oracle_shrink(struct oracle *oracle)
{
    polished_size a = 0, b = 0;
    enum polished_status status;

    oracle_begin(oracle);
    status = polished_call(&oracle->heap, "shrink", &a, &b);
    ORACLE_EXPECT(oracle,
                  status == POLISHED_OK || status == POLISHED_UNSUPPORTED);
    oracle_end(oracle, status);
}

void oracle_free_all(struct oracle *oracle)
{
    while (oracle->count > 0)
        ORACLE_EXPECT(oracle, oracle_free(oracle, oracle->count - 1,
                                          oracle->count % 2) == POLISHED_OK);
    oracle_shrink(oracle);
}

void oracle_prove_largest(struct oracle *oracle, polished_size align_bytes)
{
    struct polished_request request = {1, align_bytes, 0, 0};
    struct oracle_snapshot snapshot = {.bytes = NULL};
    polished_size offset;

    if (!oracle->heap.ops->largest)
        return;
    request.size_bytes = polished_largest(&oracle->heap, &request);
    oracle_save(oracle, &snapshot);
    if (request.size_bytes != 0) {
        ORACLE_EXPECT(oracle, polished_alloc(&oracle->heap, &request,
                                             &offset) == POLISHED_OK);
        ORACLE_EXPECT(oracle, request.size_bytes <=
                                  oracle->heap.data.size_bytes - offset);
        oracle_restore(oracle, &snapshot);
    }
    request.size_bytes++;
    ORACLE_EXPECT(oracle, polished_alloc(&oracle->heap, &request, &offset) !=
                              POLISHED_OK);
    oracle_expect_same(oracle, &snapshot);
    free(snapshot.bytes);
}

/* What a walk shows, held against the model. */
struct oracle_view {
    struct oracle *oracle;
    polished_size next;
    size_t used_count;
};

static int oracle_see(void *context, const struct polished_block *seen)
{
    struct oracle_view *view = context;
    struct oracle *oracle = view->oracle;
    polished_size end = seen->offset_bytes + seen->size_bytes;
    size_t inside = 0;

    ORACLE_EXPECT(oracle, seen->offset_bytes == view->next);
    ORACLE_EXPECT(oracle, seen->size_bytes != 0);
    ORACLE_EXPECT(oracle, end <= oracle->heap.data.size_bytes);
    view->next = end;
    view->used_count += seen->kind == POLISHED_USED;
    for (size_t i = 0; i < oracle->count; i++) {
        const struct oracle_block *block = &oracle->live[i];

        if (block->offset >= end ||
            block->offset + block->usable_bytes <= seen->offset_bytes)
            continue;
        inside++;
        ORACLE_EXPECT(oracle, seen->kind == POLISHED_USED);
        if (oracle_knows_borders(oracle)) {
            ORACLE_EXPECT(oracle, seen->offset_bytes == block->offset);
            ORACLE_EXPECT(oracle, seen->size_bytes == block->usable_bytes);
        }
    }
    if (oracle_knows_borders(oracle))
        ORACLE_EXPECT(oracle, (seen->kind == POLISHED_USED) == (inside == 1));
    return 0;
}

void oracle_inspect(struct oracle *oracle)
{
    struct oracle_view view = {.oracle = oracle};

    ORACLE_EXPECT(oracle, polished_walk(&oracle->heap, oracle_see, &view) ==
                              POLISHED_OK);
    ORACLE_EXPECT(oracle, view.next == oracle->heap.data.size_bytes);
    if (oracle_knows_borders(oracle))
        ORACLE_EXPECT(oracle, view.used_count == oracle->count);
    ORACLE_EXPECT(oracle, polished_check(&oracle->heap) == POLISHED_OK);
    oracle_expect_margin(oracle);
}
