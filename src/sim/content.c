#include "sim/content.h"

void sim_content_write_run(unsigned char *bytes, uint64_t size_bytes,
                           uint64_t seed)
{
    uint64_t index = 0, word = sim_content_word(seed, 0);

    for (; size_bytes >= 8; size_bytes -= 8, bytes += 8) {
        memcpy(bytes, &word, 8);
        word = sim_content_word(seed, ++index);
    }
    if (size_bytes != 0)
        memcpy(bytes, &word, size_bytes);
}

static bool content_same(const unsigned char *bytes, uint64_t count,
                         uint64_t seed)
{
    uint64_t index = 0, word = sim_content_word(seed, 0);

    for (; count >= 8; count -= 8, bytes += 8) {
        if (memcmp(bytes, &word, 8) != 0)
            return false;
        word = sim_content_word(seed, ++index);
    }
    return count == 0 || memcmp(bytes, &word, count) == 0;
}

static uint64_t content_least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

bool sim_content_kept_part(const unsigned char *bytes, uint64_t size_bytes,
                           uint64_t kept_bytes, uint64_t seed, bool full)
{
    uint64_t kept = content_least(size_bytes, kept_bytes);
    uint64_t tail = size_bytes - SIM_CONTENT_EDGE;

    if (!sim_content_has_middle(size_bytes, full))
        return content_same(bytes, kept, seed);
    return content_same(bytes, content_least(kept, SIM_CONTENT_EDGE), seed) &&
           (kept <= tail || content_same(bytes + tail, kept - tail, ~seed));
}
