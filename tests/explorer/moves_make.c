/* moves_make.c - a move made, and put in words. */
#include <stdio.h>
#include <string.h>

#include "moves.h"

static enum polished_status make_alloc(struct state *state,
                                       const struct operation_call *call)
{
    return oracle_request(&state->oracle, &call->request);
}

static enum polished_status make_reserve(struct state *state,
                                         const struct operation_call *call)
{
    return oracle_reserve(&state->oracle, call->offset,
                          call->request.size_bytes);
}

static enum polished_status make_realloc(struct state *state,
                                         const struct operation_call *call)
{
    return oracle_realloc(&state->oracle, call->index, call->request.size_bytes,
                          call->request.align_bytes);
}

static enum polished_status make_free(struct state *state,
                                      const struct operation_call *call)
{
    return oracle_free(&state->oracle, call->index, call->told_bytes != 0);
}

static enum polished_status make_extend(struct state *state,
                                        const struct operation_call *call)
{
    return oracle_extend(&state->oracle, call->request.size_bytes);
}

static enum polished_status make_reset(struct state *state,
                                       const struct operation_call *call)
{
    (void)call;
    oracle_reset(&state->oracle);
    return POLISHED_OK;
}

static enum polished_status make_destroy(struct state *state,
                                         const struct operation_call *call)
{
    return oracle_destroy(&state->oracle, call->owner);
}

static enum polished_status make_extra(struct state *state,
                                       const struct operation_call *call)
{
    polished_size a = call->a, b = call->b;
    enum polished_status status =
        oracle_extra(&state->oracle, call->extra, &a, &b);

    if (status == POLISHED_OK && state->rule->mark &&
        strcmp(call->extra, state->rule->mark) == 0) {
        state->answer[0] = a;
        state->answer[1] = b;
    }
    return status;
}

/* Refused, or the oracle would have told. */
static enum polished_status make_misuse(struct state *state,
                                        const struct operation_call *call)
{
    oracle_misuse(&state->oracle, call->offset, call->told_bytes);
    return POLISHED_UNSUPPORTED;
}

static const struct {
    const char *name;
    enum polished_status (*make)(struct state *state,
                                 const struct operation_call *call);
} moves_rows[OPERATION_KIND_COUNT] = {
    [OPERATION_ALLOC] = {"alloc", make_alloc},
    [OPERATION_RESERVE] = {"reserve", make_reserve},
    [OPERATION_REALLOC] = {"realloc", make_realloc},
    [OPERATION_FREE] = {"free", make_free},
    [OPERATION_EXTEND] = {"extend", make_extend},
    [OPERATION_RESET] = {"reset", make_reset},
    [OPERATION_DESTROY] = {"destroy", make_destroy},
    [OPERATION_EXTRA] = {"extra", make_extra},
    [OPERATION_MISUSE] = {"misuse", make_misuse},
};

enum polished_status moves_make(struct state *state,
                                const struct operation_call *call)
{
    state->oracle.heap.owner = call->owner;
    return moves_rows[call->kind].make(state, call);
}

void moves_print(const struct operation_call *call, char *text, size_t size)
{
    const struct {
        const char *name;
        unsigned long long value;
    } numbers[] = {{"block", call->index},
                   {"offset", call->offset},
                   {"told", call->told_bytes},
                   {"size", call->request.size_bytes},
                   {"align", call->request.align_bytes},
                   {"below", call->request.below},
                   {"boundary", call->request.boundary},
                   {"owner", call->owner},
                   {"a", call->a},
                   {"b", call->b}};
    int length =
        snprintf(text, size, "%s%s%s", moves_rows[call->kind].name,
                 call->extra ? " " : "", call->extra ? call->extra : "");

    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        if (numbers[i].value != 0)
            length += snprintf(text + length, size - (size_t)length, " %s %llu",
                               numbers[i].name, numbers[i].value);
}
