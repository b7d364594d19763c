/* thin_heap.h - a heap of `polished` to be damaged, and names for its parts. */
#ifndef THIN_HEAP_H
#define THIN_HEAP_H

#include "alloc/bins.h"
#include "damage.h"

enum { BYTES = 4096, MORE = 64, NOWHERE = 100000 };

/* A word of data, and the parts of a free block by the offset of its payload;
   its name is that offset / 4. */
#define WORD(offset)  DAMAGE_DATA, (size_t)(offset), 4
#define HEAD(at)      WORD((at)-4)
#define NEXT(at)      WORD(at)
#define PREVIOUS(at)  WORD((at) + 4)
#define FOOT(at, end) WORD((end)-8)
#define END           (BYTES / 4 - 2) /* no block's name */
#define LIST(number)  AT_CONTROL(sizeof(struct bins) + 4 * (number), 4)

#define CORRUPT  POLISHED_CORRUPT
#define INTERIOR POLISHED_INTERIOR
#define OK       POLISHED_OK

#define TRY(rows) damage_try(&heap, rows, sizeof(rows) / sizeof(rows)[0])

static _Alignas(256) unsigned char memory[BYTES + MORE], control[512];
static struct polished_heap heap;

/* A heap that begins there, and what its control takes. */
static inline void open_at(unsigned char *base, polished_size align_bytes,
                           polished_size control_bytes)
{
    const polished_size knobs[] = {align_bytes};
    const struct polished_setup setup = {.ops = &polished_polished,
                                         .data = polished_memory(base, BYTES),
                                         .control = control,
                                         .control_bytes = control_bytes,
                                         .knobs = knobs};

    assert_int_equal(polished_init(&heap, &setup), OK);
}

static inline void open_heap(polished_size align_bytes)
{
    open_at(memory, align_bytes,
            polished_polished.control_bytes(NULL, BYTES + MORE));
}

static inline polished_size get(polished_size size_bytes)
{
    const struct polished_request request = {size_bytes, 8, 0, 0};
    polished_size offset;

    assert_int_equal(polished_alloc(&heap, &request, &offset), OK);
    return offset;
}

static inline void put(polished_size offset)
{
    assert_int_equal(polished_free(&heap, offset, 0), OK);
}

enum { A = 16, B = 48, C = 64, D = 96, E = 112, F = 144, WILD = 160 };

/* A, C and E are free, of 32 bytes and in a list with E first; B, D and F are
   used, of 16 bytes each. */
static inline void open_three(void)
{
    open_heap(8);
    for (polished_size at = A; at < WILD; at += 48) {
        assert_true(get(28) == at);
        assert_true(get(12) == at + 32);
    }
    put(A);
    put(C);
    put(E);
}

#endif
