/* contract/drive_extra.h - what the files of the driver share. */
#ifndef CONTRACT_DRIVE_EXTRA_H
#define CONTRACT_DRIVE_EXTRA_H

#include "drive.h"

/* Call an extra; the model follows as its name asks for. */
enum polished_status drive_extra(struct drive *drive,
                                 const struct operation_call *call);

#endif
