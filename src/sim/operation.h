/*
 * sim/operation.h - what may be done to a heap, as few bytes.
 *
 * One decoder for all who drive heaps by themselves: fuzz targets, explorer,
 * soak, and `polished-trace convert`, which makes a trace of what a fuzzer
 * found.  It goes in two steps:
 *
 *     bytes -> struct operation_setup     what heap: 8 bytes at the front
 *           -> struct operation           a record of 4 bytes, on its own
 *           -> struct operation_call      what it means for a heap as it is
 *
 * An operation knows no heap: "free the third newest block", "ask for the
 * largest that there is and one byte more".  So the explorer can make them
 * from tables and fuzzers from any bytes at all.
 */
#ifndef SIM_OPERATION_H
#define SIM_OPERATION_H

#include <stdbool.h>
#include <stddef.h>

#include "polished/heap.h"

enum {
    OPERATION_SETUP_BYTES = 8,
    OPERATION_RECORD_BYTES = 4,
    OPERATION_ANSWERS = 4 /* so many answers of extras are remembered */
};

enum operation_kind {
    OPERATION_ALLOC,   /* size, align [below boundary owner] */
    OPERATION_RESERVE, /* place, size */
    OPERATION_REALLOC, /* pick, size, is_told [align] */
    OPERATION_FREE,    /* pick, is_told */
    OPERATION_EXTEND,  /* size */
    OPERATION_RESET,
    OPERATION_DESTROY, /* owner */
    OPERATION_EXTRA,   /* extra; size and place are its a and b */
    OPERATION_MISUSE,  /* misuse, is_resize, pick, place, size */
    OPERATION_KIND_COUNT
};

/* All of it gets past the front but OPERATION_ASTRAY, and some claims. */
enum operation_misuse {
    OPERATION_INTERIOR, /* place bytes behind the start of a live block */
    OPERATION_STALE,    /* the start of one that was freed or moved away */
    OPERATION_CLAIM,    /* a live block, told a size that is not its own */
    OPERATION_STRANGER, /* a live block, for an owner that is not its own */
    OPERATION_FORGED,   /* as interior, but the bytes before it look like
                           those before the block itself */
    OPERATION_ASTRAY,   /* at place, wherever that is */
    OPERATION_MISUSE_COUNT
};

/* What a number is counted from. */
enum operation_from {
    OPERATION_FROM_ZERO,
    OPERATION_FROM_DATA,    /* the bytes of data */
    OPERATION_FROM_MOST,    /* the greatest number there is */
    OPERATION_FROM_LARGEST, /* what could be had now */
    OPERATION_FROM_BLOCK,   /* the size of the block that is picked */
    OPERATION_FROM_BUS,     /* the bus address of data */
    OPERATION_FROM_ANSWER,  /* what an extra answered, picked like a block */
    OPERATION_FROM_COUNT
};

/* from + bytes, modulo the range of numbers. */
struct operation_number {
    enum operation_from from;
    polished_size bytes;
};

struct operation {
    enum operation_kind kind;
    enum operation_misuse misuse;
    bool is_told;   /* free and resize hear the size; always if they need it */
    bool is_resize; /* of OPERATION_MISUSE: no free */
    uint32_t pick; /* which block: 0 is the newest, modulo how many there are */
    uint32_t owner;
    uint32_t extra; /* its index in the row, modulo how many there are */
    struct operation_number size, place, below;
    polished_size align_bytes; /* of OPERATION_REALLOC: 0 is the block's own */
    polished_size boundary;
};

/* What the resolver has to know of a block. */
struct operation_block {
    polished_size offset, size_bytes; /* the size as asked for */
    polished_size align_bytes;
    uint32_t owner;
};

/* A heap and what its driver knows of it. */
struct operation_view {
    const struct polished_heap *heap;
    const void *context; /* given to block */
    /* Live blocks, and those that have ended, the oldest first. */
    struct operation_block (*block)(const void *context, bool is_ended,
                                    size_t index);
    size_t live_count, ended_count;
    size_t live_most; /* no more may live at once */
    polished_size room_bytes;          /* by how much data may be extended */
    const polished_size (*answers)[2]; /* of extras, the newest first */
};

/* An operation as the arguments of a call. */
struct operation_call {
    enum operation_kind kind;
    enum operation_misuse misuse;
    bool is_resize;
    size_t index;         /* of the block among the live or the ended ones */
    uint32_t owner;       /* for whom it is called */
    polished_size offset; /* RESERVE: where; MISUSE: of what */
    polished_size told_bytes;
    struct polished_request request; /* EXTEND, RESERVE: its size */
    const char *extra;
    polished_size a, b;
};

/* What heap a setup asks for. */
struct operation_setup {
    const struct polished_ops *source_ops; /* NULL: draws from none */
    polished_size knobs[POLISHED_KNOBS], source_knobs[POLISHED_KNOBS];
    polished_size size_bytes; /* of data */
    polished_size more_bytes; /* by how much it may be extended */
    uint64_t bus_base;
};

/* Any bytes are a setup for any policy; rows, ended by NULL, are those that a
   source is chosen from.  The heap that it asks for may still be refused. */
void operation_setup_decode(const struct polished_ops *ops,
                            const struct polished_ops *const *rows,
                            const uint8_t bytes[OPERATION_SETUP_BYTES],
                            struct operation_setup *setup);

/* Any record is an operation. */
void operation_decode(const uint8_t record[OPERATION_RECORD_BYTES],
                      struct operation *operation);

/* false: it means nothing for this heap, such as a free where no block is. */
bool operation_resolve(const struct operation *operation,
                       const struct operation_view *view,
                       struct operation_call *call);

#endif
