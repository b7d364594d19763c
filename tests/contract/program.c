/* program.c - see program.h. */
#include "program.h"

#define PROGRAM_MOST POLISHED_SIZE_MAX

/* xorshift64, after Marsaglia (2003). */
uint64_t program_draw(struct program *program, uint64_t limit)
{
    program->random ^= program->random << 13;
    program->random ^= program->random >> 7;
    program->random ^= program->random << 17;
    return (program->random >> 11) % limit;
}

static void program_note(struct program *program, uint64_t answer)
{
    program->decisions =
        (program->decisions ^ answer) * UINT64_C(0x100000001b3) + 1;
    program->decision_count++;
}

/* A size from where mistakes live: borders of powers, of data, of numbers. */
static polished_size program_wild_size(struct program *program,
                                       struct oracle *oracle)
{
    const struct polished_request request = {1, 1, 0, 0};
    polished_size little = (polished_size)program_draw(program, 9);

    switch (program_draw(program, 5)) {
    case 0:
        return ((polished_size)1
                << program_draw(program, 8 * sizeof(polished_size))) +
               little - 4;
    case 1:
        return oracle->heap.data.size_bytes - little;
    case 2:
        return PROGRAM_MOST - little;
    case 3:
        return PROGRAM_MOST / 2 + 5 - little;
    default:
        return polished_largest(&oracle->heap, &request) + 4 - little;
    }
}

static polished_size program_size(struct program *program,
                                  struct oracle *oracle)
{
    uint64_t choice = program_draw(program, 16);

    if (program->is_wild && choice == 0)
        return program_wild_size(program, oracle);
    if (choice < 5)
        return 1 + (polished_size)program_draw(program, 31);
    if (choice < 7)
        return 8 * (1 + (polished_size)program_draw(
                            program, 1 + program->bound_bytes / 8));
    return 1 + (polished_size)program_draw(program, program->bound_bytes);
}

static polished_size program_align(struct program *program)
{
    switch (program_draw(program, 8)) {
    case 0:
        return (polished_size)1 << program_draw(program, 11);
    case 1:
        if (program->is_wild)
            return (polished_size)1
                   << program_draw(program, 8 * sizeof(polished_size));
        return 64;
    case 2:
        return 1;
    case 3:
        return 32;
    default:
        return 16;
    }
}

static void program_alloc(struct program *program, struct oracle *oracle)
{
    polished_size size_bytes = program_size(program, oracle);
    polished_size align_bytes = program_align(program);
    enum polished_status status = oracle_alloc(oracle, size_bytes, align_bytes);

    program_note(program, status);
    if (status == POLISHED_OK)
        program_note(program, oracle->live[oracle->count - 1].offset);
}

/* Any block, but the newest more often than chance would have it. */
static size_t program_pick(struct program *program, const struct oracle *oracle)
{
    if (program_draw(program, 3) == 0)
        return oracle->count - 1;
    return (size_t)program_draw(program, oracle->count);
}

static void program_free(struct program *program, struct oracle *oracle)
{
    size_t index = program_pick(program, oracle);

    program_note(program, oracle_free(oracle, index, program_draw(program, 2)));
}

static void program_realloc(struct program *program, struct oracle *oracle)
{
    size_t index = program_pick(program, oracle);
    polished_size size_bytes = program_size(program, oracle);
    polished_size align_bytes = program_draw(program, 4)
                                    ? oracle->live[index].align_bytes
                                    : program_align(program);
    enum polished_status status =
        oracle_realloc(oracle, index, size_bytes, align_bytes);

    program_note(program, status);
    if (status == POLISHED_OK)
        program_note(program, oracle->live[index].offset);
}

static void program_extend(struct program *program, struct oracle *oracle)
{
    polished_size room_bytes =
        oracle->data_bytes - oracle->heap.data.size_bytes;
    polished_size more_bytes = 1 + (polished_size)program_draw(program, 80);

    if (more_bytes <= room_bytes)
        program_note(program, oracle_extend(oracle, more_bytes));
}

static void program_reserve(struct program *program, struct oracle *oracle)
{
    polished_size offset =
        (polished_size)program_draw(program, program->bound_bytes * 8);
    polished_size size_bytes = 1 + (polished_size)program_draw(program, 64);
    enum polished_status status;

    if (program_draw(program, 4) != 0)
        offset -= offset % 16;
    status = oracle_reserve(oracle, offset, size_bytes);
    program_note(program, status == POLISHED_OK);
}

static void program_step(struct program *program, struct oracle *oracle)
{
    uint64_t choice = program_draw(program, 256);
    /* Heaps grow full and empty by turns. */
    uint64_t allocs = program->decision_count / 64 % 2 ? 90 : 150;

    if (choice == 255 && program_draw(program, 4) == 0)
        oracle_reset(oracle);
    else if (choice >= 250)
        program_extend(program, oracle);
    else if (choice >= 245 && oracle->count < program->live_limit)
        program_reserve(program, oracle);
    else if (choice < allocs && oracle->count < program->live_limit)
        program_alloc(program, oracle);
    else if (oracle->count > 0 && choice < 200)
        program_free(program, oracle);
    else if (oracle->count > 0)
        program_realloc(program, oracle);
}

void program_run(struct program *program, struct oracle *oracle, unsigned calls)
{
    for (unsigned i = 0; i < calls; i++)
        program_step(program, oracle);
}
