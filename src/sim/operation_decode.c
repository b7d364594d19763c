/*
 * operation_decode.c - bytes to operations: the palettes.
 *
 * A record has four bytes:
 *
 *     | which, 3 bits: variant | pick or alignment | size, 16 bits |
 *
 * Sizes and alignments are drawn from where mistakes live: small numbers,
 * borders of powers, of classes, of data, of all numbers, and the largest
 * block that there is, each with its neighbours.
 */
#include "sim/operation.h"

/* One of so many palettes and a number of 12 bits. */
static struct operation_number decode_plain(polished_size bytes)
{
    struct operation_number number = {OPERATION_FROM_ZERO, bytes};

    return number;
}

static struct operation_number decode_from(enum operation_from from,
                                           polished_size bytes)
{
    struct operation_number number = {from, bytes};

    return number;
}

/* Eighths of powers of two, with heads and without: borders of classes. */
static polished_size decode_border(unsigned value)
{
    static const int nearby[] = {0, 1, -1, -8, -7, -9, 8, -16};
    polished_size eighth = (polished_size)2 << value % 12;

    value /= 12;
    return eighth * (8 + value % 8) + (polished_size)nearby[value / 8 % 8];
}

/* What is left when pages and slabs are shared out, in granules. */
static polished_size decode_share(unsigned value)
{
    polished_size whole = (polished_size)256 << (value & 7);
    polished_size share = whole / (1 + (value >> 3 & 31));

    return share / 16 * 16 + (value >> 8) % 3 - 1;
}

static polished_size decode_power(unsigned value)
{
    unsigned log2 = value % (8 * sizeof(polished_size));

    return ((polished_size)1 << log2) + (value >> 6) % 9 - 4;
}

static struct operation_number decode_size(unsigned code)
{
    unsigned value = code & 0xfff;

    switch (code >> 12) {
    case 0:
    case 1:
        return decode_plain(value & 31);
    case 2:
        return decode_plain(value & 255);
    case 3:
        return decode_plain(8 * (value & 511));
    case 4:
        return decode_plain(value);
    case 5:
        return decode_plain(decode_power(value));
    case 6:
        return decode_from(OPERATION_FROM_DATA,
                           (polished_size)4 - (value & 255));
    case 7:
        return decode_from(OPERATION_FROM_MOST,
                           -(polished_size)(value & 15) * (1 + (value >> 4)));
    case 8:
        return decode_plain((polished_size)16 * (value & 255) - 8 +
                            (value >> 8) % 3 - 1);
    case 9:
        return decode_from(OPERATION_FROM_LARGEST,
                           (polished_size)(value % 9) - 4);
    case 10:
        return decode_from(OPERATION_FROM_LARGEST, -(polished_size)value);
    case 11:
        return decode_plain(decode_border(value));
    case 12:
        return decode_plain(decode_share(value));
    case 13:
        return decode_from(OPERATION_FROM_BLOCK,
                           (polished_size)(value % 33) - 16);
    case 14:
        return decode_from(OPERATION_FROM_BLOCK, (polished_size)value - 2048);
    default:
        return decode_plain((polished_size)256 * (value & 63) +
                            (value >> 6) % 3 - 1);
    }
}

static polished_size decode_align(unsigned code)
{
    static const polished_size usual[] = {1, 8, 16, 16, 16, 32, 64, 128};
    static const polished_size odd[] = {
        0,  3,  5,  6,  7,   9,    10,   12,
        15, 24, 48, 96, 255, 1000, 4095, POLISHED_SIZE_MAX};

    if (code < 128)
        return usual[code % 8];
    if (code < 176)
        return (polished_size)1 << code % 16;
    if (code < 240)
        return (polished_size)1 << (code - 176) % (8 * sizeof(polished_size));
    return odd[code % 16];
}

static struct operation_number decode_below(unsigned variant, unsigned code)
{
    switch (variant) {
    case 0:
        return decode_plain(0);
    case 1:
        return decode_plain(1);
    case 2:
        return decode_from(OPERATION_FROM_MOST, 0);
    default:
        return decode_from(OPERATION_FROM_BUS, (polished_size)(code & 255)
                                                   << (2 * (variant - 3)));
    }
}

static struct operation_number decode_place(unsigned variant, unsigned code)
{
    switch (variant) {
    case 0:
        return decode_plain(code);
    case 1:
        return decode_plain((polished_size)256 * code);
    case 2:
        return decode_from(OPERATION_FROM_DATA, -(polished_size)16 * code);
    default:
        return decode_plain((polished_size)16 * code);
    }
}

/* The bytes of a record, taken apart. */
struct decode_parts {
    unsigned which, variant, middle, code;
};

