/*
 * sim/content.h - do blocks keep what is written to them?
 *
 * Each block carries a pattern that its seed and the position determine: at
 * its head and tail, or all over.
 */
#ifndef SIM_CONTENT_H
#define SIM_CONTENT_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* full: every byte; else the first and last SIM_CONTENT_EDGE of them. */
enum { SIM_CONTENT_EDGE = 8 };

/* Eight bytes of the pattern, the index-th of a run.  Head and tail are a run
   each, of one word, the tail's of ~seed; so is a block without a middle. */
static inline uint64_t sim_content_word(uint64_t seed, uint64_t index)
{
    uint64_t word = (seed ^ index) * UINT64_C(0x9e3779b97f4a7c15);

    return word ^ word >> 29;
}

/* Of a block whose middle carries nothing. */
static inline void sim_content_write_edge(unsigned char *bytes, uint64_t seed)
{
    uint64_t word = sim_content_word(seed, 0);

    memcpy(bytes, &word, SIM_CONTENT_EDGE);
}

static inline bool sim_content_is_edge(const unsigned char *bytes,
                                       uint64_t seed)
{
    uint64_t word;

    memcpy(&word, bytes, SIM_CONTENT_EDGE);
    return word == sim_content_word(seed, 0);
}

static inline bool sim_content_has_middle(uint64_t size_bytes, bool full)
{
    return !full && size_bytes > 2 * SIM_CONTENT_EDGE;
}

/* The same of any block, whole or cut to kept_bytes. */
void sim_content_write_run(unsigned char *bytes, uint64_t size_bytes,
                           uint64_t seed);
bool sim_content_kept_part(const unsigned char *bytes, uint64_t size_bytes,
                           uint64_t kept_bytes, uint64_t seed, bool full);

/* Write the pattern of a block of size_bytes. */
static inline void sim_content_write(unsigned char *bytes, uint64_t size_bytes,
                                     uint64_t seed, bool full)
{
    if (!sim_content_has_middle(size_bytes, full)) {
        sim_content_write_run(bytes, size_bytes, seed);
        return;
    }
    sim_content_write_edge(bytes, seed);
    sim_content_write_edge(bytes + size_bytes - SIM_CONTENT_EDGE, ~seed);
}

/* Is it there still, as far as the first kept_bytes tell? */
static inline bool sim_content_kept(const unsigned char *bytes,
                                    uint64_t size_bytes, uint64_t kept_bytes,
                                    uint64_t seed, bool full)
{
    if (kept_bytes < size_bytes || !sim_content_has_middle(size_bytes, full))
        return sim_content_kept_part(bytes, size_bytes, kept_bytes, seed, full);
    return sim_content_is_edge(bytes, seed) &&
           sim_content_is_edge(bytes + size_bytes - SIM_CONTENT_EDGE, ~seed);
}

#endif
