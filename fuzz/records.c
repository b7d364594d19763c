/*
 * records.c - mutation and crossover of programs by whole records.  A quarter
 * of all mutations is left to the engine, bytes and all.
 */
#include <string.h>

#include "fuzz.h"
#include "sim/operation.h"

enum { SETUP = OPERATION_SETUP_BYTES, RECORD = OPERATION_RECORD_BYTES };

static uint32_t records_draw(uint32_t *random, uint32_t limit)
{
    *random ^= *random << 13;
    *random ^= *random >> 17;
    *random ^= *random << 5;
    return *random % limit;
}

static uint8_t *records_at(uint8_t *data, size_t index)
{
    return data + SETUP + index * RECORD;
}

static void records_fill(uint8_t *record, uint32_t *random)
{
    for (size_t i = 0; i < RECORD; i++)
        record[i] = (uint8_t)records_draw(random, 256);
}

/* Make room for one more, if there is any, and fill it. */
static size_t records_insert(uint8_t *data, size_t count, size_t most,
                             uint32_t *random)
{
    size_t at = records_draw(random, (uint32_t)count + 1);

    if (SETUP + (count + 1) * RECORD > most)
        return count;
    memmove(records_at(data, at + 1), records_at(data, at),
            (count - at) * RECORD);
    if (count > 0 && records_draw(random, 3) == 0)
        memcpy(records_at(data, at),
               records_at(data, records_draw(random, (uint32_t)count)), RECORD);
    else
        records_fill(records_at(data, at), random);
    return count + 1;
}

static size_t records_delete(uint8_t *data, size_t count, uint32_t *random)
{
    size_t at = records_draw(random, (uint32_t)count);
    size_t gone = 1 + records_draw(random, 4);

    if (gone > count - at)
        gone = count - at;
    memmove(records_at(data, at), records_at(data, at + gone),
            (count - at - gone) * RECORD);
    return count - gone;
}

/* Another size, kind or place for one record; or a border nearby. */
static void records_change(uint8_t *data, size_t count, uint32_t *random)
{
    uint8_t *record = records_at(data, records_draw(random, (uint32_t)count));
    size_t at = records_draw(random, RECORD);

    if (records_draw(random, 3) == 0)
        record[at] = (uint8_t)(record[at] + records_draw(random, 5) - 2);
    else
        record[at] = (uint8_t)records_draw(random, 256);
}

static void records_swap(uint8_t *data, size_t count, uint32_t *random)
{
    uint8_t *a = records_at(data, records_draw(random, (uint32_t)count));
    uint8_t *b = records_at(data, records_draw(random, (uint32_t)count));
    uint8_t kept[RECORD];

    memcpy(kept, a, RECORD);
    memmove(a, b, RECORD);
    memcpy(b, kept, RECORD);
}

/* The same record again and again. */
static size_t records_repeat(uint8_t *data, size_t count, size_t most,
                             uint32_t *random)
{
    size_t from = records_draw(random, (uint32_t)count);
    size_t times = 1 + records_draw(random, 24);

    while (times-- > 0 && SETUP + (count + 1) * RECORD <= most) {
        memcpy(records_at(data, count), records_at(data, from), RECORD);
        count++;
    }
    return count;
}

static size_t records_mutate(uint8_t *data, size_t count, size_t most,
                             uint32_t *random)
{
    uint32_t choice = records_draw(random, 16);

    if (count == 0 || choice < 5)
        return records_insert(data, count, most, random);
    if (choice < 7)
        return records_delete(data, count, random);
    if (choice < 8)
        return records_repeat(data, count, most, random);
    if (choice < 9)
        records_swap(data, count, random);
    else if (choice < 10)
        data[records_draw(random, SETUP)] = (uint8_t)records_draw(random, 256);
    else
        records_change(data, count, random);
    return count;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most,
                               unsigned seed)
{
    uint32_t random = seed * 2654435761u | 1;
    size_t count;

    if (records_draw(&random, 4) == 0 || size < SETUP || most < SETUP + RECORD)
        return LLVMFuzzerMutate(data, size, most);
    count = (size - SETUP) / RECORD;
    for (uint32_t i = records_draw(&random, 3) + 1; i > 0; i--)
        count = records_mutate(data, count, most, &random);
    return SETUP + count * RECORD;
}

/* The one's setup and first records, the other's last. */
size_t LLVMFuzzerCustomCrossOver(const uint8_t *first, size_t first_size,
                                 const uint8_t *second, size_t second_size,
                                 uint8_t *out, size_t most, unsigned seed)
{
    uint32_t random = seed * 2654435761u | 1;
    size_t head, tail, size;

    if (first_size < SETUP || second_size < SETUP || most < SETUP)
        return 0;
    head = SETUP + records_draw(&random,
                                (uint32_t)((first_size - SETUP) / RECORD) + 1) *
                       RECORD;
    tail =
        SETUP +
        records_draw(&random, (uint32_t)((second_size - SETUP) / RECORD) + 1) *
            RECORD;
    if (head > most)
        head = SETUP + (most - SETUP) / RECORD * RECORD;
    memcpy(out, first, head);
    size = second_size - tail;
    if (size > most - head)
        size = most - head;
    memcpy(out + head, second + tail, size);
    return head + size;
}
