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

/* Zeroed memory, anywhere. */
void *sim_pages(size_t bytes);

/* The same, seen by children too, and by whoever maps *fd. */
void *sim_pages_shared(size_t bytes, int *fd);
void *sim_pages_join(size_t bytes, int fd);

/* From now on let the kernel count what sim_pages gives as shared memory, so
   that what is private was taken by somebody else. */
void sim_pages_set_apart(void);

/* The same content in new_bytes, the rest zeroed; NULL: nothing changed. */
void *sim_pages_grow(void *pages, size_t old_bytes, size_t new_bytes);
void sim_pages_free(void *pages, size_t bytes);

#endif
