/*
 * trace/digits.h - decimal numbers in a buffer, behind which stands something
 * that is no digit.
 */
#ifndef TRACE_DIGITS_H
#define TRACE_DIGITS_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

static inline bool trace_is_digit(unsigned char c)
{
    return c >= '0' && c <= '9';
}

/* Digits, perhaps none, and what they say; behind them.  *fits: it is below
   2^64. */
const unsigned char *trace_digits(const unsigned char *at, uint64_t *count,
                                  bool *fits);

/* The same of a number that fits and does not begin with 0: how many digits
   there are, 0 if it is none. */
unsigned trace_digits_slow(const unsigned char *at, uint64_t *count);

#if defined __BYTE_ORDER__ && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define DIGITS_EIGHT_AT_ONCE 1
#else
#define DIGITS_EIGHT_AT_ONCE 0
#endif

/* Eight bytes, each less '0'; where one is no digit, that byte and perhaps
   later ones have their highest bit in *stop. */
static inline uint64_t digits_load(const unsigned char *at, uint64_t *stop)
{
    uint64_t word;

    memcpy(&word, at, sizeof word);
    word ^= 0x3030303030303030u;
    *stop = ((word + 0x7676767676767676u) | word) & 0x8080808080808080u;
    return word;
}

/* What eight digits say, the first in the lowest byte: summed up pairwise. */
static inline uint64_t digits_sum(uint64_t word)
{
    word = (word * 10 + (word >> 8)) & 0x00ff00ff00ff00ffu;
    word = (word * 100 + (word >> 16)) & 0x0000ffff0000ffffu;
    return (word * 10000 + (word >> 32)) & 0xffffffffu;
}

/*
 * The same.  The common numbers, of at most seven digits, go without a branch
 * on how many: eight bytes are taken at once, which may lie beyond the number,
 * and cut behind the last digit.
 */
static inline unsigned trace_digits_quick(const unsigned char *at,
                                          uint64_t *count)
{
#if DIGITS_EIGHT_AT_ONCE
    uint64_t stop, word = digits_load(at, &stop);

    if ((unsigned char)(*at - '1') < 9 && stop != 0) {
        unsigned bit = (unsigned)__builtin_ctzll(stop);

        *count = digits_sum(word << (71 - bit));
        return bit / 8;
    }
#endif
    return trace_digits_slow(at, count);
}

#endif
