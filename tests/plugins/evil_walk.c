/* evil_walk.c - tells tales of its blocks. */
#include <stdlib.h>

#include "evil.h"

enum { GAP, ALL_FREE, KIND, CUT, ENDLESS, GIVE_UP, CRASH, STRAY };

static const struct polished_knob evil_knobs[] = {
    EVIL_KNOB("gap", "leave out 8 bytes"),
    EVIL_KNOB("free", "call live blocks free"),
    EVIL_KNOB("kind", "a block of no kind"),
    EVIL_KNOB("cut", "end before the end"),
    EVIL_KNOB("endless", "never end, whatever the visitor says"),
    EVIL_KNOB("give_up", "answer that it cannot"),
    EVIL_KNOB("crash", "end the process"),
    EVIL_KNOB("stray", "call all memory used"),
    {0}};

static enum polished_status walk_lie(const struct polished_heap *heap,
                                     polished_visit *visit, void *context)
{
    struct polished_block block = {0, heap->data.size_bytes, POLISHED_FREE};

    if (evil_does(heap, ALL_FREE))
        return visit(context, &block), POLISHED_OK;
    if (evil_does(heap, GIVE_UP))
        return POLISHED_CORRUPT;
    if (evil_does(heap, CRASH))
        abort();
    block.size_bytes =
        evil_does(heap, STRAY) ? evil_of(heap)->top_bytes : EVIL_GRAIN;
    block.kind = POLISHED_USED;
    while (visit(context, &block), evil_does(heap, ENDLESS))
        block.offset_bytes = EVIL_GRAIN;
    if (evil_does(heap, CUT))
        return POLISHED_OK;
    block.offset_bytes = block.size_bytes + (evil_does(heap, GAP) ? 8 : 0);
    block.size_bytes = heap->data.size_bytes - block.offset_bytes;
    block.kind = evil_does(heap, KIND) ? (enum polished_kind)77 : POLISHED_USED;
    visit(context, &block);
    return POLISHED_OK;
}

static enum polished_status walk_walk(const struct polished_heap *heap,
                                      polished_visit *visit, void *context)
{
    for (unsigned deed = GAP; deed <= STRAY; deed++)
        if (evil_does(heap, deed))
            return walk_lie(heap, visit, context);
    return evil_walk(heap, visit, context);
}

const struct polished_ops polished_plugin = {
    EVIL_ROW,          .caps = POLISHED_EXACT_WALK,
    .init = evil_init, .alloc = evil_alloc,
    .free = evil_free, .walk = walk_walk,
};
