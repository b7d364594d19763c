/* explorer.c - see explorer.h. */
#include "explorer.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "moves.h"
#include "visited.h"

/* States of one depth, one behind the other, each behind its length. */
struct explorer_level {
    unsigned char *bytes;
    size_t size, room, count;
};

struct explorer {
    struct state state;
    struct moves moves;
    struct visited visited;
    struct explorer_level now, next;
    struct explorer_result *result;
    const unsigned char *from; /* the state whose moves are tried */
    uint32_t number, move;     /* of that state, and of its move */
    uint32_t only;             /* while a story is told: this move alone */
    polished_size fresh_bytes; /* the largest of an empty heap */
    unsigned char *empty;      /* the first state */
};

/* For the oracle, which knows but a function: where to go with what it says. */
static jmp_buf *explorer_exit;
static char explorer_message[1024];

static void explorer_broken(const char *message)
{
    snprintf(explorer_message, sizeof explorer_message, "%s", message);
    longjmp(*explorer_exit, 1);
}

static unsigned char *explorer_reserve(struct explorer_level *level,
                                       size_t bytes)
{
    if (level->size + bytes > level->room) {
        level->room = 2 * (level->room + bytes);
        level->bytes = realloc(level->bytes, level->room);
        if (!level->bytes)
            abort();
    }
    return level->bytes + level->size;
}

/* The heap as it is: a state that is new? */
static void explorer_enter(struct explorer *explorer)
{
    struct visited_state found = {.parent = explorer->number,
                                  .move = explorer->move};
    struct explorer_level *next = &explorer->next;
    unsigned char *to = explorer_reserve(next, 8 + explorer->state.most_bytes);
    uint64_t size = state_store(&explorer->state, to + 8);

    visited_hash(to + 8, (size_t)size, found.hash);
    if (!visited_add(&explorer->visited, &found))
        return;
    memcpy(to, &size, sizeof size);
    next->size += 8 + (size_t)size;
    next->count++;
}

static void explorer_try(void *context, const struct operation_call *call)
{
    struct explorer *explorer = context;
    struct state *state = &explorer->state;
    enum polished_status status;

    explorer->move++;
    explorer->result->transition_count++;
    state->oracle.kept = &state->kept;
    status = moves_make(state, call);
    state->oracle.heap.owner = 0;
    if (status != POLISHED_OK)
        return;
    ORACLE_EXPECT(&state->oracle, state_is_intact(state));
    explorer_enter(explorer);
    state_again(state, explorer->from);
}

/* What was had comes back: all of it, once all is freed. */
static void explorer_prove_return(struct explorer *explorer)
{
    const struct polished_request request = {1, 1, 0, 0};
    struct oracle *oracle = &explorer->state.oracle;
    polished_size data_bytes = oracle->heap.data.size_bytes;
    polished_size largest_bytes;

    if (!(oracle->heap.ops->caps & POLISHED_RECLAIMS))
        return;
    oracle_free_all(oracle);
    oracle->heap.owner = 0;
    largest_bytes = polished_largest(&oracle->heap, &request);
    oracle_reset(oracle);
    ORACLE_EXPECT(oracle, oracle->heap.data.size_bytes == data_bytes);
    ORACLE_EXPECT(oracle,
                  largest_bytes == polished_largest(&oracle->heap, &request));
    state_again(&explorer->state, explorer->from);
}

static void explorer_expand(struct explorer *explorer,
                            const unsigned char *from)
{
    explorer->from = from;
    explorer->move = 0;
    state_load(&explorer->state, from);
    explorer_prove_return(explorer);
    moves_each(&explorer->moves, &explorer->state, explorer_try, explorer);
}

/* All states of this depth; those behind them are the next. */
static void explorer_deepen(struct explorer *explorer)
{
    struct explorer_level now = explorer->next;
    const unsigned char *at = now.bytes;
    uint64_t size;

    explorer->next = explorer->now;
    explorer->next.size = 0;
    explorer->next.count = 0;
    explorer->now = now;
    for (; at < now.bytes + now.size; at += 8 + size) {
        memcpy(&size, at, sizeof size);
        explorer_expand(explorer, at + 8);
        explorer->number++;
    }
}

