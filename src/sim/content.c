#include "sim/content.h"

#include <string.h>

/* The eight bytes of the pattern that this position is among. */
static uint64_t content_word(uint64_t seed, uint64_t position)
{
    uint64_t word = (seed ^ (position >> 3)) * UINT64_C(0x9e3779b97f4a7c15);

    return word ^ word >> 29;
}

static unsigned char content_byte(uint64_t seed, uint64_t position)
{
    uint64_t word = content_word(seed, position);
    unsigned char bytes[8];

    memcpy(bytes, &word, 8);
    return bytes[position & 7];
}

static void content_fill(unsigned char *bytes, uint64_t from, uint64_t to,
                         uint64_t seed)
{
    for (; from < to && (from & 7) != 0; from++)
        bytes[from] = content_byte(seed, from);
    for (; to - from >= 8 && from < to; from += 8) {
        uint64_t word = content_word(seed, from);

        memcpy(bytes + from, &word, 8);
    }
    for (; from < to; from++)
        bytes[from] = content_byte(seed, from);
}

static bool content_same(const unsigned char *bytes, uint64_t from, uint64_t to,
                         uint64_t seed)
{
    for (; from < to; from++) {
        uint64_t word = content_word(seed, from);

        if ((from & 7) == 0 && to - from >= 8) {
            if (memcmp(bytes + from, &word, 8) != 0)
                return false;
            from += 7;
        } else if (bytes[from] != content_byte(seed, from)) {
            return false;
        }
    }
    return true;
}

static uint64_t content_least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

void sim_content_write(unsigned char *bytes, uint64_t size_bytes, uint64_t seed,
                       bool full)
{
    if (full || size_bytes <= 2 * SIM_CONTENT_EDGE) {
        content_fill(bytes, 0, size_bytes, seed);
        return;
    }
    content_fill(bytes, 0, SIM_CONTENT_EDGE, seed);
    content_fill(bytes, size_bytes - SIM_CONTENT_EDGE, size_bytes, seed);
}

bool sim_content_kept(const unsigned char *bytes, uint64_t size_bytes,
                      uint64_t kept_bytes, uint64_t seed, bool full)
{
    uint64_t kept = content_least(size_bytes, kept_bytes);

    if (full || size_bytes <= 2 * SIM_CONTENT_EDGE)
        return content_same(bytes, 0, kept, seed);
    return content_same(bytes, 0, content_least(kept, SIM_CONTENT_EDGE),
                        seed) &&
           (kept <= size_bytes - SIM_CONTENT_EDGE ||
            content_same(bytes, size_bytes - SIM_CONTENT_EDGE, kept, seed));
}
