/* sim/size.h - sizes as people write them, and the nearest right name. */
#ifndef SIM_SIZE_H
#define SIM_SIZE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Read a size at *text: decimal or 0x..., then K, M, G, T (powers of 1024) or
 * nothing.  *text is moved behind it.  false if there is none or it does not
 * fit 64 bits.
 */
bool sim_size_read(const char **text, uint64_t *bytes);

/* The same for a text that must hold nothing else. */
bool sim_size_parse(const char *text, uint64_t *bytes);

/*
 * How many letters to insert, drop, change or swap with a neighbour to turn
 * one word into the other; at most SIM_FAR is told apart.
 */
enum { SIM_FAR = 4 };
unsigned sim_distance(const char *a, const char *b);

#endif
