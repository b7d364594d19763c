/* state.c - see state.h. */
#include "state.h"

#include <stdlib.h>
#include <string.h>

#include "contract/oracle_memory.h"
#include "rule.h"

struct state_head {
    uint64_t data_bytes, source_bytes, count;
    polished_size answer[2];
};

static size_t state_round(size_t bytes)
{
    return (bytes + 7) & ~(size_t)7;
}

/* Is data never read but by those who own its blocks? */
static bool state_needs_data(const struct oracle *oracle)
{
    const struct polished_ops *bottom =
        oracle->source.ops ? oracle->source.ops : oracle->heap.ops;

    return !(bottom->caps & POLISHED_NO_TOUCH);
}

bool state_open(struct state *state, const struct oracle_plan *plan)
{
    struct oracle *oracle = &state->oracle;

    memset(state, 0, sizeof *state);
    if (oracle_open(oracle, plan) != POLISHED_OK)
        return false;
    state->rule = rule_of(plan->ops->name);
    state->source_rule =
        plan->source_ops ? rule_of(plan->source_ops->name) : state->rule;
    state->has_data = state_needs_data(oracle);
    state->own_bytes = state_round((size_t)oracle->heap.control_bytes);
    state->source_bytes = state_round((size_t)oracle->source.control_bytes);
    state->most_bytes = sizeof(struct state_head) + STATE_BLOCKS * 8 +
                        state->own_bytes + state->source_bytes +
                        state_round((size_t)oracle->data_bytes);
    oracle_save(oracle, &state->kept);
    return true;
}

void state_close(struct state *state)
{
    free(state->kept.bytes);
    oracle_close(&state->oracle);
}

/* Paint the inside of a free block. */
static int state_scrub_block(void *context, const struct polished_block *block)
{
    struct state *state = context;
    polished_size head_bytes = state->source_rule->head_bytes;
    polished_size tail_bytes = state->source_rule->tail_bytes;
    polished_size first = block->offset_bytes + head_bytes;
    polished_size end = block->offset_bytes + block->size_bytes - tail_bytes;

    if (block->kind != POLISHED_FREE ||
        block->size_bytes <= head_bytes + tail_bytes)
        return 0;
    memcpy(state->oracle.data + first, state->oracle.pattern + first,
           (size_t)(end - first));
    return 0;
}

static int state_compare(const void *a, const void *b)
{
    const uint64_t *left = a, *right = b;

    return *left < *right ? -1 : *left > *right;
}

/* Live blocks as words: offset, size, owner. */
static void state_store_blocks(const struct oracle *oracle, uint64_t *words)
{
    for (size_t i = 0; i < oracle->count; i++) {
        const struct oracle_block *block = &oracle->live[i];

        words[i] = (uint64_t)block->offset << 32 |
                   (uint64_t)block->usable_bytes << 8 | block->owner;
    }
    qsort(words, oracle->count, sizeof words[0], state_compare);
}

/* Copy bytes to a multiple of 8 of them. */
static unsigned char *state_put(unsigned char *to, const void *from,
                                size_t bytes)
{
    size_t room = state_round(bytes);

    memcpy(to, from, bytes);
    memset(to + bytes, 0, room - bytes);
    return to + room;
}

/* What each layer has in control and cannot matter; old blocks too, whose fate
   no longer depends on the policy. */
static void state_forget(struct state *state)
{
    struct oracle *oracle = &state->oracle;
    size_t most = state->rule->block_most;

    if (state->rule->forget)
        state->rule->forget(&oracle->heap, state->answer);
    if (oracle->source.ops && state->source_rule->forget)
        state->source_rule->forget(&oracle->source, state->answer);
    while (most != 0 && oracle->count > most) {
        size_t lowest = 0;

        for (size_t i = 1; i < oracle->count; i++)
            if (oracle->live[i].offset < oracle->live[lowest].offset)
                lowest = i;
        oracle_drop(oracle, lowest);
    }
}

