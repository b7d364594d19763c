/* cases_limits.c - requests that not every address will do for. */
#include "cases.h"
#include "program.h"

#define BASE UINT64_C(0x100000)

/* The largest block within limits is had, one byte more is not. */
static void prove_limits(struct oracle *oracle, struct polished_request request)
{
    request.size_bytes = polished_largest(&oracle->heap, &request);
    if (request.size_bytes != 0) {
        assert_int_equal(oracle_request(oracle, &request), POLISHED_OK);
        oracle_free(oracle, oracle->count - 1, true);
    }
    request.size_bytes++;
    assert_int_not_equal(oracle_request(oracle, &request), POLISHED_OK);
}

static void ask_at_random(struct oracle *oracle, struct program *program)
{
    struct polished_request request = {
        1 + (polished_size)program_draw(program, 200),
        (polished_size)1 << program_draw(program, 9), 0, 0};

    if (program_draw(program, 3) == 0)
        request.below = BASE + program_draw(program, 5000);
    if (program_draw(program, 3) == 0)
        request.boundary = UINT64_C(1) << program_draw(program, 11);
    if (oracle->count < 60)
        oracle_request(oracle, &request);
    if (program_draw(program, 8) == 0)
        prove_limits(oracle, request);
    while (oracle->count > program_draw(program, 60))
        oracle_free(oracle, (size_t)program_draw(program, oracle->count), true);
}

static void refuse_limits(struct oracle *oracle)
{
    const struct polished_request below = {16, 1, BASE + 1024, 0};
    const struct polished_request boundary = {16, 1, 0, 4096};

    assert_int_equal(oracle_request(oracle, &below), POLISHED_UNSUPPORTED);
    assert_int_equal(oracle_request(oracle, &boundary), POLISHED_UNSUPPORTED);
}

/* What no heap can serve is told from what this one cannot now. */
static void contradict(struct oracle *oracle)
{
    const struct polished_request asked[] = {
        {32, 1, 31, 0},   {32, 1, 0, 16},        {32, 1, 0, 48},
        {32, 1, BASE, 0}, {32, 1, BASE + 31, 0}, {32, 4096, BASE + 16, 0},
        {1, 1, 1, 0},
    };

    oracle_reset(oracle);
    for (size_t i = 0; i < sizeof asked / sizeof asked[0]; i++)
        assert_int_equal(oracle_request(oracle, &asked[i]),
                         POLISHED_CONSTRAINT);
}

void limits_are_kept(void **state)
{
    struct oracle oracle;
    struct oracle_plan plan = subject_plan(*state, 4096);

    plan.bus_base = BASE;
    for (uint64_t seed = 1; seed <= 12; seed++) {
        struct program program = {.random = seed * 7927};

        plan.bus_base = BASE + (seed % 3) * 24;
        case_open(&oracle, &plan);
        if (!(plan.ops->caps & POLISHED_LIMITS)) {
            refuse_limits(&oracle);
            oracle_close(&oracle);
            return;
        }
        for (int i = 0; i < 300; i++)
            ask_at_random(&oracle, &program);
        if (seed == 3)
            contradict(&oracle);
        oracle_close(&oracle);
    }
}
