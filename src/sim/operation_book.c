#include "sim/operation_book.h"

#include <string.h>

static struct operation_block book_block(const void *context, bool is_ended,
                                         size_t index)
{
    const struct operation_book *book = context;

    return is_ended ? book->ended[index].block : book->live[index].block;
}

struct operation_view operation_book_view(const struct operation_book *book,
                                          const struct polished_heap *heap,
                                          polished_size room_bytes)
{
    struct operation_view view = {.heap = heap,
                                  .context = book,
                                  .block = book_block,
                                  .live_count = book->live_count,
                                  .ended_count = book->ended_count,
                                  .live_most = OPERATION_LIVE,
                                  .room_bytes = room_bytes,
                                  .answers = book->answers};

    return view;
}

void operation_book_add(struct operation_book *book,
                        const struct operation_block *block)
{
    struct operation_entry *entry = &book->live[book->live_count++];

    entry->block = *block;
    entry->id = ++book->next_id;
}

/* The oldest of those that have ended is forgotten. */
static void book_end(struct operation_book *book,
                     const struct operation_entry *entry)
{
    if (book->ended_count == OPERATION_ENDED) {
        book->ended_count--;
        memmove(&book->ended[0], &book->ended[1],
                book->ended_count * sizeof book->ended[0]);
    }
    book->ended[book->ended_count++] = *entry;
}

void operation_book_change(struct operation_book *book, size_t index,
                           polished_size offset,
                           const struct polished_request *request)
{
    struct operation_entry *entry = &book->live[index];

    if (entry->block.offset != offset)
        book_end(book, entry);
    entry->block.offset = offset;
    entry->block.size_bytes = request->size_bytes;
    entry->block.align_bytes = request->align_bytes;
}

void operation_book_drop(struct operation_book *book, size_t index)
{
    book_end(book, &book->live[index]);
    book->live_count--;
    memmove(&book->live[index], &book->live[index + 1],
            (book->live_count - index) * sizeof book->live[0]);
}

void operation_book_drop_owner(struct operation_book *book, uint32_t owner)
{
    for (size_t i = book->live_count; i-- > 0;)
        if (book->live[i].block.owner == owner)
            operation_book_drop(book, i);
}

void operation_book_drop_all(struct operation_book *book)
{
    while (book->live_count > 0)
        operation_book_drop(book, book->live_count - 1);
}

void operation_book_answer(struct operation_book *book, polished_size a,
                           polished_size b)
{
    memmove(book->answers[1], book->answers[0],
            sizeof book->answers - sizeof book->answers[0]);
    book->answers[0][0] = a;
    book->answers[0][1] = b;
}
