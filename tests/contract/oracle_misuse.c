/* oracle_misuse.c - calls that concern no block, the wrong one, or all. */
#include <stdlib.h>
#include <string.h>

#include "oracle_memory.h"

void oracle_reset(struct oracle *oracle)
{
    enum polished_status status;

    oracle_begin(oracle);
    status = polished_reset(&oracle->heap);
    ORACLE_EXPECT(oracle, status == POLISHED_OK);
    oracle->count = oracle->order_count = 0;
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
    oracle_refused(oracle);
}

enum polished_status oracle_claim(struct oracle *oracle, size_t index,
                                  polished_size told_bytes, bool is_resize)
{
    struct oracle_block block = oracle->live[index];
    const struct polished_request request = {block.size_bytes,
                                             block.align_bytes, 0, 0};
    enum polished_status status;

    oracle_begin(oracle);
    status = is_resize ? polished_resize(&oracle->heap, block.offset,
                                         told_bytes, &request)
                       : polished_free(&oracle->heap, block.offset, told_bytes);
    if (oracle_knows_borders(oracle) && told_bytes > block.usable_bytes)
        ORACLE_EXPECT(oracle, status != POLISHED_OK);
    oracle_show(oracle);
    if (status == POLISHED_OK && !is_resize)
        oracle_drop(oracle, index);
    else
        oracle->live[index].usable_bytes =
            oracle_measure(oracle, block.offset, block.size_bytes);
    oracle_end(oracle, status);
    if (status == POLISHED_OK && is_resize)
        oracle_fill(oracle, &oracle->live[index], block.usable_bytes);
    return status;
}

bool oracle_forge(struct oracle *oracle, size_t index, polished_size offset,
                  bool is_resize)
{
    const struct oracle_block *block = &oracle->live[index];
    const struct polished_request request = {1, 1, 0, 0};
    unsigned char *head = oracle->data + offset - ORACLE_HEAD;
    enum polished_status status;

    memcpy(head, oracle->data + block->offset - ORACLE_HEAD, ORACLE_HEAD);
    oracle_changed(oracle);
    oracle_begin(oracle);
    status = is_resize ? polished_resize(&oracle->heap, offset, 0, &request)
                       : polished_free(&oracle->heap, offset, 0);
    if (status == POLISHED_OK || status == POLISHED_CORRUPT) {
        ORACLE_EXPECT(oracle,
                      !(oracle->heap.ops->caps & POLISHED_EXACT_MISUSE));
        return true;
    }
    oracle_refused(oracle);
    oracle_fill(oracle, block, 0);
    return false;
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
