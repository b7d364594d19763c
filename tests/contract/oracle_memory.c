#define _POSIX_C_SOURCE 200809L
/* oracle_memory.c - the memory of a heap: made, kept, put back, compared. */
#include "guard.h"
#include "oracle_memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ORACLE_PAGE ((size_t)4096)

static void oracle_print_and_abort(const char *message)
{
    fprintf(stderr, "%s\n", message);
    abort();
}

void (*oracle_fail)(const char *message) = oracle_print_and_abort;

/* One character for each block of a walk, for messages. */
struct oracle_picture {
    char text[120];
    size_t length;
};

static int oracle_draw(void *context, const struct polished_block *block)
{
    static const char kinds[] = ".#-o";
    struct oracle_picture *picture = context;

    if (picture->length + 16 > sizeof picture->text)
        return 1;
    picture->length += (size_t)snprintf(picture->text + picture->length, 16,
                                        "%c%llu ", kinds[block->kind],
                                        (unsigned long long)block->size_bytes);
    return 0;
}

void oracle_broken(const struct oracle *oracle, const char *file, int line,
                   const char *what)
{
    struct oracle_picture picture = {.text = ""};
    char message[512];

    polished_walk(&oracle->heap, oracle_draw, &picture);
    snprintf(message, sizeof message,
             "%s:%d: %s: broken: %s\n  heap (# used, . free, - own): %s", file,
             line, oracle->name, what, picture.text);
    oracle_fail(message);
}

/* Memory of exactly this size whose address agrees with bus_base. */
static unsigned char *oracle_map(struct oracle *oracle, polished_size bytes,
                                 uint64_t bus_base)
{
    size_t shift = (size_t)(bus_base % ORACLE_PAGE);
    void *raw = NULL;

    if (posix_memalign(&raw, ORACLE_PAGE, shift + (size_t)bytes + 1) != 0)
        abort();
    oracle->raw = raw;
    memset(oracle->raw, ORACLE_MARGIN, shift + (size_t)bytes + 1);
    return oracle->raw + shift;
}

/* No two places look alike.  No byte is small: taken for a size, such bytes
   reach past any data, so no head is forged by chance. */
static void oracle_paint(struct oracle *oracle)
{
    size_t words = (size_t)oracle->data_bytes / 8 + 1;

    oracle->pattern = malloc(words * 8);
    if (!oracle->pattern)
        abort();
    for (size_t i = 0; i < words; i++) {
        uint64_t word = ((uint64_t)i + 1) * UINT64_C(0x9e3779b97f4a7c15) |
                        UINT64_C(0x8080808080808080);

        memcpy(oracle->pattern + 8 * i, &word, 8);
    }
}

/* Behind control nobody may read: where nobody watches, what lies there leads
   astray whoever believes it. */
static size_t oracle_tail_bytes(void)
{
    return guard_watches() ? 1 : 64;
}

/* Make one heap of the plan; its control has exactly the size it needs. */
static enum polished_status oracle_make(struct oracle *oracle,
                                        const struct oracle_plan *plan,
                                        int which, struct polished_region data)
{
    const struct polished_ops *ops = which ? plan->source_ops : plan->ops;
    const polished_size *knobs = which ? plan->source_knobs : plan->knobs;
    struct polished_heap *heap = which ? &oracle->source : &oracle->heap;
    polished_size values[POLISHED_KNOBS] = {0};
    struct polished_setup setup = {.ops = ops, .data = data, .knobs = knobs};
    size_t bytes;

    for (int i = 0; ops->knobs && ops->knobs[i].name; i++)
        values[i] = knobs ? knobs[i] : ops->knobs[i].usual;
    setup.control_bytes = ops->control_bytes(values, oracle->data_bytes);
    /* 0 would be taken for "as much as data needs now". */
    if (setup.control_bytes == 0)
        return POLISHED_LIMIT;
    bytes = (size_t)setup.control_bytes + oracle_tail_bytes();
    setup.control = malloc(bytes);
    setup.source = !which && oracle->source.ops ? &oracle->source : NULL;
    memset(setup.control, plan->dirt ? plan->dirt : 0xa5, bytes);
    oracle->controls[which] = setup.control;
    return polished_init(heap, &setup);
}

enum polished_status oracle_open(struct oracle *oracle,
                                 const struct oracle_plan *plan)
{
    uint64_t bus_base = plan->bus_base ? plan->bus_base : UINT64_C(1) << 20;
    struct polished_region data = {NULL, plan->size_bytes, bus_base};
    enum polished_status status = POLISHED_OK;

    memset(oracle, 0, offsetof(struct oracle, order));
    oracle->name = plan->ops->name;
    oracle->caps = caps_of(plan->ops);
    oracle->data_bytes = plan->size_bytes + plan->more_bytes;
    oracle->data = oracle_map(oracle, oracle->data_bytes, bus_base);
    data.base = oracle->data;
    oracle_paint(oracle);
    if (plan->source_ops)
        status = oracle_make(oracle, plan, 1, data);
    if (status == POLISHED_OK)
        status = oracle_make(oracle, plan, 0, data);
    if (status != POLISHED_OK)
        oracle_close(oracle);
    else
        oracle_inspect(oracle);
    return status;
}

