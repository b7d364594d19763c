/*
 * search/generate_producer_consumer.c - messages through a queue: thread 1
 * allocates them in bursts, thread 2 frees the oldest in bursts too, both as
 * long as chance and the depth of the queue allow.
 */
#include "search/generate.h"
#include "search/random.h"

enum { QUEUE_SEED, QUEUE_MESSAGES, QUEUE_DEPTH, QUEUE_LEAST, QUEUE_MOST };

static const struct search_knob queue_knobs[] = {
    [QUEUE_SEED] = {"seed", "of the chance", SEARCH_COUNT, 0, UINT64_MAX, 1},
    [QUEUE_MESSAGES] = {"messages", "how many", SEARCH_COUNT, 1, UINT64_MAX / 4,
                        10000},
    [QUEUE_DEPTH] = {"depth", "the most that wait", SEARCH_COUNT, 1, UINT32_MAX,
                     64},
    [QUEUE_LEAST] = {"least", "bytes of the smallest", SEARCH_BYTES, 1,
                     UINT32_MAX, 16},
    [QUEUE_MOST] = {"most", "bytes of the largest", SEARCH_BYTES, 1, UINT32_MAX,
                    1024},
    {.name = NULL},
};

static const char *queue_judge(const struct search_values *values)
{
    return search_judge_sizes(values->numbers[QUEUE_LEAST],
                              values->numbers[QUEUE_MOST]);
}

/* As many as chance wants, at most `most`. */
static uint64_t queue_burst(uint64_t *state, uint64_t most)
{
    return most == 0 ? 0 : search_random_from(state, 1, most);
}

static bool queue_run(struct search_emit *out,
                      const struct search_values *values)
{
    const uint64_t *numbers = values->numbers;
    uint64_t depth = numbers[QUEUE_DEPTH], all = numbers[QUEUE_MESSAGES];
    uint64_t state = numbers[QUEUE_SEED], made = 0, used = 0;
    bool good = true;

    out->has_thread = true;
    while (good && used < all) {
        uint64_t room = depth - (made - used), left = all - made;
        uint64_t burst = queue_burst(&state, room < left ? room : left);

        out->thread = 1;
        for (; good && burst > 0; burst--)
            good = search_emit_alloc(out, made++ % depth,
                                     search_random_from(&state,
                                                        numbers[QUEUE_LEAST],
                                                        numbers[QUEUE_MOST]));
        out->thread = 2;
        for (burst = queue_burst(&state, made - used); good && burst > 0;
             burst--)
            good = search_emit_free(out, used++ % depth);
    }
    return good;
}

const struct search_generator search_generator_producer_consumer = {
    .name = "producer-consumer",
    .summary = "one thread allocates, another frees the oldest",
    .knobs = queue_knobs,
    .judge = queue_judge,
    .run = queue_run,
};