/* A line of the story: a move of the state that is loaded, made again. */
static void explorer_tell(void *context, const struct operation_call *call)
{
    struct explorer *explorer = context;
    char *story = explorer->result->story;
    size_t length = strlen(story);
    char text[300];

    if (++explorer->move != explorer->only)
        return;
    moves_print(call, text, sizeof text);
    snprintf(story + length, EXPLORER_STORY - length, "  %s\n", text);
    explorer->state.oracle.kept = &explorer->state.kept;
    moves_make(&explorer->state, call);
    explorer->state.oracle.heap.owner = 0;
}

/* How a state was reached, told from the empty heap on, which is left in that
   state.  The depth of the recursion is that of the search. */
static void explorer_retrace(struct explorer *explorer, uint32_t number,
                             unsigned char *bytes)
{
    const struct visited_state *found = &explorer->visited.states[number];

    if (number != 0) {
        explorer_retrace(explorer, found->parent, bytes);
        explorer->only = found->move;
        explorer->move = 0;
        moves_each(&explorer->moves, &explorer->state, explorer_tell, explorer);
        state_store(&explorer->state, bytes);
    } else {
        memcpy(bytes, explorer->empty, explorer->state.most_bytes);
    }
    state_load(&explorer->state, bytes);
}

static void explorer_explain(struct explorer *explorer)
{
    jmp_buf again, *before = explorer_exit;
    unsigned char *bytes = malloc(explorer->state.most_bytes);
    uint32_t move = explorer->move;
    size_t length;

    if (!bytes)
        abort();
    explorer_exit = &again;
    if (setjmp(again) == 0) {
        explorer_retrace(explorer, explorer->number, bytes);
        explorer->only = move;
        explorer->move = 0;
        moves_each(&explorer->moves, &explorer->state, explorer_tell, explorer);
    }
    length = strlen(explorer->result->story);
    snprintf(explorer->result->story + length, EXPLORER_STORY - length, "%s",
             explorer_message);
    explorer_exit = before;
    free(bytes);
}

static void explorer_search(struct explorer *explorer, size_t state_most)
{
    struct explorer_result *result = explorer->result;

    explorer_enter(explorer);
    memcpy(explorer->empty, explorer->next.bytes + 8,
           explorer->state.most_bytes);
    while (explorer->next.count > 0 &&
           (state_most == 0 || explorer->visited.count < state_most)) {
        explorer_deepen(explorer);
        result->depth += explorer->next.count > 0;
    }
    result->is_closed = explorer->next.count == 0;
}

bool explorer_run(const struct explorer_plan *plan,
                  struct explorer_result *result)
{
    const struct oracle_plan heap = {plan->ops,        plan->knobs,
                                     plan->source_ops, plan->source_knobs,
                                     plan->size_bytes, plan->more_bytes,
                                     plan->bus_base, 0};
    struct explorer *explorer = calloc(1, sizeof *explorer);
    jmp_buf exit;

    memset(result, 0, sizeof *result);
    explorer_message[0] = '\0';
    if (!explorer)
        abort();
    explorer->result = result;
    explorer_exit = &exit;
    oracle_fail = explorer_broken;
    if (setjmp(exit) != 0 || !state_open(&explorer->state, &heap)) {
        snprintf(result->story, sizeof result->story, "%s", explorer_message);
        free(explorer);
        return result->story[0] != '\0';
    }
    explorer->empty = calloc(1, explorer->state.most_bytes);
    if (!explorer->empty)
        abort();
    moves_open(&explorer->moves, plan->step,
               plan->size_bytes + plan->more_bytes, plan->owner_count,
               plan->is_coarse);
    visited_open(&explorer->visited);
    if (setjmp(exit) == 0)
        explorer_search(explorer, plan->state_most);
    else
        explorer_explain(explorer);
    result->state_count = explorer->visited.count;
    visited_close(&explorer->visited);
    state_close(&explorer->state);
    free(explorer->now.bytes);
    free(explorer->next.bytes);
    free(explorer->empty);
    free(explorer);
    return true;
}
