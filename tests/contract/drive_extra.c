/*
 * drive_extra.c - extras: the driver has to know of each whether it frees
 * blocks or makes one; of the others it expects neither.
 */
#include "drive_extra.h"

#include <string.h>

#include "oracle_memory.h"

/* Which part of a range is in use, from its start. */
struct extra_range {
    polished_size start, end;
    polished_size used_end;
};

static int extra_see(void *context, const struct polished_block *block)
{
    struct extra_range *range = context;

    if (block->kind == POLISHED_USED && block->offset_bytes <= range->start &&
        block->offset_bytes + block->size_bytes > range->start)
        range->used_end = block->offset_bytes + block->size_bytes;
    return 0;
}

/* What a rewind freed is all that lies above some height.  A block that was
   resized across that height is cut there. */
static void extra_rewound(struct drive *drive)
{
    struct oracle *oracle = &drive->oracle;
    polished_size lowest_freed = POLISHED_SIZE_MAX; /* of those freed */
    polished_size end = 0;                          /* of those kept */

    drive->has_rewound = true;
    for (size_t i = oracle->count; i-- > 0;) {
        struct oracle_block *block = &oracle->live[i];
        struct extra_range range = {block->offset,
                                    block->offset + block->usable_bytes, 0};

        polished_walk(&oracle->heap, extra_see, &range);
        if (range.used_end == 0) {
            if (lowest_freed > block->offset)
                lowest_freed = block->offset;
            oracle_drop(oracle, i);
            operation_book_drop(&drive->book, i);
            continue;
        }
        if (end < block->offset + 1)
            end = block->offset + 1;
        if (range.used_end >= range.end)
            continue;
        ORACLE_EXPECT(oracle, !oracle_knows_borders(oracle));
        block->usable_bytes = range.used_end - block->offset;
        if (block->size_bytes > block->usable_bytes)
            block->size_bytes = block->usable_bytes;
        drive->book.live[i].block.size_bytes = block->size_bytes;
    }
    ORACLE_EXPECT(oracle, lowest_freed >= end);
}

static void extra_segment(struct drive *drive,
                          const struct operation_call *call)
{
    struct oracle *oracle = &drive->oracle;
    const struct operation_block block = {call->a, call->b, 1, call->owner};

    oracle_add(oracle, call->a, call->b, 1);
    operation_book_add(&drive->book, &block);
}

static void extra_quota(struct drive *drive)
{
    drive->has_quota = true;
}

enum polished_status drive_extra(struct drive *drive,
                                 const struct operation_call *call)
{
    struct oracle *oracle = &drive->oracle;
    struct operation_call answered = *call;
    bool has_block = false;
    enum polished_status status;

    oracle_begin(oracle, ORACLE_ALL);
    status =
        polished_call(&oracle->heap, call->extra, &answered.a, &answered.b);
    if (status != POLISHED_OK)
        ORACLE_EXPECT(oracle, answered.a == call->a && answered.b == call->b);
    else if (strcmp(call->extra, "rewind") == 0)
        extra_rewound(drive);
    else if (strcmp(call->extra, "quota") == 0)
        extra_quota(drive);
    else if (strcmp(call->extra, "segment") == 0)
        has_block = true;
    if (has_block)
        extra_segment(drive, &answered);
    oracle_end(oracle, status);
    if (has_block)
        oracle_fill(oracle, &oracle->live[oracle->count - 1], 0);
    if (status == POLISHED_OK)
        operation_book_answer(&drive->book, answered.a, answered.b);
    return status;
}
