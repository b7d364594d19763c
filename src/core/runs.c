/* runs.c - making and changing the tree of runs.h. */
#include "core/runs.h"

#include "core/arith.h"
#include "core/bits.h"
#include "core/count.h"

static uint64_t runs_ceil(uint64_t value, uint64_t divisor)
{
    return (value + divisor - 1) / divisor;
}

/* Say where the nodes of each level begin, and return how many there are. */
static uint64_t runs_lay(struct runs *runs, uint64_t units)
{
    uint64_t nodes = runs_ceil(units, RUNS_LEAF);
    uint64_t total = 0;

    for (runs->top = 0; nodes > 1; runs->top++) {
        runs->levels[runs->top] = (uint32_t)total;
        nodes = runs_ceil(nodes, RUNS_FAN); /* of the level above */
        total += nodes * RUNS_FAN;
    }
    runs->levels[runs->top] = (uint32_t)total;
    return total + 1;
}

polished_size runs_bytes(uint64_t units)
{
    struct runs runs;
    uint64_t words, bytes;

    if (units > RUNS_SPAN)
        return 0;
    words = runs_ceil(units, RUNS_WORD_BITS);
    bytes = words * sizeof(struct runs_word) +
            runs_lay(&runs, units) * sizeof(struct runs_node);
    POLISHED_ASSERT(bytes <= UINT32_MAX); /* the most units need 1.2 GiB */
    return (polished_size)bytes;
}

/* How many words with their nodes so many bytes can hold. */
static uint64_t runs_words(polished_size bytes)
{
    uint64_t least = 0, most = RUNS_SPAN / RUNS_WORD_BITS;

    while (least < most) {
        uint64_t words = most - (most - least) / 2;

        if (runs_bytes(words * RUNS_WORD_BITS) <= bytes)
            least = words;
        else
            most = words - 1;
    }
    return least;
}

void runs_init(struct runs *runs, void *memory, polished_size bytes)
{
    uint64_t words = runs_words(bytes);

    runs->capacity = words * RUNS_WORD_BITS;
    runs->words = memory;
    runs->nodes = (struct runs_node *)(runs->words + words);
    runs_lay(runs, runs->capacity);
}

/* How long the longest run of ones is, if longer than `least`. */
static uint64_t runs_longest_in(uint64_t ones, uint64_t least)
{
    uint64_t length = 1;

    if (least >= RUNS_WORD_BITS)
        return least;
    while (length <= least) {
        uint64_t more = runs_min(least + 1 - length, length);

        ones &= ones >> more;
        length += more;
    }
    if (ones == 0)
        return least;
    while ((ones &= ones >> 1) != 0)
        length++;
    return length;
}

/* 1 + log2 of the longest run of ones that is as aligned as it is long; not all
   are ones. */
static uint32_t runs_wide(uint64_t ones)
{
    static const uint64_t aligned[] = {
        UINT64_C(0x5555555555555555), UINT64_C(0x1111111111111111),
        UINT64_C(0x0101010101010101), UINT64_C(0x0001000100010001),
        UINT64_C(0x0000000100000001), 1};
    uint32_t wide = 0;

    POLISHED_ASSERT(ones != UINT64_MAX);
    for (; ones != 0; wide++)
        ones &= ones >> (1u << wide) & aligned[wide];
    return wide;
}

/* Free runs while they are met from left to right. */
struct runs_tally {
    struct runs_node node;
    uint64_t open;  /* the free run that reaches to here */
    bool is_broken; /* something was not free */
};

/* Add what begins and ends with free runs that something separates. */
static void runs_add(struct runs_tally *tally, uint64_t first, uint64_t longest,
                     uint64_t last)
{
    tally->open += first;
    if (!tally->is_broken)
        tally->node.first = (uint32_t)tally->open;
    if (tally->open > tally->node.longest)
        tally->node.longest = (uint32_t)tally->open;
    if (longest > tally->node.longest)
        tally->node.longest = (uint32_t)longest;
    tally->open = last;
    tally->is_broken = true;
}

static void runs_widen(struct runs_tally *tally, uint32_t wide)
{
    if (wide > tally->node.wide)
        tally->node.wide = (uint16_t)wide;
}

