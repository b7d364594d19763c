/* contract/drive_extra.h - what the files of the driver share. */
#ifndef CONTRACT_DRIVE_EXTRA_H
#define CONTRACT_DRIVE_EXTRA_H

#include "drive.h"

/* The oracle's newest block is new to the book too. */
void drive_add(struct drive *drive, uint32_t owner);

/* Call an extra; the model follows as its name asks for. */
enum polished_status drive_extra(struct drive *drive,
                                 const struct operation_call *call);

#endif
