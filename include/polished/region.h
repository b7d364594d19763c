/* polished/region.h - memory that a heap is given. */
#ifndef POLISHED_REGION_H
#define POLISHED_REGION_H

#include "polished/size.h"

/*
 * A range of memory.  With base NULL nothing stands behind it: a policy that
 * keeps its state elsewhere (POLISHED_NO_TOUCH) can still manage it, as a map
 * of a terabyte or the memory of a device.
 *
 * bus_base is the address that a device or the MMU sees at base.  Alignment
 * and limits are judged on it; where base is not NULL the two must agree
 * modulo 16 and every alignment that will be asked for.  bus_base + size_bytes
 * may reach 2^64 but not pass it.
 */
struct polished_region {
    void *base;
    polished_size size_bytes;
    uint64_t bus_base;
};

/* Ordinary memory: the bus sees it where the program does. */
static inline struct polished_region polished_memory(void *base,
                                                     polished_size size_bytes)
{
    struct polished_region region = {base, size_bytes, (uintptr_t)base};
    return region;
}

#endif