/* What is free of parts of 2^log2 units each, whose bits are set. */
static void runs_widen_parts(struct runs_tally *tally, uint64_t parts,
                             uint32_t log2)
{
    if (parts != 0)
        runs_widen(tally, log2 + runs_wide(parts));
}

/* The node, if all in it was added; is it inside of a block throughout? */
static struct runs_node runs_sum(struct runs_tally *tally, bool is_inside)
{
    if (!tally->is_broken)
        return (struct runs_node){.kind = RUNS_FREE};
    if (is_inside)
        return (struct runs_node){.kind = RUNS_INSIDE};
    tally->node.last = (uint32_t)tally->open;
    if (tally->open > tally->node.longest)
        tally->node.longest = (uint32_t)tally->open;
    return tally->node;
}

struct runs_node runs_sum_leaf(struct polished_heap *heap, uint64_t leaf)
{
    const struct runs *runs = runs_of(heap);
    struct runs_tally tally = {.open = 0};
    uint64_t borders = 0, wholes = 0;
    uint64_t word = leaf * RUNS_LEAF_WORDS;
    uint64_t end = word + RUNS_LEAF_WORDS;

    for (; word < end && word * RUNS_WORD_BITS < runs->capacity; word++) {
        uint64_t used = runs->words[word].used;
        uint64_t free = ~used & RUNS_FULL;

        POLISHED_STEP(heap);
        borders |= free | runs->words[word].start;
        if (used == 0) {
            tally.open += RUNS_WORD_BITS;
            wholes |= UINT64_C(1) << word % RUNS_LEAF_WORDS;
            continue;
        }
        runs_widen(&tally, runs_wide(free));
        runs_add(&tally, bits_lowest(used),
                 free == 0 ? 0 : runs_longest_in(free, tally.node.longest),
                 RUNS_WORD_BITS - 1 - bits_highest(used));
    }
    if (word < end) /* what does not exist is not free */
        runs_add(&tally, 0, 0, 0);
    runs_widen_parts(&tally, wholes, bits_highest(RUNS_WORD_BITS));
    return runs_sum(&tally, borders == 0);
}

struct runs_node runs_sum_node(struct polished_heap *heap,
                               struct runs_place place)
{
    const struct runs_node *child =
        runs_node(runs_of(heap), runs_child(place, 0));
    struct runs_tally tally = {.open = 0};
    uint64_t cover = runs_cover(place.level - 1), wholes = 0;
    bool is_inside = true;

    for (uint32_t i = 0; i < RUNS_FAN; i++, child++) {
        POLISHED_STEP(heap);
        is_inside = is_inside && child->kind == RUNS_INSIDE;
        if (child->kind == RUNS_FREE) {
            tally.open += cover;
            wholes |= UINT64_C(1) << i;
            continue;
        }
        runs_widen(&tally, child->wide);
        runs_add(&tally, child->first, child->longest, child->last);
    }
    runs_widen_parts(&tally, wholes, bits_highest(cover));
    return runs_sum(&tally, is_inside);
}

/* Make what lies on the way from the root to this node valid. */
static void runs_open(struct polished_heap *heap, struct runs_place place)
{
    const struct runs *runs = runs_of(heap);

    for (uint32_t level = runs->top; level > place.level; level--) {
        struct runs_place above = {
            level, place.index >> (RUNS_FAN_LOG2 * (level - place.level))};
        uint32_t kind = runs_node(runs, above)->kind;
        struct runs_node *child = runs_node(runs, runs_child(above, 0));

        POLISHED_STEP(heap);
        for (uint32_t i = 0; kind != RUNS_MIXED && i < RUNS_FAN; i++)
            child[i] = (struct runs_node){.kind = (uint16_t)kind};
    }
}

/* Say something new of a node, and of those above it that this changes. */
static void runs_close(struct polished_heap *heap, struct runs_place place,
                       struct runs_node fresh)
{
    const struct runs *runs = runs_of(heap);

    for (;;) {
        struct runs_node *node = runs_node(runs, place);

        POLISHED_STEP(heap);
        if (runs_is_same(node, &fresh))
            return;
        *node = fresh;
        if (place.level == runs->top)
            return;
        place.index >>= RUNS_FAN_LOG2;
        place.level++;
        fresh = runs_sum_node(heap, place);
    }
}

