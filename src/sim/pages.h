/*
 * sim/pages.h - memory straight from the operating system.
 *
 * The replay keeps its own data out of malloc, so that a policy that is
 * malloc sees none of it.  Pages cost nothing until they are touched.
 */
#ifndef SIM_PAGES_H
#define SIM_PAGES_H

#include <stddef.h>
#include <stdint.h>

/* Zeroed memory whose address is congruent to bus_base modulo congruence (a
   power of two, at least a page); NULL if the system has not that much. */
void *sim_pages_at(uint64_t bytes, uint64_t bus_base, uint64_t congruence);

/* Zeroed memory, anywhere; shared: seen by children too. */
void *sim_pages(size_t bytes);
void *sim_pages_shared(size_t bytes);

/* The same content in new_bytes, the rest zeroed; NULL: nothing changed. */
void *sim_pages_grow(void *pages, size_t old_bytes, size_t new_bytes);
void sim_pages_free(void *pages, size_t bytes);

#endif
