/* drive_finish.c - the end of a life: nothing is lost. */
#include "drive.h"
#include "oracle_memory.h"

enum { FINISH_ALIGNS = 14 };

static void finish_largest(const struct oracle *oracle,
                           polished_size largest[FINISH_ALIGNS])
{
    struct polished_request request = {1, 1, 0, 0};

    for (unsigned i = 0; i < FINISH_ALIGNS; i++) {
        request.align_bytes = (polished_size)1 << i;
        largest[i] = polished_largest(&oracle->heap, &request);
    }
}

void drive_finish(struct drive *drive)
{
    struct oracle *oracle = &drive->oracle;
    bool reclaims = oracle->heap.ops->caps & POLISHED_RECLAIMS;
    polished_size freed[FINISH_ALIGNS], fresh[FINISH_ALIGNS];

    if (drive->is_over)
        return;
    for (size_t i = 0; i < oracle->count; i++)
        oracle_expect_filled(oracle, &oracle->live[i], oracle->live[i].offset,
                             oracle->live[i].usable_bytes);
    if (reclaims)
        oracle_free_all(oracle);
    oracle->heap.owner = 0;
    finish_largest(oracle, freed);
    oracle_prove_largest(oracle, 16);
    oracle_reset(oracle);
    operation_book_drop_all(&drive->book);
    finish_largest(oracle, fresh);
    for (unsigned i = 0; i < FINISH_ALIGNS && reclaims; i++)
        ORACLE_EXPECT(oracle, drive->has_quota || freed[i] == fresh[i]);
}
