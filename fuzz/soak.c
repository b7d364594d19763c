/*
 * soak.c - a policy under the oracle for as many operations as are wanted,
 * without an engine.
 *
 *     fuzz/soak POLICY OPERATIONS [SEED]
 *
 * Lives are short and many; every eighth is long, and every eighth is one of
 * long runs of the same.  Prints what was done.
 */
#include <stdio.h>
#include <string.h>

#include "fuzz.h"
#include "life.h"

static struct drive drive;

static uint64_t soak_draw(uint64_t *random)
{
    *random ^= *random << 13;
    *random ^= *random >> 7;
    *random ^= *random << 17;
    return *random;
}

/* Bytes from the middle of the state; the ends repeat too soon. */
static void soak_fill(uint64_t *random, uint8_t *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        bytes[i] = (uint8_t)(soak_draw(random) >> 24);
}

/* Records come in runs of the same: many blocks, then none. */
static void soak_repeat(uint64_t *random, uint8_t *records, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (soak_draw(random) >> 24 & 15)
            memcpy(records + i * OPERATION_RECORD_BYTES,
                   records + (i - 1) * OPERATION_RECORD_BYTES,
                   OPERATION_RECORD_BYTES);
}

static uint64_t soak_life(const struct polished_ops *ops, uint64_t *random)
{
    enum { MOST = 600 };
    uint8_t bytes[OPERATION_SETUP_BYTES + MOST * OPERATION_RECORD_BYTES];
    size_t count = soak_draw(random) >> 20 & 7 ? 120 : MOST;
    struct life life;

    soak_fill(random, bytes,
              OPERATION_SETUP_BYTES + count * OPERATION_RECORD_BYTES);
    if ((soak_draw(random) >> 20 & 7) == 0)
        soak_repeat(random, bytes + OPERATION_SETUP_BYTES, count);
    /* Large regions cost much and tell little more. */
    if (bytes[0] % 16 != 0 && ((bytes[0] & 7) == 4 || (bytes[0] & 7) == 5))
        bytes[0] = (uint8_t)(bytes[0] - 4);
    life_read(&life, ops, bytes,
              OPERATION_SETUP_BYTES + count * OPERATION_RECORD_BYTES);
    if (life_is_large(&life) ||
        drive_open(&drive, ops, &life.setup, 0) != POLISHED_OK)
        return 0;
    for (size_t i = 0; i < count; i++)
        life_step(&life, &drive, i);
    drive_finish(&drive);
    drive_close(&drive);
    return drive.calls;
}

int main(int argc, char **argv)
{
    const struct polished_ops *ops = argc > 2 ? polished_policy(argv[1]) : NULL;
    uint64_t seed = argc > 3 ? strtoull(argv[3], NULL, 0) : 1;
    uint64_t most, done = 0, lives = 0, random = seed * 0x9e3779b97f4a7c15u;

    if (!ops || seed == 0) {
        fprintf(stderr, "usage: %s POLICY OPERATIONS [SEED]\n", argv[0]);
        return 2;
    }
    most = (uint64_t)strtod(argv[2], NULL);
    for (; done < most; lives++)
        done += soak_life(ops, &random);
    printf("%s: %llu operations in %llu lives, seed %llu\n", ops->name,
           (unsigned long long)done, (unsigned long long)lives,
           (unsigned long long)seed);
    return 0;
}
