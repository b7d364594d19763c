/*
 * damage.h - a sound heap, some words of it written over, and what it must
 * answer then: for tests of what only a damaged heap shows.
 *
 *     static const struct damage_row rows[] = {
 *         SEEN("the top is behind data",
 *              {IN_CONTROL(struct stack_state, top), SET(513)}),
 *         FINE("the peak is as high as data",
 *              {IN_CONTROL(struct stack_state, peak), SET(512)}),
 *         TOLD(free, 72, 0, "any bit of the head at 64",
 *              {IN_DATA(64), EACH(UINT64_MAX)}),
 *     };
 *     open the heap, allocate what the rows are about;
 *     DAMAGE_ALL(&heap, rows);
 *
 * SEEN: polished_check answers CORRUPT; FINE: OK; TOLD: this call does, with
 * these two numbers; ANSWERS: this call gives another answer.  Up to six words
 * can follow.
 *
 * For each row the heap is first checked and has to be sound; then the words
 * are written, the call is made with the row's a and b, and its answer held
 * against the one expected; then heap, control and data are what they were,
 * those of the source as well.  A row whose first word says EACH is tried once
 * for each bit set there, this bit alone being flipped.
 *
 * A good row damages one thing, so that one condition of the code is wrong,
 * and names it.  Rows that expect POLISHED_OK are good too: they say where
 * the border lies.
 */
#ifndef DAMAGE_H
#define DAMAGE_H

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "polished/polished.h"
#include "unit.h"

enum damage_where { DAMAGE_CONTROL, DAMAGE_DATA, DAMAGE_SOURCE };
enum damage_how {
    DAMAGE_NOT,
    DAMAGE_SET,
    DAMAGE_FLIP,
    DAMAGE_ADD,
    DAMAGE_EACH
};

/* One word, of up to 8 bytes, and what happens to it. */
struct damage_word {
    enum damage_where where;
    size_t at; /* from the start of it, in bytes */
    size_t width;
    enum damage_how how;
    uint64_t value;
};

/* Where: a member of control, or of the source's; a word of any width in one of
   them; a word of 8 bytes in data. */
#define DAMAGE_MEMBER(type, member)                                            \
    offsetof(type, member), sizeof(((type *)0)->member)
#define IN_CONTROL(type, member) DAMAGE_CONTROL, DAMAGE_MEMBER(type, member)
#define IN_SOURCE(type, member)  DAMAGE_SOURCE, DAMAGE_MEMBER(type, member)
#define AT_CONTROL(at, width)    DAMAGE_CONTROL, (at), (width)
#define AT_SOURCE(at, width)     DAMAGE_SOURCE, (at), (width)
#define IN_DATA(offset)          DAMAGE_DATA, (offset), 8

/* How: a new value; some bits flipped at once; something added; see above. */
#define SET(value)  DAMAGE_SET, (value)
#define FLIP(bits)  DAMAGE_FLIP, (bits)
#define ADD(number) DAMAGE_ADD, (uint64_t)(number)
#define EACH(bits)  DAMAGE_EACH, (bits)

typedef enum polished_status damage_call(struct polished_heap *heap,
                                         polished_size a, polished_size b);

struct damage_row {
    const char *what;
    struct damage_word words[6]; /* up to the first that is left out */
    enum polished_status expect;
    damage_call *call;
    polished_size a, b;
};

#define ANSWERS(status, call, a, b, what, ...)                                 \
    {                                                                          \
        what, {__VA_ARGS__}, status, damage_##call, a, b                       \
    }
#define TOLD(call, a, b, what, ...)                                            \
    ANSWERS(POLISHED_CORRUPT, call, a, b, what, __VA_ARGS__)
#define SEEN(what, ...) TOLD(check, 0, 0, what, __VA_ARGS__)
#define FINE(what, ...) ANSWERS(POLISHED_OK, check, 0, 0, what, __VA_ARGS__)

/* --- calls ---------------------------------------------------------------- */

static inline enum polished_status
damage_check(struct polished_heap *heap, polished_size a, polished_size b)
{
    (void)a;
    (void)b;
    return polished_check(heap);
}

/* what the policy itself checks, without the walk that comes first */
static inline enum polished_status
damage_own_check(struct polished_heap *heap, polished_size a, polished_size b)
{
    (void)a;
    (void)b;
    return heap->ops->check(heap);
}

/* a bytes, aligned to b */
static inline enum polished_status
damage_alloc(struct polished_heap *heap, polished_size a, polished_size b)
{
    const struct polished_request request = {a, b, 0, 0};
    polished_size offset;

    return polished_alloc(heap, &request, &offset);
}

/* the block at a, of b bytes or 0 */
static inline enum polished_status damage_free(struct polished_heap *heap,
                                               polished_size a, polished_size b)
{
    return polished_free(heap, a, b);
}

/* the block at a shall have b bytes */
static inline enum polished_status
damage_resize(struct polished_heap *heap, polished_size a, polished_size b)
{
    const struct polished_request request = {b, 1, 0, 0};

    return polished_resize(heap, a, 0, &request);
}

static inline enum polished_status
damage_usable(struct polished_heap *heap, polished_size a, polished_size b)
{
    polished_size size_bytes;

    (void)b;
    return polished_usable(heap, a, &size_bytes);
}

/* b bytes at a */
static inline enum polished_status
damage_reserve(struct polished_heap *heap, polished_size a, polished_size b)
{
    return polished_reserve(heap, a, b);
}

