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

/*
 * The same.  The common numbers, of at most seven digits, go without a branch
 * on how many: eight bytes are taken at once, cut behind the last digit, and
 * summed up pairwise.  They may lie beyond the number.
 */
static inline unsigned trace_digits_quick(const unsigned char *at,
                                          uint64_t *count)
{
#if DIGITS_EIGHT_AT_ONCE
    uint64_t word, stop;

    memcpy(&word, at, sizeof word);
    word ^= 0x3030303030303030u;
    stop = ((word + 0x7676767676767676u) | word) & 0x8080808080808080u;
    if ((unsigned char)(*at - '1') < 9 && stop != 0) {
        unsigned bit = (unsigned)__builtin_ctzll(stop);

        word <<= 71 - bit;
        word = (word * 10 + (word >> 8)) & 0x00ff00ff00ff00ffu;
        word = (word * 100 + (word >> 16)) & 0x0000ffff0000ffffu;
        *count = (word * 10000 + (word >> 32)) & 0xffffffffu;
        return bit / 8;
    }
#endif
    return trace_digits_slow(at, count);
}

#endif
