/* operation_setup.c - the first bytes of a program: what heap it is for. */
#include "sim/operation.h"

/* The values of a knob that are worth a try, by two bits. */
static polished_size setup_knob(const struct polished_knob *knob, unsigned code)
{
    polished_size value = knob->least;

    if (knob->form == POLISHED_POLICY || code % 4 == 0)
        return knob->usual;
    if (knob->form == POLISHED_POWER_OF_TWO)
        value <<= code % 4 - 1;
    else
        value += code % 4 == 1 ? 0 : code % 4 == 2 ? 1 : 40;
    return value > knob->most ? knob->most : value;
}

static void setup_knobs(const struct polished_ops *ops, unsigned code,
                        polished_size values[POLISHED_KNOBS])
{
    for (int i = 0; ops->knobs && ops->knobs[i].name; i++) {
        values[i] = setup_knob(&ops->knobs[i], code);
        code >>= 2;
    }
}

/* Which of those that may feed it. */
static const struct polished_ops *
setup_source(const struct polished_ops *const *rows, unsigned pick)
{
    unsigned count = 0;

    for (size_t i = 0; rows[i]; i++)
        count += POLISHED_CAN_FEED(rows[i]->caps);
    for (size_t i = 0; count && rows[i]; i++)
        if (POLISHED_CAN_FEED(rows[i]->caps) && pick-- % count == 0)
            return rows[i];
    return NULL;
}

static polished_size setup_size(unsigned form, unsigned number)
{
    switch (form) {
    case 0:
        return 1 + number;
    case 1:
        return 16 * (1 + (polished_size)number);
    case 2:
        return 256 + (polished_size)number;
    case 3:
        return 64 * (1 + (polished_size)number);
    case 4:
        return 256 * (1 + (polished_size)number);
    case 5:
        return 4096 * (1 + (polished_size)number % 32);
    case 6:
        return 1024 + (polished_size)number;
    default:
        return ((polished_size)64 << number % 11) + number / 11 - 11;
    }
}

/* How much it may grow: some have control for what they are, and no more. */
static polished_size setup_more(unsigned number)
{
    return number < 112 ? 16 * (1 + (polished_size)number) : 0;
}

/* Where on the bus: mostly in plain memory, sometimes at an end. */
static uint64_t setup_base(unsigned form, uint64_t all_bytes)
{
    switch (form) {
    case 28:
        return 4096;
    case 29:
        return -(all_bytes + 511); /* the very end, with the greatest skew */
    case 30:
        return (UINT64_C(1) << 32) - 4096;
    case 31:
        return UINT64_C(1) << 63;
    default:
        return UINT64_C(1) << 20;
    }
}

void operation_setup_decode(const struct polished_ops *ops,
                            const struct polished_ops *const *rows,
                            const uint8_t bytes[OPERATION_SETUP_BYTES],
                            struct operation_setup *setup)
{
    *setup = (struct operation_setup){.source_ops = NULL};
    setup->size_bytes = setup_size(bytes[0] & 7, bytes[1]);
    setup->more_bytes = setup_more(bytes[3] & 127);
    setup->bus_base =
        setup_base(bytes[0] >> 3, setup->size_bytes + setup->more_bytes) +
        bytes[2] + 256 * (uint64_t)(bytes[3] >> 7);
    setup_knobs(ops, bytes[4], setup->knobs);
    if (ops->caps & POLISHED_SOURCE)
        setup->source_ops = setup_source(rows, bytes[5]);
    if (setup->source_ops)
        setup_knobs(setup->source_ops, bytes[6], setup->source_knobs);
}
