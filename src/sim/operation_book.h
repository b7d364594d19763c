/*
 * sim/operation_book.h - what a driver of operations has to remember: which
 * blocks live, in the order of their making, which ended last, what extras
 * answered.  It calls no heap.
 */
#ifndef SIM_OPERATION_BOOK_H
#define SIM_OPERATION_BOOK_H

#include "sim/operation.h"

enum { OPERATION_LIVE = 256, OPERATION_ENDED = 16 };

/* A block with the number that it has in a trace. */
struct operation_entry {
    struct operation_block block;
    uint64_t id;
};

struct operation_book {
    struct operation_entry live[OPERATION_LIVE];
    struct operation_entry ended[OPERATION_ENDED];
    polished_size answers[OPERATION_ANSWERS][2];
    size_t live_count, ended_count;
    uint64_t next_id;
};

/* The book as the resolver sees it. */
struct operation_view operation_book_view(const struct operation_book *book,
                                          const struct polished_heap *heap,
                                          polished_size room_bytes);

/* A new block; it is the last of live. */
void operation_book_add(struct operation_book *book,
                        const struct operation_block *block);

/* A block that was resized, and perhaps moved. */
void operation_book_change(struct operation_book *book, size_t index,
                           polished_size offset,
                           const struct polished_request *request);

/* One that has ended; those of an owner; all. */
void operation_book_drop(struct operation_book *book, size_t index);
void operation_book_drop_owner(struct operation_book *book, uint32_t owner);
void operation_book_drop_all(struct operation_book *book);

/* What an extra answered. */
void operation_book_answer(struct operation_book *book, polished_size a,
                           polished_size b);

#endif
