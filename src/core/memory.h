/*
 * core/memory.h - the four calls that a freestanding compiler expects of its
 * surroundings, and words inside memory that others write too.
 */
#ifndef CORE_MEMORY_H
#define CORE_MEMORY_H

#include <stddef.h>
#include <stdint.h>

void *memcpy(void *restrict to, const void *restrict from, size_t bytes);
void *memset(void *at, int value, size_t bytes);

/* A policy's word may lie where the owner of a block wrote something else. */
#ifdef __GNUC__
typedef uint64_t __attribute__((__may_alias__)) memory_word;
#else
typedef uint64_t memory_word;
#endif

#endif
