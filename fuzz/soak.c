/*
 * soak.c - a policy under the oracle for as many operations as are wanted,
 * without an engine.
 *
 *     fuzz/soak POLICY OPERATIONS [SEED]
 *
 * Lives are short and many, in small regions; every eighth is long, every
 * eighth is one of long runs of the same, every sixteenth in a region of any
 * size.  Prints what was done, also where it is told to end before that.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "fuzz.h"
#include "life.h"

static struct drive drive;
static volatile sig_atomic_t soak_is_over;

static void soak_end(int number)
{
    (void)number;
    soak_is_over = 1;
}

/* xorshift64*, after Vigna (2016): its upper half passes for random. */
static uint32_t soak_draw(uint64_t *random)
{
    *random ^= *random >> 12;
    *random ^= *random << 25;
    *random ^= *random >> 27;
    return (uint32_t)(*random * UINT64_C(0x2545f4914f6cdd1d) >> 32);
}

/* count is a multiple of 4. */
static void soak_fill(uint64_t *random, uint8_t *bytes, size_t count)
{
    for (size_t i = 0; i < count; i += 4) {
        uint32_t word = soak_draw(random);

        for (unsigned j = 0; j < 4; j++)
            bytes[i + j] = (uint8_t)(word >> 8 * j);
    }
}

/* Records come in runs of the same: many blocks, then none. */
static void soak_repeat(uint64_t *random, uint8_t *records, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (soak_draw(random) % 16)
            memcpy(records + i * OPERATION_RECORD_BYTES,
                   records + (i - 1) * OPERATION_RECORD_BYTES,
                   OPERATION_RECORD_BYTES);
}

/* How large a region, all room to grow included, may be.  Large ones cost much
   and tell little more, but pages have to fit, and long runs need room. */
static polished_size soak_most(const struct polished_ops *ops, uint64_t *random,
                               bool is_long_run)
{
    uint32_t choice = soak_draw(random) % 16;
    bool has_pages = ops->caps & (POLISHED_PAGES | POLISHED_SOURCE);

    if (choice == 0)
        return POLISHED_SIZE_MAX;
    if (choice < 4)
        return 16384;
    return has_pages || is_long_run ? 8192 : 2048;
}

static uint64_t soak_life(const struct polished_ops *ops, uint64_t *random)
{
    enum { MOST = 600 };
    uint8_t bytes[OPERATION_SETUP_BYTES + MOST * OPERATION_RECORD_BYTES];
    size_t count = soak_draw(random) % 8 ? 120 : MOST;
    size_t size = OPERATION_SETUP_BYTES + count * OPERATION_RECORD_BYTES;
    bool is_long_run = soak_draw(random) % 8 == 0;
    polished_size most_bytes = soak_most(ops, random, is_long_run);
    struct life life;

    soak_fill(random, bytes, size);
    if (is_long_run)
        soak_repeat(random, bytes + OPERATION_SETUP_BYTES, count);
    do {
        soak_fill(random, bytes, OPERATION_SETUP_BYTES);
        life_read(&life, ops, bytes, size);
    } while (life.setup.size_bytes + life.setup.more_bytes > most_bytes);
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
    signal(SIGINT, soak_end);
    signal(SIGTERM, soak_end);
    for (; done < most && !soak_is_over; lives++)
        done += soak_life(ops, &random);
    printf("%s: %llu operations in %llu lives, seed %llu\n", ops->name,
           (unsigned long long)done, (unsigned long long)lives,
           (unsigned long long)seed);
    return 0;
}