size_t state_store(struct state *state, unsigned char *to)
{
    struct oracle *oracle = &state->oracle;
    unsigned char *at = to;
    uint64_t words[STATE_BLOCKS];
    struct state_head head;

    ORACLE_EXPECT(oracle, oracle->count <= STATE_BLOCKS);
    state_forget(state);
    if (state->has_data)
        polished_walk(oracle->source.ops ? &oracle->source : &oracle->heap,
                      state_scrub_block, state);
    head = (struct state_head){oracle->heap.data.size_bytes,
                               oracle->source.data.size_bytes,
                               oracle->count,
                               {state->answer[0], state->answer[1]}};
    state_store_blocks(oracle, words);
    at = state_put(at, &head, sizeof head);
    at = state_put(at, words, oracle->count * sizeof words[0]);
    at =
        state_put(at, oracle->heap.control, (size_t)oracle->heap.control_bytes);
    if (oracle->source.ops)
        at = state_put(at, oracle->source.control,
                       (size_t)oracle->source.control_bytes);
    if (state->has_data)
        at = state_put(at, oracle->data, (size_t)oracle->data_bytes);
    return (size_t)(at - to);
}

/* The alignment that a block has, whatever was asked for. */
static polished_size state_align(const struct oracle *oracle,
                                 polished_size offset)
{
    uint64_t place = oracle->heap.data.bus_base + offset;

    return (polished_size)(place & (0 - place));
}

/* The model, and the members of the heaps that change. */
static const unsigned char *state_load_model(struct state *state,
                                             const unsigned char *from)
{
    struct oracle *oracle = &state->oracle;
    struct state_head head;

    memcpy(&head, from, sizeof head);
    from += sizeof head;
    state->kept.heaps[0].data.size_bytes = (polished_size)head.data_bytes;
    state->kept.heaps[1].data.size_bytes = (polished_size)head.source_bytes;
    state->answer[0] = head.answer[0];
    state->answer[1] = head.answer[1];
    oracle->count = (size_t)head.count;
    for (size_t i = 0; i < oracle->count; i++, from += 8) {
        struct oracle_block *block = &oracle->live[i];
        uint64_t word;

        memcpy(&word, from, sizeof word);
        block->offset = (polished_size)(word >> 32);
        block->usable_bytes = (polished_size)(word >> 8 & 0xffffff);
        block->owner = word & 0xff;
        block->size_bytes = block->usable_bytes;
        block->align_bytes = state_align(oracle, block->offset);
        /* How it came to be is forgotten: any way may have been the one. */
        block->widest_bytes = (polished_size)1 << 31;
        block->reserved_bytes = block->usable_bytes;
    }
    return from;
}

void state_again(struct state *state, const unsigned char *from)
{
    state_load_model(state, from);
    oracle_restore(&state->oracle, &state->kept);
    state->oracle.heap.owner = 0;
}

/* What lies in data where that is no part of the state. */
static void state_paint(const struct state *state, unsigned char *data)
{
    const struct oracle *oracle = &state->oracle;
    size_t size_bytes = (size_t)state->kept.heaps[0].data.size_bytes;

    memcpy(data, oracle->pattern, size_bytes);
    memset(data + size_bytes, ORACLE_MARGIN,
           (size_t)oracle->data_bytes - size_bytes);
}

void state_load(struct state *state, const unsigned char *from)
{
    struct oracle *oracle = &state->oracle;
    unsigned char *to = state->kept.bytes;

    from = state_load_model(state, from);
    memcpy(to, from, (size_t)oracle->heap.control_bytes);
    from += state->own_bytes;
    to += oracle->heap.control_bytes;
    if (oracle->source.ops)
        memcpy(to, from, (size_t)oracle->source.control_bytes);
    from += state->source_bytes;
    to += oracle->source.control_bytes;
    if (state->has_data)
        memcpy(to, from, (size_t)oracle->data_bytes);
    else
        state_paint(state, to);
    oracle_restore(oracle, &state->kept);
    oracle->heap.owner = 0;
}

bool state_is_intact(const struct state *state)
{
    const struct oracle *oracle = &state->oracle;

    for (size_t i = 0; i < oracle->count; i++) {
        const struct oracle_block *block = &oracle->live[i];

        if (memcmp(oracle->data + block->offset,
                   oracle->pattern + block->offset,
                   (size_t)block->usable_bytes) != 0)
            return false;
    }
    return true;
}