/* a bytes more, which must be there */
static inline enum polished_status
damage_extend(struct polished_heap *heap, polished_size a, polished_size b)
{
    (void)b;
    return polished_extend(heap, a);
}

static inline enum polished_status
damage_reset(struct polished_heap *heap, polished_size a, polished_size b)
{
    (void)a;
    (void)b;
    return polished_reset(heap);
}

static inline enum polished_status
damage_destroy(struct polished_heap *heap, polished_size a, polished_size b)
{
    (void)b;
    return polished_destroy(heap, (uint32_t)a);
}

/* to the mark a, b */
static inline enum polished_status
damage_rewind(struct polished_heap *heap, polished_size a, polished_size b)
{
    return polished_call(heap, "rewind", &a, &b);
}

static inline int damage_visit(void *context,
                               const struct polished_block *block)
{
    (void)context;
    (void)block;
    return 0;
}

static inline enum polished_status damage_walk(struct polished_heap *heap,
                                               polished_size a, polished_size b)
{
    (void)a;
    (void)b;
    return polished_walk(heap, damage_visit, NULL);
}

/* OK if the largest block aligned to b is of a bytes */
static inline enum polished_status
damage_largest(struct polished_heap *heap, polished_size a, polished_size b)
{
    const struct polished_request request = {1, b, 0, 0};

    return polished_largest(heap, &request) == a ? POLISHED_OK
                                                 : POLISHED_CORRUPT;
}

/* --- trying --------------------------------------------------------------- */

/* A copy of a heap and all that it is made of. */
struct damage_copy {
    struct polished_heap heap;
    unsigned char *control, *data;
};

static inline void damage_keep(struct damage_copy *copy,
                               const struct polished_heap *heap)
{
    size_t data_bytes = heap->data.base ? (size_t)heap->data.size_bytes : 0;

    copy->heap = *heap;
    copy->control = malloc((size_t)heap->control_bytes + data_bytes);
    assert_non_null(copy->control);
    copy->data = copy->control + heap->control_bytes;
    memcpy(copy->control, heap->control, (size_t)heap->control_bytes);
    if (data_bytes != 0)
        memcpy(copy->data, heap->data.base, data_bytes);
}

static inline void damage_undo(const struct damage_copy *copy,
                               struct polished_heap *heap)
{
    *heap = copy->heap;
    memcpy(heap->control, copy->control, (size_t)heap->control_bytes);
    if (heap->data.base)
        memcpy(heap->data.base, copy->data, (size_t)heap->data.size_bytes);
}

static inline unsigned char *damage_place(struct polished_heap *heap,
                                          const struct damage_word *word)
{
    switch (word->where) {
    case DAMAGE_DATA:
        assert_true(word->at + word->width <= heap->data.size_bytes);
        return (unsigned char *)heap->data.base + word->at;
    case DAMAGE_SOURCE:
        assert_true(word->at + word->width <= heap->source->control_bytes);
        return (unsigned char *)heap->source->control + word->at;
    case DAMAGE_CONTROL:
    default:
        assert_true(word->at + word->width <= heap->control_bytes);
        return (unsigned char *)heap->control + word->at;
    }
}

static inline void damage_write(struct polished_heap *heap,
                                const struct damage_word *word, uint64_t bit)
{
    unsigned char *place = damage_place(heap, word);
    uint64_t value = 0;

    memcpy(&value, place, word->width); /* little-endian */
    switch (word->how) {
    case DAMAGE_SET:
        value = word->value;
        break;
    case DAMAGE_FLIP:
        value ^= word->value;
        break;
    case DAMAGE_ADD:
        value += word->value;
        break;
    case DAMAGE_EACH:
        value ^= bit;
        break;
    case DAMAGE_NOT:
        break;
    }
    memcpy(place, &value, word->width);
}

static inline void damage_try_one(struct polished_heap *heap,
                                  const struct damage_row *row, uint64_t bit)
{
    enum polished_status status;

    for (size_t i = 0; i < 6 && row->words[i].how != DAMAGE_NOT; i++)
        damage_write(heap, &row->words[i], bit);
    status = row->call(heap, row->a, row->b);
    if (status != row->expect)
        fail_msg("%s (bit %#llx): %s, expected %s", row->what,
                 (unsigned long long)bit, polished_status_name(status),
                 polished_status_name(row->expect));
}

static inline void damage_try(struct polished_heap *heap,
                              const struct damage_row *rows, size_t count)
{
    struct damage_copy copy, source = {.control = NULL};

    damage_keep(&copy, heap);
    if (heap->source)
        damage_keep(&source, heap->source);
    for (size_t i = 0; i < count; i++) {
        bool is_each = rows[i].words[0].how == DAMAGE_EACH;
        uint64_t bits = is_each ? rows[i].words[0].value : 1;

        for (; bits != 0; bits &= bits - 1) {
            if (polished_check(heap) != POLISHED_OK)
                fail_msg("%s: not sound before", rows[i].what);
            damage_try_one(heap, &rows[i], bits & (0 - bits));
            damage_undo(&copy, heap);
            if (heap->source)
                damage_undo(&source, heap->source);
        }
    }
    free(copy.control);
    free(source.control);
}

#define DAMAGE_ALL(heap, rows)                                                 \
    damage_try(heap, rows, sizeof(rows) / sizeof(rows)[0])

#endif
