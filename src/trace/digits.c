/* trace/digits.c - decimal numbers of any length. */
#include "trace/digits.h"

const unsigned char *trace_digits(const unsigned char *at, uint64_t *count,
                                  bool *fits)
{
    uint64_t value = 0;

    *fits = true;
    for (; trace_is_digit(*at); at++) {
        uint64_t digit = (uint64_t)(*at - '0');

        if (value > (UINT64_MAX - digit) / 10)
            *fits = false;
        value = value * 10 + digit;
    }
    *count = value;
    return at;
}

/* Of at least eight digits that begin there, if they are at most fifteen: how
   many, else 0. */
static unsigned digits_long(const unsigned char *at, uint64_t *count)
{
#if DIGITS_EIGHT_AT_ONCE
    static const uint64_t tens[8] = {1,     10,     100,     1000,
                                     10000, 100000, 1000000, 10000000};
    uint64_t stop, more, high = digits_load(at, &stop);
    uint64_t low = digits_load(at + 8, &more);
    unsigned digits;

    if (stop != 0 || more == 0)
        return 0;
    digits = (unsigned)__builtin_ctzll(more) / 8;
    *count = digits_sum(high) * tens[digits];
    if (digits != 0)
        *count += digits_sum(low << (64 - 8 * digits));
    return 8 + digits;
#else
    (void)at;
    (void)count;
    return 0;
#endif
}

unsigned trace_digits_slow(const unsigned char *at, uint64_t *count)
{
    const unsigned char *behind;
    unsigned digits;
    bool fits;

    if (*at < '1' || *at > '9')
        return 0;
    digits = digits_long(at, count);
    if (digits != 0)
        return digits;
    behind = trace_digits(at, count, &fits);
    return fits ? (unsigned)(behind - at) : 0;
}
