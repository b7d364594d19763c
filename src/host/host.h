/*
 * host/host.h - policies that need an operating system, or no memory at all.
 *
 * They are rows as any other, with a few words more on how to treat them.
 */
#ifndef HOST_HOST_H
#define HOST_HOST_H

#include <stdbool.h>

#include "polished/heap.h"

struct host_row {
    const struct polished_ops *ops;
    /* Its offsets say nothing: every block may lie anywhere. */
    bool placeless;
    /* It takes its memory from the system and ignores the region, which is
       the whole address space. */
    bool unbounded;
    /* Bytes taken from the system so far; for unbounded rows. */
    uint64_t (*footprint)(const struct polished_heap *heap);
    /* Its own realloc, where it is more than resize, alloc and free. */
    enum polished_status (*realloc)(struct polished_heap *heap,
                                    polished_size *offset,
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

/* The region that an unbounded row works in: all addresses but the first
   page, so that an offset is an address less HOST_FIRST_ADDRESS. */
enum { HOST_FIRST_ADDRESS = 4096 };
struct polished_region host_address_space(void);

#endif
