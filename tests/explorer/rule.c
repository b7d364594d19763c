/* rule.c - see rule.h. */
#include "rule.h"

#include <string.h>

#include "alloc/bump.h"
#include "alloc/cache.h"
#include "alloc/compact.h"
#include "alloc/frame_list.h"
#include "alloc/stack.h"
#include "alloc/thin.h"
#include "alloc/tlsf.h"

/* Numbers that are only compared with each other: how many are smaller? */
static void rule_rank(uint64_t *const *numbers, size_t count)
{
    uint64_t ranks[8];

    for (size_t i = 0; i < count; i++) {
        ranks[i] = 0;
        for (size_t j = 0; j < count; j++) {
            bool is_first = true;

            for (size_t k = 0; k < j; k++)
                is_first = is_first && *numbers[k] != *numbers[j];
            ranks[i] += is_first && *numbers[j] < *numbers[i];
        }
    }
    for (size_t i = 0; i < count; i++)
        *numbers[i] = ranks[i];
}

/* Cuts that are no more hold anything; epochs are ranks. */
static void rule_forget_bump(struct polished_heap *heap,
                             polished_size answer[2])
{
    struct bump_state *state = heap->control;
    uint64_t *epochs[BUMP_CUTS + 3] = {&state->epoch, &state->reset_epoch,
                                       &answer[1]};

    memset(&state->cuts[state->cut_count], 0,
           (BUMP_CUTS - state->cut_count) * sizeof state->cuts[0]);
    for (uint32_t i = 0; i < state->cut_count; i++)
        epochs[3 + i] = &state->cuts[i].epoch;
    rule_rank(epochs, 3 + state->cut_count);
}

static void rule_forget_stack(struct polished_heap *heap,
                              polished_size answer[2])
{
    struct stack_state *state = heap->control;
    uint64_t *epochs[] = {&state->epoch, &answer[1]};

    rule_rank(epochs, 2);
}

/* Ranges that there are not. */
static void rule_forget_virgin(struct polished_heap *heap,
                               polished_size answer[2])
{
    struct virgin *virgin = heap->control;

    (void)answer;
    memset(&virgin->ranges[virgin->range_count], 0,
           (virgin->range_most - virgin->range_count) *
               sizeof virgin->ranges[0]);
}

/* Bits and links of frames that nobody had, links of those that are out. */
static void rule_forget_frames(struct polished_heap *heap,
                               polished_size answer[2])
{
    struct frame_list_state *state = frame_list_state(heap);

    rule_forget_virgin(heap, answer);
    for (uint64_t frame = 0; frame < state->capacity; frame++) {
        bool is_fresh = frame >= state->virgin.mark;

        if (is_fresh)
            *frame_list_word(state, frame) &= ~frame_list_bit(frame);
        if (is_fresh || frame_list_is_out(state, frame))
            state->links[frame] = 0;
    }
}

/* Slots where nothing begins, with their bits, and a hot object that there is
   not. */
static void rule_forget_cache(struct polished_heap *heap,
                              polished_size answer[2])
{
    const struct cache_state *state = cache_state(heap);

    (void)answer;
    for (uint32_t slot = 0; slot < state->slot_count; slot++) {
        struct cache_slot *entry = cache_slot(heap, slot);

        if (cache_is_start(entry))
            continue;
        memset(cache_bits(heap, slot), 0, state->word_count * 8);
        *entry = (struct cache_slot){
            .next = entry->kind == CACHE_BODY ? entry->next : 0,
            .kind = entry->kind};
    }
    for (uint32_t owner = 0; owner < state->set_count; owner++) {
        struct cache_hot *hot = &cache_set(heap, owner)->hot;

        if (hot->span == 0)
            *hot = (struct cache_hot){.busy = POLISHED_NOWHERE};
    }
}

/* Links of the two blocks that are in no list: they lead to nothing. */
static void rule_forget_loose(const struct bins *bins, bins_word *links)
{
    const uint32_t loose[] = {bins->victim, bins->wild};

    for (unsigned i = 0; i < 2; i++)
        if (loose[i] != 0)
            memset(&links[loose[i]], 0xff, 2 * sizeof links[0]);
}

/* Those, and the word that is nobody's. */
static void rule_forget_thin(struct polished_heap *heap,
                             polished_size answer[2])
{
    const struct thin thin = thin_open(heap);

    (void)answer;
    rule_forget_loose(thin.bins, thin_links(&thin));
    memset(&thin_links(&thin)[1], 0xff, sizeof(bins_word));
}

/* Those, and the head of no list. */
static void rule_forget_compact(struct polished_heap *heap,
                                polished_size answer[2])
{
    const struct compact compact = compact_open(heap);

    (void)answer;
    rule_forget_loose(compact.bins, compact.links);
    bins_heads(compact.bins)[0] = UINT32_MAX;
}

/* Links of the last block, which is in no list, and of the one that is none;
   the previous link of the first block of a list. */
static void rule_forget_tlsf(struct polished_heap *heap,
                             polished_size answer[2])
{
    const struct tlsf tlsf = tlsf_open(heap);
    const uint32_t loose[] = {TLSF_NONE, tlsf.state->last};

    (void)answer;
    for (unsigned i = 0; i < 2; i++) {
        *tlsf_next(tlsf.words, loose[i]) = UINT32_MAX;
        *tlsf_previous(tlsf.words, loose[i]) = UINT32_MAX;
    }
    for (uint32_t class = 0; class < tlsf.state->class_count; class ++)
        *tlsf_previous(tlsf.words, tlsf.state->head[class]) = UINT32_MAX;
}

const struct state_rule *rule_of(const char *policy)
{
    static const struct state_rule rules[] = {
        {"bump", 0, 0, 2, "mark", rule_forget_bump},
        {"stack", 0, 0, 0, "mark", rule_forget_stack},
        {"first-fit", 16, 8, 0, NULL, NULL},
        {"next-fit", 16, 8, 0, NULL, NULL},
        {"best-fit", 16, 8, 0, NULL, NULL},
        {"worst-fit", 16, 8, 0, NULL, NULL},
        {"buddy", 8, 0, 0, NULL, NULL},
        {"half-fit", 8, 4, 0, NULL, rule_forget_tlsf},
        {"polished", 12, 4, 0, NULL, rule_forget_thin},
        {"polished-compact", 12, 4, 0, NULL, rule_forget_compact},
        {"tlsf", 8, 4, 0, NULL, rule_forget_tlsf},
        {"frame-bump", 0, 0, 2, NULL, rule_forget_virgin},
        {"frame-list", 0, 0, 0, NULL, rule_forget_frames},
        {"slab", 0, 0, 0, NULL, rule_forget_cache},
        {"user", 0, 0, 0, NULL, rule_forget_cache},
        {NULL, 32, 16, 0, NULL, NULL},
    };
    const struct state_rule *rule = rules;

    while (rule->policy && strcmp(rule->policy, policy) != 0)
        rule++;
    return rule;
}
