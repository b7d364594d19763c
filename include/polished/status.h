/* polished/status.h - what a call answers. */
#ifndef POLISHED_STATUS_H
#define POLISHED_STATUS_H

/*
 * No call aborts.  Every call that can refuse returns one of these; a call
 * that returns anything but POLISHED_OK has changed nothing.
 */
enum polished_status {
    POLISHED_OK,
    POLISHED_NO_MEMORY,     /* no block can serve it, for whatever reason */
    POLISHED_QUOTA,         /* memory there is, but not for this owner */
    POLISHED_BAD_SIZE,      /* 0 bytes, or a region too small to manage */
    POLISHED_BAD_ALIGN,     /* alignment 0 or no power of two, or no block can
                               start at the place to reserve */
    POLISHED_BAD_KNOB,      /* a knob out of range, or unfit for the region */
    POLISHED_NOT_OWNED,     /* outside this heap, or never handed out */
    POLISHED_INTERIOR,      /* inside a block, not at its start */
    POLISHED_DOUBLE_FREE,   /* the block is free already */
    POLISHED_BAD_ORDER,     /* another block has to be freed first */
    POLISHED_SIZE_MISMATCH, /* the stated size is not the block's */
    POLISHED_OVERLAP,       /* the range to reserve is not wholly free */
    POLISHED_CONSTRAINT,    /* the request contradicts itself */
    POLISHED_LIMIT,         /* beyond what this policy can describe */
    POLISHED_UNSUPPORTED,   /* this policy cannot do that at all */
    POLISHED_CORRUPT,       /* the heap's own structures are damaged */
    POLISHED_STATUS_COUNT
};

/* The name of a status in words, such as "double free"; never NULL. */
const char *polished_status_name(enum polished_status status);

#endif
