/* core/bits.h - questions about the bits of a number. */
#ifndef CORE_BITS_H
#define CORE_BITS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/assert.h"

static inline bool bits_is_power_of_two(uint64_t value)
{
    return value != 0 && (value & (value - 1)) == 0;
}

/* The number of the highest set bit: floor(log2(value)); value is not 0. */
static inline unsigned bits_highest(uint64_t value)
{
    POLISHED_ASSERT(value != 0);
#ifdef __GNUC__
    return 63u ^ (unsigned)__builtin_clzll(value);
#else
    unsigned bit = 0;
    while (value >>= 1)
        bit++;
    return bit;
#endif
}

/* The number of the lowest set bit; value is not 0. */
static inline unsigned bits_lowest(uint64_t value)
{
#ifdef __GNUC__
    POLISHED_ASSERT(value != 0);
    return (unsigned)__builtin_ctzll(value);
#else
    return bits_highest(value & (0 - value));
#endif
}

/* Spread a number over 64 bits, each bit of it touching most of the result
   (the finaliser of MurmurHash3, in the public domain). */
static inline uint64_t bits_mix(uint64_t value)
{
    value = (value ^ value >> 33) * UINT64_C(0xff51afd7ed558ccd);
    value = (value ^ value >> 33) * UINT64_C(0xc4ceb9fe1a85ec53);
    return value ^ value >> 33;
}

#endif
