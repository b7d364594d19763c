/*
 * trace/wire.h - the raw log of the recorder, byte by byte: what the module
 * inside the recorded program writes and trace/recording.c reads.
 *
 * A file is a row of units of 64 KiB:
 *
 *     unit 0            the header
 *     a thread's unit   mapped into the program, filled record by record;
 *                       `home` is its own number
 *     a full unit       a copy of a thread's unit, appended when that was
 *                       full; `home` is the number of the unit it copies
 *     a hole            nothing: the program died before it wrote there
 *
 * `state` holds in one word how often a thread's unit was emptied (its turn)
 * and how many bytes of it are used.  It is stored after the bytes and after
 * the copy, so that a program killed between any two instructions leaves
 * every finished record either in the thread's unit or in a copy whose turn
 * is older than the unit's.  Copies of the same turn are torn: the unit
 * itself still has their records.
 *
 * A record:
 *
 *     head      op | code << 3 | length << 5; length 0 stands for 8
 *     size      1 << code bytes            not with FREE, RESIZE, CONTROL
 *     align     one byte, its log2         ALIGNED only
 *     value     length bytes: the address as a difference to that of the
 *               record before, in granules, zigzag; of CONTROL a number
 *     stamp     after a CLOCK in this unit, not with CONTROL: the time since
 *               the record before, doubled; odd: two bytes, else one
 *
 * All numbers are little-endian.  Each turn starts from address 0, unstamped.
 */
#ifndef TRACE_WIRE_H
#define TRACE_WIRE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define WIRE_MAGIC         "polished-record\n"
#define WIRE_MAGIC_BYTES   ((size_t)16)
#define WIRE_VERSION       1u
#define WIRE_BYTE_ORDER    0x01020304u
#define WIRE_UNIT_BYTES    ((size_t)65536)
#define WIRE_HEADER_BYTES  ((size_t)4096) /* of unit 0, the rest is a hole */
#define WIRE_UNIT_MAGIC    0x74696e75u    /* "unit" */
#define WIRE_GRANULE_BITS  4
#define WIRE_RECORD_MAX    ((size_t)64) /* with its CONTROLs and slack */
#define WIRE_STAMP_MAX     ((uint64_t)0x7fff)
#define WIRE_STATE_TURN    32 /* the turn's first bit in a state */
#define WIRE_COMMAND_BYTES (WIRE_HEADER_BYTES - 72)

enum wire_op {
    WIRE_MALLOC,
    WIRE_FREE, /* written before the block is free */
    WIRE_CALLOC,
    WIRE_RESIZE,  /* realloc begins: the old address */
    WIRE_RESIZED, /* realloc has ended: new size and address */
    WIRE_ALIGNED,
    WIRE_CONTROL /* its code is an enum wire_control */
};

enum wire_control {
    WIRE_THREAD, /* the records that follow are of this thread */
    WIRE_CLOCK,  /* the time now; stamps follow from here on */
    WIRE_LOW,    /* what to add to the next record's address */
    WIRE_UNMOVED /* realloc has ended without a block: 0 failed, 1 freed */
};

/* Which ops have a size: bit 1 << op. */
#define WIRE_SIZED                                                             \
    (1u << WIRE_MALLOC | 1u << WIRE_CALLOC | 1u << WIRE_RESIZED |              \
     1u << WIRE_ALIGNED)

struct wire_header {
    char magic[16];
    uint32_t version;
    uint32_t byte_order;
    uint64_t unit_count; /* given away so far, written or not */
    uint64_t started_ns; /* real time; 0: no program has started */
    uint32_t pid;
    uint32_t stop_errno; /* why the recording ended early, 0: it did not */
    uint32_t thread_count;
    uint32_t command_bytes;
    uint64_t reserved[2];
    char command[WIRE_COMMAND_BYTES]; /* the arguments, each with its NUL */
};

struct wire_unit {
    uint32_t magic;
    uint32_t reserved;
    uint64_t home;
    uint64_t state;
    uint64_t padding[5]; /* state has a cache line of its own */
    uint8_t bytes[];
};

#define WIRE_PAYLOAD_BYTES (WIRE_UNIT_BYTES - sizeof(struct wire_unit))

static inline uint64_t wire_little(uint64_t value)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    return __builtin_bswap64(value);
#else
    return value;
#endif
}

/* Store eight bytes, of which length count; answer what is behind them. */
static inline uint8_t *wire_put(uint8_t *at, uint64_t value, unsigned length)
{
    value = wire_little(value);
    memcpy(at, &value, sizeof value);
    return at + length;
}

static inline uint64_t wire_get(const uint8_t *at, unsigned length)
{
    uint64_t value = 0;
    memcpy(&value, at, length);
    return wire_little(value);
}

/* How many bytes hold a value: 1 to 8. */
static inline unsigned wire_length(uint64_t value)
{
    return (unsigned)(71 - __builtin_clzll(value | 1)) / 8;
}

/* The code of a size that fits in 1 << code bytes. */
static inline unsigned wire_code(uint64_t size_bytes)
{
    return (size_bytes > UINT8_MAX) + (size_bytes > UINT16_MAX) +
           (size_bytes > UINT32_MAX);
}

static inline uint64_t wire_zigzag(uint64_t difference)
{
    return difference << 1 ^ (uint64_t)((int64_t)difference >> 63);
}

static inline uint64_t wire_unzigzag(uint64_t value)
{
    return value >> 1 ^ (0 - (value & 1));
}

static inline uint8_t *wire_put_control(uint8_t *at, enum wire_control kind,
                                        uint64_t value)
{
    unsigned length = wire_length(value);
    *at++ = (uint8_t)(WIRE_CONTROL | (unsigned)kind << 3 | length << 5);
    return wire_put(at, value, length);
}

#endif
