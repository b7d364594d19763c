/*
 * fuzz_diff.c - the same program on every general policy at once.
 *
 * Of so many blocks of such sizes in a region as large, whichever way they
 * lie, there is always a place for one more: so every policy has to serve
 * every request, and every block holds in the end what it holds in a plain
 * array of buffers.
 */
#include <string.h>

#include "fuzz.h"
#include "oracle.h"
#include "oracle_memory.h"

enum {
    REGION = 1 << 17,
    BLOCKS = 6,
    SIZE_MOST = 1000,
    ALIGN_LOG2_MOST = 10,
    CALLS_MOST = 120
};

enum fuzz_kind { FUZZ_ALLOC, FUZZ_FREE, FUZZ_REALLOC };

/* One call as bytes: which kind and block, alignment, size. */
struct fuzz_call {
    enum fuzz_kind kind;
    size_t pick;
    struct polished_request request;
};

static struct oracle oracle;

/* Policies that take blocks of any size back in any order. */
static bool fuzz_is_general(const struct polished_ops *ops)
{
    const uint32_t needs = POLISHED_RECLAIMS | POLISHED_ANY_ORDER;

    return (ops->caps & (needs | POLISHED_ONE_SIZE | POLISHED_PAGES)) == needs;
}

static bool fuzz_next(struct fuzz_input *input, size_t count,
                      struct fuzz_call *call)
{
    uint64_t form;

    if (input->left == 0)
        return false;
    form = fuzz_take(input, 1);
    call->pick = count ? (form >> 2) % count : 0;
    call->kind = (enum fuzz_kind)(form % 4 % 3);
    if (count == 0 || (call->kind == FUZZ_ALLOC && count < BLOCKS))
        call->kind = FUZZ_ALLOC;
    else if (call->kind == FUZZ_ALLOC)
        call->kind = FUZZ_FREE;
    call->request = (struct polished_request){1, 1, 0, 0};
    if (call->kind != FUZZ_FREE) {
        uint64_t word = fuzz_take(input, 2);

        call->request.align_bytes = (polished_size)1
                                    << (word >> 12) % (ALIGN_LOG2_MOST + 1);
        call->request.size_bytes = 1 + (polished_size)(word % SIZE_MOST);
    }
    return true;
}

static void fuzz_call(const struct fuzz_call *call)
{
    enum polished_status status;

    if (call->kind == FUZZ_ALLOC)
        status = oracle_request(&oracle, &call->request);
    else if (call->kind == FUZZ_FREE)
        status = oracle_free(&oracle, call->pick, call->pick % 2);
    else
        status = oracle_change(&oracle, call->pick, &call->request, true);
    FUZZ_EXPECT(status == POLISHED_OK);
}

/* What is in use must not depend on the policy; returns a digest of it. */
static uint64_t fuzz_run(const struct oracle_plan *plan, const uint8_t *data,
                         size_t size)
{
    struct fuzz_input input = {data, size};
    struct fuzz_call call;
    uint64_t digest = 0;

    FUZZ_EXPECT(oracle_open(&oracle, plan) == POLISHED_OK);
    oracle.is_shallow = true;
    for (unsigned i = 0;
         i < CALLS_MOST && fuzz_next(&input, oracle.count, &call); i++)
        fuzz_call(&call);
    for (size_t i = 0; i < oracle.count; i++) {
        const struct oracle_block *block = &oracle.live[i];

        oracle_expect_filled(&oracle, block, block->offset,
                             block->usable_bytes);
        digest = digest * 31 + block->size_bytes;
    }
    oracle_inspect(&oracle);
    oracle_free_all(&oracle);
    oracle_close(&oracle);
    return digest;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint64_t digest = 0;
    bool is_first = true;

    for (size_t i = 0; polished_policies[i]; i++) {
        const struct polished_ops *ops = polished_policies[i];
        bool draws = ops->caps & POLISHED_SOURCE;
        const struct oracle_plan plan = {
            .ops = ops,
            .source_ops = draws ? polished_policy("tlsf") : NULL,
            .size_bytes = REGION};
        uint64_t found;

        if (!fuzz_is_general(ops))
            continue;
        found = fuzz_run(&plan, data, size);
        FUZZ_EXPECT(is_first || found == digest);
        digest = found;
        is_first = false;
    }
    return 0;
}