static void decode_alloc(const struct decode_parts *parts,
                         struct operation *operation)
{
    operation->kind = OPERATION_ALLOC;
    operation->owner = parts->variant;
    operation->align_bytes = decode_align(parts->middle);
    operation->size = decode_size(parts->code);
}

static void decode_limited(const struct decode_parts *parts,
                           struct operation *operation)
{
    unsigned log2 = parts->middle & 15;

    operation->kind = OPERATION_ALLOC;
    operation->align_bytes = (polished_size)1 << (parts->middle >> 4);
    operation->boundary = log2 == 0    ? 0
                          : log2 == 15 ? 48
                                       : (polished_size)1 << log2;
    operation->size = decode_size(parts->code);
    operation->below = decode_below(parts->variant, parts->code >> 4);
}

static void decode_free(const struct decode_parts *parts,
                        struct operation *operation)
{
    operation->kind = OPERATION_FREE;
    operation->pick = parts->middle & 127;
    operation->is_told = parts->middle >> 7;
}

static void decode_realloc(const struct decode_parts *parts,
                           struct operation *operation)
{
    operation->kind = OPERATION_REALLOC;
    operation->pick = parts->middle & 127;
    operation->is_told = parts->middle >> 7;
    operation->size = decode_size(parts->code);
    if (parts->variant >= 6)
        operation->align_bytes = parts->variant == 6 ? 64 : 4096;
}

static void decode_reserve(const struct decode_parts *parts,
                           struct operation *operation)
{
    operation->kind = OPERATION_RESERVE;
    operation->place = decode_place(parts->variant, parts->middle);
    operation->size = decode_size(parts->code);
}

static void decode_extend(const struct decode_parts *parts,
                          struct operation *operation)
{
    operation->kind = OPERATION_EXTEND;
    operation->size = decode_size(parts->code);
}

/* What an extra answered goes in again, for the most part as it came. */
static void decode_extra(const struct decode_parts *parts,
                         struct operation *operation)
{
    polished_size skew = parts->middle >= 240;

    operation->kind = OPERATION_EXTRA;
    operation->extra = parts->variant;
    operation->pick = parts->middle & 127;
    operation->size = decode_size(parts->code);
    operation->place = decode_plain(parts->middle);
    if (parts->middle < 128)
        return;
    operation->size = decode_from(OPERATION_FROM_ANSWER, skew * parts->code);
    operation->place = decode_from(OPERATION_FROM_ANSWER, skew * parts->code);
}

static void decode_ending(const struct decode_parts *parts,
                          struct operation *operation)
{
    bool is_reset = parts->variant == 7;

    operation->kind = is_reset ? OPERATION_RESET : OPERATION_DESTROY;
    operation->owner = parts->variant;
}

static void decode_misuse(const struct decode_parts *parts,
                          struct operation *operation)
{
    static const enum operation_misuse kinds[] = {
        OPERATION_INTERIOR, OPERATION_STALE,  OPERATION_STALE,
        OPERATION_CLAIM,    OPERATION_FORGED, OPERATION_INTERIOR};
    unsigned variant = parts->variant;

    operation->kind = OPERATION_MISUSE;
    operation->misuse = kinds[parts->which - 26];
    operation->is_resize = variant & 1;
    operation->is_told = variant >> 1 & 1;
    operation->pick = parts->middle;
    operation->size = decode_size(parts->code);
    operation->place =
        decode_plain((parts->code & 0xfff) << (parts->code >> 15 ? 4 : 0));
    if (variant < 6 || parts->which < 30)
        return;
    operation->owner = parts->middle >> 5;
    operation->misuse = variant == 6 ? OPERATION_STRANGER : OPERATION_ASTRAY;
    operation->place = decode_size(parts->code);
}

void operation_decode(const uint8_t record[OPERATION_RECORD_BYTES],
                      struct operation *operation)
{
    /* Of 32: where each kind begins. */
    static const struct {
        unsigned first;
        void (*decode)(const struct decode_parts *parts,
                       struct operation *operation);
    } kinds[] = {
        {26, decode_misuse}, {25, decode_ending},  {24, decode_extra},
        {23, decode_extend}, {22, decode_reserve}, {18, decode_realloc},
        {12, decode_free},   {10, decode_limited}, {0, decode_alloc}};
    const struct decode_parts parts = {record[0] & 31u, record[0] >> 5,
                                       record[1],
                                       record[2] | (unsigned)record[3] << 8};
    size_t i = 0;

    while (parts.which < kinds[i].first)
        i++;
    *operation = (struct operation){.kind = OPERATION_ALLOC};
    kinds[i].decode(&parts, operation);
}
