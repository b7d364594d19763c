/*
 * contract/drive.h - operations (sim/operation.h) through the oracle: what
 * fuzz targets, soak and explorer have in common.
 */
#ifndef CONTRACT_DRIVE_H
#define CONTRACT_DRIVE_H

#include "oracle.h"
#include "sim/operation_book.h"

struct drive {
    struct oracle oracle;
    struct operation_book book;
    uint64_t decisions; /* a digest of all answers */
    uint64_t calls;
    bool has_extended, has_rewound, has_quota;
    bool is_over; /* a forged head was taken: no more can be said */
};

/* Make the heap of a setup.  fill is what its control is full of before.  If
   it is refused, no close is needed. */
enum polished_status drive_open(struct drive *drive,
                                const struct polished_ops *ops,
                                const struct operation_setup *setup,
                                unsigned char fill);
void drive_close(struct drive *drive);

/* After a reset: begin anew. */
void drive_forget(struct drive *drive);

/* One operation; false if it means nothing for this heap, or it is over. */
bool drive_step(struct drive *drive, const struct operation *operation);

/* After the last: every block still holds what was written into it; all of it
   can be freed; and then as much can be had as from an empty heap. */
void drive_finish(struct drive *drive);

#endif
