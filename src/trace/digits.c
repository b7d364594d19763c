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

unsigned trace_digits_slow(const unsigned char *at, uint64_t *count)
{
    const unsigned char *behind;
    bool fits;

    if (*at < '1' || *at > '9')
        return 0;
    behind = trace_digits(at, count, &fits);
    return fits ? (unsigned)(behind - at) : 0;
}
