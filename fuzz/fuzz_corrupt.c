/*
 * fuzz_corrupt.c - a bit of a heap is flipped where the caller has no business.
 *
 * The last bytes of the input choose the bit, among those of data that belong
 * to no block in use.  Then the heap either says that it is damaged, or goes
 * on as if nothing had been: every later call decides as in a heap that is
 * whole.  Never does it write or read outside of its memory.
 *
 * One thing a policy without exact misuse need not tell: how large a used
 * block is may stand in its head alone.  Changed such that it leads to where
 * another head may be, it is a forged one, and the rest is left out.
 */
#include <string.h>

#include "fuzz.h"
#include "life.h"
#include "oracle_memory.h"

static struct drive whole, damaged;

static void fuzz_jump(const char *message)
{
    (void)message;
    abort();
}

/* The place of the pick-th byte that is the policy's; false: there is none. */
struct fuzz_aim {
    uint64_t left;
    polished_size place;
    bool is_found;
};

static int fuzz_count(void *context, const struct polished_block *block)
{
    struct fuzz_aim *aim = context;

    if (block->kind == POLISHED_USED)
        return 0;
    if (aim->left < block->size_bytes) {
        aim->place = block->offset_bytes + aim->left;
        aim->is_found = true;
        return 1;
    }
    aim->left -= block->size_bytes;
    return 0;
}

static bool fuzz_damage(uint64_t choice)
{
    struct fuzz_aim aim = {choice >> 3, 0, false};

    aim.left %= damaged.oracle.heap.data.size_bytes;
    polished_walk(&damaged.oracle.heap, fuzz_count, &aim);
    if (aim.is_found)
        damaged.oracle.data[aim.place] ^= (unsigned char)(1u << (choice & 7));
    return aim.is_found;
}

static int fuzz_digest(void *context, const struct polished_block *block)
{
    uint64_t *digest = context;

    *digest = (*digest ^ block->offset_bytes ^ block->size_bytes << 32) *
                  UINT64_C(0x100000001b3) +
              block->kind;
    return 0;
}

/* Where blocks begin and end, as the heap tells it. */
static uint64_t fuzz_borders(const struct drive *drive)
{
    uint64_t digest = 0;

    polished_walk(&drive->oracle.heap, fuzz_digest, &digest);
    return digest;
}

/* Has the damage moved a border, and the check not seen it? */
static bool fuzz_is_forged(const struct polished_ops *ops)
{
    return (ops->caps & POLISHED_EXACT_MISUSE) == 0 &&
           fuzz_borders(&whole) != fuzz_borders(&damaged);
}

/* Lead the rest of both lives. */
static void fuzz_compare(const struct life *life, size_t from)
{
    for (size_t i = from; i < life->count; i++) {
        life_step(life, &whole, i);
        life_step(life, &damaged, i);
        FUZZ_EXPECT(whole.decisions == damaged.decisions);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct life life;
    uint64_t choice;
    size_t half;

    oracle_fail = fuzz_jump;
    if (size < 4 || !life_read(&life, NULL, data, size - 4) ||
        life_is_large(&life) || (life.ops->caps & POLISHED_NO_TOUCH) ||
        drive_open(&whole, life.ops, &life.setup, 0) != POLISHED_OK)
        return 0;
    FUZZ_EXPECT(drive_open(&damaged, life.ops, &life.setup, 0) == POLISHED_OK);
    whole.oracle.is_shallow = damaged.oracle.is_shallow = true;
    choice = data[size - 4] | (uint64_t)data[size - 3] << 8 |
             (uint64_t)data[size - 2] << 16;
    half = life.count / 2;
    for (size_t i = 0; i < half; i++) {
        life_step(&life, &whole, i);
        life_step(&life, &damaged, i);
    }
    if (!whole.is_over && fuzz_damage(choice) &&
        polished_check(&damaged.oracle.heap) == POLISHED_OK &&
        !fuzz_is_forged(life.ops))
        fuzz_compare(&life, half);
    drive_close(&whole);
    drive_close(&damaged);
    return 0;
}
