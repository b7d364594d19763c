#include "sim/content.h"

#include <string.h>

/* Eight bytes of the pattern, the index-th of a run. */
static uint64_t content_word(uint64_t seed, uint64_t index)
{
    uint64_t word = (seed ^ index) * UINT64_C(0x9e3779b97f4a7c15);

    return word ^ word >> 29;
}

static void content_fill(unsigned char *bytes, uint64_t count, uint64_t seed)
{
    uint64_t index = 0, word = content_word(seed, 0);

    for (; count >= 8; count -= 8, bytes += 8) {
        memcpy(bytes, &word, 8);
        word = content_word(seed, ++index);
    }
    if (count != 0)
        memcpy(bytes, &word, count);
}

static bool content_same(const unsigned char *bytes, uint64_t count,
                         uint64_t seed)
{
    uint64_t index = 0, word = content_word(seed, 0);

    for (; count >= 8; count -= 8, bytes += 8) {
        if (memcmp(bytes, &word, 8) != 0)
            return false;
        word = content_word(seed, ++index);
    }
    return count == 0 || memcmp(bytes, &word, count) == 0;
}

/* Is there a middle that carries nothing? */
static inline bool content_has_middle(uint64_t size_bytes, bool full)
{
    return !full && size_bytes > 2 * SIM_CONTENT_EDGE;
}

/* An edge of eight bytes is one word. */
static inline void content_write_edge(unsigned char *bytes, uint64_t seed)
{
    uint64_t word = content_word(seed, 0);

    memcpy(bytes, &word, SIM_CONTENT_EDGE);
}

static inline bool content_is_edge(const unsigned char *bytes, uint64_t seed)
{
    uint64_t word;

    memcpy(&word, bytes, SIM_CONTENT_EDGE);
    return word == content_word(seed, 0);
}

/* Head and tail are a run each; so is a block without a middle. */
void sim_content_write(unsigned char *bytes, uint64_t size_bytes, uint64_t seed,
                       bool full)
{
    if (!content_has_middle(size_bytes, full)) {
        content_fill(bytes, size_bytes, seed);
        return;
    }
    content_write_edge(bytes, seed);
    content_write_edge(bytes + size_bytes - SIM_CONTENT_EDGE, ~seed);
}

static inline uint64_t content_least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* Of a block with a middle that was cut to kept_bytes. */
static bool content_kept_part(const unsigned char *bytes, uint64_t size_bytes,
                              uint64_t kept_bytes, uint64_t seed)
{
    uint64_t tail = size_bytes - SIM_CONTENT_EDGE;

    return content_same(bytes, content_least(kept_bytes, SIM_CONTENT_EDGE),
                        seed) &&
           (kept_bytes <= tail ||
            content_same(bytes + tail, kept_bytes - tail, ~seed));
}

bool sim_content_kept(const unsigned char *bytes, uint64_t size_bytes,
                      uint64_t kept_bytes, uint64_t seed, bool full)
{
    if (!content_has_middle(size_bytes, full))
        return content_same(bytes, content_least(size_bytes, kept_bytes), seed);
    if (kept_bytes < size_bytes)
        return content_kept_part(bytes, size_bytes, kept_bytes, seed);
    return content_is_edge(bytes, seed) &&
           content_is_edge(bytes + size_bytes - SIM_CONTENT_EDGE, ~seed);
}