/* The words of a leaf of which nothing below was valid. */
static void runs_fill(const struct runs *runs, uint64_t leaf, uint32_t kind)
{
    uint64_t word = leaf * RUNS_LEAF_WORDS;

    for (uint64_t end = word + RUNS_LEAF_WORDS;
         word < end && word * RUNS_WORD_BITS < runs->capacity; word++)
        runs->words[word] =
            (struct runs_word){.used = kind == RUNS_FREE ? 0 : RUNS_FULL};
}

/* Make [from, to), a part of one leaf, free or the inside of a block that
   may begin here. */
static void runs_write(struct polished_heap *heap, uint64_t from, uint64_t to,
                       enum runs_kind kind, bool starts)
{
    const struct runs *runs = runs_of(heap);
    struct runs_place leaf = {0, from / RUNS_LEAF};
    struct runs_word *word = &runs->words[from / RUNS_WORD_BITS];
    uint64_t start = starts ? UINT64_C(1) << from % RUNS_WORD_BITS : 0;

    runs_open(heap, leaf);
    if (runs_node(runs, leaf)->kind != RUNS_MIXED)
        runs_fill(runs, leaf.index, runs_node(runs, leaf)->kind);
    word->start |= start;
    for (; from < to; word++) {
        uint64_t count =
            runs_min(to - from, RUNS_WORD_BITS - from % RUNS_WORD_BITS);
        uint64_t ones = UINT64_MAX >> (64 - count) << from % RUNS_WORD_BITS;

        POLISHED_STEP(heap);
        word->used = kind == RUNS_FREE ? word->used & ~ones : word->used | ones;
        word->start &= kind == RUNS_FREE ? ~ones : UINT64_MAX;
        from += count;
    }
    runs_close(heap, leaf, runs_sum_leaf(heap, leaf.index));
}

/* The end of the leaf that holds a unit, or `to` if that comes first. */
static uint64_t runs_leaf_end(uint64_t unit, uint64_t to)
{
    return runs_min(to, unit - unit % RUNS_LEAF + RUNS_LEAF);
}

/* Make [from, to) free or the inside of a block, by nodes as large as can be.
 */
static void runs_assign(struct polished_heap *heap, uint64_t from, uint64_t to,
                        enum runs_kind kind)
{
    while (from < to) {
        struct runs_place place = {.level = 0};

        if (from % RUNS_LEAF != 0 || to - from < RUNS_LEAF) {
            uint64_t end = runs_leaf_end(from, to);

            runs_write(heap, from, end, kind, false);
            from = end;
            continue;
        }
        while (from % runs_cover(place.level + 1) == 0 &&
               to - from >= runs_cover(place.level + 1))
            place.level++; /* the root covers all there is */
        place.index = from / runs_cover(place.level);
        runs_open(heap, place);
        runs_close(heap, place, (struct runs_node){.kind = (uint16_t)kind});
        from += runs_cover(place.level);
    }
}

void runs_give(struct polished_heap *heap, uint64_t from, uint64_t to)
{
    runs_assign(heap, from, to, RUNS_FREE);
}

void runs_lengthen(struct polished_heap *heap, uint64_t from, uint64_t to)
{
    runs_assign(heap, from, to, RUNS_INSIDE);
}

void runs_take(struct polished_heap *heap, uint64_t from, uint64_t to)
{
    uint64_t end = runs_leaf_end(from, to);

    runs_write(heap, from, end, RUNS_INSIDE, true);
    runs_assign(heap, end, to, RUNS_INSIDE);
}

void runs_extend(struct polished_heap *heap, uint64_t old_units, uint64_t units)
{
    uint64_t capacity = runs_of(heap)->capacity;

    runs_give(heap, old_units, capacity);
    if (units < capacity)
        runs_take(heap, units, capacity);
}

void runs_clear(struct polished_heap *heap, uint64_t units)
{
    struct runs *runs = runs_of(heap);

    runs->nodes[runs->levels[runs->top]] =
        (struct runs_node){.kind = RUNS_INSIDE};
    runs_extend(heap, 0, units);
}
