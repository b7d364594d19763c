/*
 * core/arith.h - arithmetic of sizes that tells when it overflows.
 *
 * Each answers false, with *result as it was, if the true result does not fit.
 */
#ifndef CORE_ARITH_H
#define CORE_ARITH_H

#include <stdbool.h>

#include "core/bits.h"
#include "polished/size.h"

/* 2^bits bytes, or nearly as much as a size can say. */
#ifdef POLISHED_SIZE_32
#define ARITH_SPAN(bits)                                                       \
    ((bits) < 32 ? (polished_size)1 << ((bits)&31) : POLISHED_SIZE_MAX - 4095)
#else
#define ARITH_SPAN(bits) ((polished_size)1 << (bits))
#endif

static inline bool arith_add(polished_size a, polished_size b,
                             polished_size *result)
{
    if (a > POLISHED_SIZE_MAX - b)
        return false;
    *result = a + b;
    return true;
}

static inline bool arith_multiply(polished_size a, polished_size b,
                                  polished_size *result)
{
    if (b > 1 && a > POLISHED_SIZE_MAX / b)
        return false;
    *result = a * b;
    return true;
}

static inline polished_size arith_round_down(polished_size value,
                                             polished_size power_of_two)
{
    POLISHED_ASSERT(bits_is_power_of_two(power_of_two));
    return value & ~(power_of_two - 1);
}

static inline bool arith_round_up(polished_size value,
                                  polished_size power_of_two,
                                  polished_size *result)
{
    if (!arith_add(value, power_of_two - 1, &value))
        return false;
    *result = arith_round_down(value, power_of_two);
    return true;
}

/* Divided by a power of two, the remainder on top of all other bits. */
static inline polished_size arith_rotate(polished_size value, unsigned shift)
{
    const unsigned bits = 8 * sizeof value;

    return value >> shift | value << ((bits - shift) & (bits - 1));
}

/*
 * How many bytes lie between an address and the next multiple of a power of
 * two, the address itself counted.  Cannot overflow: it never adds.
 */
static inline polished_size arith_gap(uint64_t address,
                                      polished_size power_of_two)
{
    POLISHED_ASSERT(bits_is_power_of_two(power_of_two));
    return (polished_size)((0 - address) & (power_of_two - 1));
}

#endif
