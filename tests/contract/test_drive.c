/* The decoder of operations, and lives of every policy made from it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "drive.h"

static struct drive first, second;

static uint8_t draw(uint64_t *random)
{
    *random ^= *random << 13;
    *random ^= *random >> 7;
    *random ^= *random << 17;
    return (uint8_t)(*random >> 24);
}

static void draw_operation(uint64_t *random, struct operation *operation)
{
    uint8_t record[OPERATION_RECORD_BYTES];

    for (unsigned i = 0; i < sizeof record; i++)
        record[i] = draw(random);
    operation_decode(record, operation);
}

static enum polished_status open_by(struct drive *drive, uint64_t seed,
                                    const struct polished_ops *ops,
                                    unsigned char fill)
{
    uint8_t bytes[OPERATION_SETUP_BYTES];
    struct operation_setup setup;

    for (unsigned i = 0; i < sizeof bytes; i++)
        bytes[i] = draw(&seed);
    operation_setup_decode(ops, polished_policies, bytes, &setup);
    return drive_open(drive, ops, &setup, fill);
}

/* Over all 65536 sizes and all kinds: is every word of the decoder used? */
static void every_palette_is_reached(void **state)
{
    bool kinds[OPERATION_KIND_COUNT] = {false};
    bool misuses[OPERATION_MISUSE_COUNT] = {false};
    bool froms[OPERATION_FROM_COUNT] = {false};
    uint64_t powers = 0;

    (void)state;
    for (uint32_t i = 0; i < 1 << 24; i += 5) {
        const uint8_t record[] = {(uint8_t)i, (uint8_t)(i >> 8), 1,
                                  (uint8_t)(i >> 16)};
        struct operation operation;

        operation_decode(record, &operation);
        kinds[operation.kind] = true;
        if (operation.kind == OPERATION_MISUSE)
            misuses[operation.misuse] = true;
        froms[operation.size.from] = froms[operation.below.from] = true;
        if (operation.kind == OPERATION_ALLOC)
            for (unsigned bit = 0; bit < 64; bit++)
                if (operation.align_bytes == UINT64_C(1) << bit)
                    powers |= UINT64_C(1) << bit;
    }
    for (unsigned i = 0; i < OPERATION_KIND_COUNT; i++)
        assert_true(kinds[i]);
    for (unsigned i = 0; i < OPERATION_MISUSE_COUNT; i++)
        assert_true(misuses[i]);
    for (unsigned i = 0; i < OPERATION_FROM_COUNT; i++)
        assert_true(froms[i]);
    assert_true(powers == POLISHED_SIZE_MAX); /* a bit for each */
}

/* What the front lets through: an offset in data, and a size that fits. */
static bool is_past_front(const struct drive *drive,
                          const struct operation_call *call)
{
    polished_size data_bytes = drive->oracle.heap.data.size_bytes;

    return call->offset < data_bytes &&
           call->told_bytes <= data_bytes - call->offset;
}

static void half_of_the_misuse_gets_past_the_front(void **state)
{
    unsigned past = 0, all = 0;
    uint64_t random = 11;

    (void)state;
    for (uint64_t seed = 1; seed < 40; seed++) {
        if (open_by(&first, seed, &polished_first_fit, 0) != POLISHED_OK)
            continue;
        for (unsigned i = 0; i < 400; i++) {
            const struct operation_view view =
                operation_book_view(&first.book, &first.oracle.heap, 0);
            struct operation operation;
            struct operation_call call;

            draw_operation(&random, &operation);
            if (operation.kind == OPERATION_MISUSE &&
                operation_resolve(&operation, &view, &call)) {
                all++;
                past += is_past_front(&first, &call);
            }
            drive_step(&first, &operation);
        }
        drive_close(&first);
    }
    assert_true(all > 1000);
    assert_true(past * 2 > all);
}

/* Two heaps in other memory, that held other bytes, decide the same. */
static void lives_are_sound_and_repeat(void **state)
{
    const struct polished_ops *ops = *state;
    uint64_t calls = 0;

    for (uint64_t seed = 1; seed <= 120; seed++) {
        uint64_t random = seed * 7919;

        if (open_by(&first, seed, ops, 0) != POLISHED_OK)
            continue;
        assert_int_equal(open_by(&second, seed, ops, 0x5a), POLISHED_OK);
        second.oracle.is_shallow = true;
        for (unsigned i = 0; i < 150; i++) {
            struct operation operation;

            draw_operation(&random, &operation);
            assert_true(drive_step(&first, &operation) ==
                        drive_step(&second, &operation));
            assert_true(first.decisions == second.decisions);
        }
        calls += first.calls;
        drive_finish(&first);
        drive_close(&first);
        drive_close(&second);
    }
    assert_true(calls > 5000);
}

static void watch(const char *message)
{
    fail_msg("%s", message);
}

int main(void)
{
    struct CMUnitTest tests[64] = {
        cmocka_unit_test(every_palette_is_reached),
        cmocka_unit_test(half_of_the_misuse_gets_past_the_front),
    };
    size_t count = 2;

    oracle_fail = watch;
    for (size_t i = 0; polished_policies[i]; i++) {
        assert_true(count < sizeof tests / sizeof tests[0]);
        tests[count].name = polished_policies[i]->name;
        tests[count].test_func = lives_are_sound_and_repeat;
        tests[count++].initial_state = (void *)polished_policies[i];
    }
    return _cmocka_run_group_tests("drive", tests, count, NULL, NULL);
}