void oracle_close(struct oracle *oracle)
{
    free(oracle->before.bytes);
    free(oracle->controls[0]);
    free(oracle->controls[1]);
    free(oracle->pattern);
    free(oracle->raw);
    memset(oracle, 0, offsetof(struct oracle, order));
}

static size_t oracle_control_bytes(const struct oracle *oracle)
{
    return (size_t)(oracle->heap.control_bytes + oracle->source.control_bytes);
}

void oracle_save(struct oracle *oracle, struct oracle_snapshot *snapshot)
{
    size_t own_bytes = (size_t)oracle->heap.control_bytes;
    size_t control_bytes = oracle_control_bytes(oracle);

    if (!snapshot->bytes)
        snapshot->bytes = malloc(control_bytes + (size_t)oracle->data_bytes);
    if (!snapshot->bytes)
        abort();
    snapshot->heaps[0] = oracle->heap;
    snapshot->heaps[1] = oracle->source;
    memcpy(snapshot->bytes, oracle->heap.control, own_bytes);
    if (oracle->source.ops)
        memcpy(snapshot->bytes + own_bytes, oracle->source.control,
               control_bytes - own_bytes);
    memcpy(snapshot->bytes + control_bytes, oracle->data,
           (size_t)oracle->heap.data.size_bytes);
}

void oracle_restore(struct oracle *oracle,
                    const struct oracle_snapshot *snapshot)
{
    size_t own_bytes = (size_t)oracle->heap.control_bytes;
    size_t control_bytes = oracle_control_bytes(oracle);
    size_t size_bytes = (size_t)snapshot->heaps[0].data.size_bytes;

    oracle_show(oracle); /* a call that was left by a jump has hidden it */
    oracle->heap = snapshot->heaps[0];
    oracle->source = snapshot->heaps[1];
    memcpy(oracle->heap.control, snapshot->bytes, own_bytes);
    if (oracle->source.ops)
        memcpy(oracle->source.control, snapshot->bytes + own_bytes,
               control_bytes - own_bytes);
    memcpy(oracle->data, snapshot->bytes + control_bytes, size_bytes);
    memset(oracle->data + size_bytes, ORACLE_MARGIN,
           (size_t)oracle->data_bytes - size_bytes);
    oracle_changed(oracle);
    oracle_order_forget(oracle);
}

/* Two heaps that differ in their steps at most. */
static bool oracle_is_same_heap(const struct polished_heap *a,
                                const struct polished_heap *b)
{
    return a->ops == b->ops && a->control == b->control &&
           a->data.base == b->data.base &&
           a->data.size_bytes == b->data.size_bytes &&
           a->data.bus_base == b->data.bus_base && a->source == b->source &&
           a->owner == b->owner && a->slack_bytes == b->slack_bytes;
}

void oracle_expect_same(struct oracle *oracle,
                        const struct oracle_snapshot *snapshot)
{
    size_t own_bytes = (size_t)oracle->heap.control_bytes;
    size_t control_bytes = oracle_control_bytes(oracle);

    ORACLE_EXPECT(oracle,
                  oracle_is_same_heap(&oracle->heap, &snapshot->heaps[0]));
    ORACLE_EXPECT(oracle,
                  oracle_is_same_heap(&oracle->source, &snapshot->heaps[1]));
    ORACLE_EXPECT(
        oracle, memcmp(oracle->heap.control, snapshot->bytes, own_bytes) == 0);
    if (oracle->source.ops)
        ORACLE_EXPECT(oracle, memcmp(oracle->source.control,
                                     snapshot->bytes + own_bytes,
                                     control_bytes - own_bytes) == 0);
    oracle_expect_untouched(oracle, snapshot);
}

void oracle_expect_untouched(struct oracle *oracle,
                             const struct oracle_snapshot *snapshot)
{
    polished_size size_bytes = snapshot->heaps[0].data.size_bytes;

    ORACLE_EXPECT(oracle, memcmp(oracle->data,
                                 snapshot->bytes + oracle_control_bytes(oracle),
                                 (size_t)size_bytes) == 0);
    oracle_expect_margin(oracle, size_bytes);
}

void oracle_expect_margin(const struct oracle *oracle, polished_size from)
{
    const unsigned char *margin = oracle->data + from;

    /* The first is right, and each is as the one before it. */
    ORACLE_EXPECT(oracle, margin[0] == ORACLE_MARGIN);
    ORACLE_EXPECT(oracle, memcmp(margin, margin + 1,
                                 (size_t)(oracle->data_bytes - from)) == 0);
}
