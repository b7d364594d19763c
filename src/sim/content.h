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

/* full: every byte; else the first and last SIM_CONTENT_EDGE of them. */
enum { SIM_CONTENT_EDGE = 8 };

/* Write the pattern of a block of size_bytes. */
void sim_content_write(unsigned char *bytes, uint64_t size_bytes, uint64_t seed,
                       bool full);

/* Is it there still, as far as the first kept_bytes tell? */
bool sim_content_kept(const unsigned char *bytes, uint64_t size_bytes,
                      uint64_t kept_bytes, uint64_t seed, bool full);

#endif
