/*
 * fuzz/life.h - a program of operations, from its bytes: the setup of a heap,
 * then records (src/sim/operation.h).
 */
#ifndef FUZZ_LIFE_H
#define FUZZ_LIFE_H

#include "drive.h"

struct life {
    struct operation_setup setup;
    const struct polished_ops *ops;
    const uint8_t *records;
    size_t count;
};

/* false: too short.  ops NULL: the last byte of the setup chooses. */
bool life_read(struct life *life, const struct polished_ops *ops,
               const uint8_t *data, size_t size);

/* Would this heap take more memory than a target should? */
bool life_is_large(const struct life *life);

/* Do one record. */
bool life_step(const struct life *life, struct drive *drive, size_t index);

#endif
