/* polished/size.h - how large memory may be. */
#ifndef POLISHED_SIZE_H
#define POLISHED_SIZE_H

#include <stdint.h>

/*
 * Sizes and offsets, in bytes.  64 bits wide on every host, so that a 32-bit
 * kernel can manage frames above 4 GiB.  A build for a small target may define
 * POLISHED_SIZE_32 everywhere; then nothing may lie above 4 GiB.
 */
#ifdef POLISHED_SIZE_32
typedef uint32_t polished_size;
#define POLISHED_SIZE_MAX UINT32_MAX
#else
typedef uint64_t polished_size;
#define POLISHED_SIZE_MAX UINT64_MAX
#endif

/* The offset that no block has: what a refused call leaves behind. */
#define POLISHED_NOWHERE POLISHED_SIZE_MAX

#endif
