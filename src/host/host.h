/*
 * host/host.h - policies that need an operating system, or no memory at all.
 *
 * They are rows as any other, with a few words more on how to treat them.
 */
#ifndef HOST_HOST_H
#define HOST_HOST_H

#include <stdbool.h>

#include "polished/heap.h"

/* What a malloc has taken from the system. */
struct host_footprint {
    uint64_t resident_bytes; /* pages that were touched and are in memory */
    uint64_t mapped_bytes;   /* addresses that may be written */
};

struct host_row {
    const struct polished_ops *ops;
    /* Its offsets say nothing: every block may lie anywhere. */
    bool placeless;
    /* It takes its memory from the system and ignores the region, which is
       the whole address space. */
    bool unbounded;
    /* Now, since the heap was made; for unbounded rows. */
    struct host_footprint (*footprint)(const struct polished_heap *heap);
    /* Its own realloc, where it is more than resize, alloc and free; as
       polished_realloc. */
    enum polished_status (*realloc)(struct polished_heap *heap,
                                    polished_size *offset,
                                    polished_size size_bytes,
                                    const struct polished_request *request);
};

#define HOST_ROW(symbol, usual)                                                \
    extern const struct host_row symbol;                                       \
    extern const struct polished_ops symbol##_ops;
#include "host/host.def"
#undef HOST_ROW

/* All of them, ended by NULL. */
extern const struct host_row *const host_rows[];

/* The row of these ops, NULL if they are none of ours. */
const struct host_row *host_row_of(const struct polished_ops *ops);

/* Is the malloc of this process the one of that file, by the loader's name? */
bool host_system_is(const char *path);

/* The region that an unbounded row works in: all addresses but the first
   page, so that an offset is an address less HOST_FIRST_ADDRESS. */
enum { HOST_FIRST_ADDRESS = 4096 };
struct polished_region host_address_space(void);

#endif
