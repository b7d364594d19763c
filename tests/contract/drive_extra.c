/*
 * drive_extra.c - extras: what the model knows of them by a walk, held against
 * what the name of each promises.
 */
#include "drive_extra.h"

#include <string.h>

/* Does the oracle still have the block that was here? */
static bool extra_has(const struct oracle *oracle, polished_size offset)
{
    for (size_t i = 0; i < oracle->count; i++)
        if (oracle->live[i].offset == offset)
            return true;
    return false;
}

/* Let the book have what the oracle has.  What ended lay above all that did
   not: only a rewind ends blocks. */
static size_t extra_follow(struct drive *drive)
{
    struct oracle *oracle = &drive->oracle;
    struct operation_book *book = &drive->book;
    polished_size lowest_ended = POLISHED_SIZE_MAX, end = 0;
    size_t ended_count = 0;

    for (size_t i = book->live_count; i-- > 0;) {
        polished_size offset = book->live[i].block.offset;

        if (extra_has(oracle, offset)) {
            if (end < offset + 1)
                end = offset + 1;
            continue;
        }
        if (lowest_ended > offset)
            lowest_ended = offset;
        operation_book_drop(book, i);
        ended_count++;
    }
    ORACLE_EXPECT(oracle, lowest_ended >= end);
    return ended_count;
}

static bool extra_is(const struct operation_call *call, const char *name)
{
    return strcmp(call->extra, name) == 0;
}

enum polished_status drive_extra(struct drive *drive,
                                 const struct operation_call *call)
{
    struct oracle *oracle = &drive->oracle;
    polished_size a = call->a, b = call->b;
    size_t ended_count;
    enum polished_status status = oracle_extra(oracle, call->extra, &a, &b);

    if (status != POLISHED_OK) {
        ORACLE_EXPECT(oracle, a == call->a && b == call->b);
        return status;
    }
    ended_count = extra_follow(drive);
    ORACLE_EXPECT(oracle, ended_count == 0 || extra_is(call, "rewind"));
    if (oracle->count > drive->book.live_count) {
        ORACLE_EXPECT(oracle, extra_is(call, "segment"));
        ORACLE_EXPECT(oracle, oracle->live[oracle->count - 1].offset == a);
        drive_add(drive, call->owner);
    }
    drive->has_rewound = drive->has_rewound || extra_is(call, "rewind");
    drive->has_quota = drive->has_quota || extra_is(call, "quota");
    operation_book_answer(&drive->book, a, b);
    return status;
}
