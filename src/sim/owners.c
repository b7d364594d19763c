#include "config.h"

#include "sim/owners.h"

#include <stdlib.h>

uint32_t sim_owner(struct sim_owners *owners, uint64_t heap)
{
    struct idmap_entry *entry;

    if (heap == 0)
        return 0;
    entry = trace_idmap_find(&owners->numbers, heap);
    if (entry != NULL)
        return entry->value;
    entry = trace_idmap_put(&owners->numbers, heap);
    if (entry == NULL)
        return UINT32_MAX;
    entry->value = owners->spare_count != 0
                       ? owners->spares[--owners->spare_count]
                       : ++owners->next;
    return entry->value;
}

static bool owners_reach(struct sim_owners *owners)
{
    size_t room = owners->spare_room == 0 ? 16 : 2 * owners->spare_room;
    uint32_t *spares;

    if (owners->spare_count < owners->spare_room)
        return true;
    spares = realloc(owners->spares, room * sizeof *spares);
    if (spares == NULL)
        return false;
    owners->spares = spares;
    owners->spare_room = room;
    return true;
}

void sim_owner_end(struct sim_owners *owners, uint64_t heap)
{
    struct idmap_entry *entry = trace_idmap_find(&owners->numbers, heap);

    if (entry == NULL || !owners_reach(owners))
        return;
    owners->spares[owners->spare_count++] = entry->value;
    trace_idmap_remove(&owners->numbers, entry);
}

void sim_owners_free(struct sim_owners *owners)
{
    trace_idmap_close(&owners->numbers);
    free(owners->spares);
}

void sim_owner_report(struct sim_policy *out, struct polished_heap *heap,
                      uint64_t number, uint64_t event)
{
    struct sim_heap *row = &out->heaps[out->heap_count];
    polished_size blocks = heap->owner, bytes = 0;
    polished_size held_bytes = heap->owner, empty_bytes = 0;

    if (out->heap_count == SIM_HEAPS ||
        polished_call(heap, "live", &blocks, &bytes) != POLISHED_OK ||
        polished_call(heap, "held", &held_bytes, &empty_bytes) != POLISHED_OK)
        return;
    *row = (struct sim_heap){number, event, blocks, bytes, held_bytes};
    out->heap_count++;
}
