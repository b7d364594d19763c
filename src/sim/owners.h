/*
 * sim/owners.h - the heaps of a trace, which have any numbers, as owners,
 * whose numbers are dense; and what each left behind at its destroy.
 */
#ifndef SIM_OWNERS_H
#define SIM_OWNERS_H

#include <stdbool.h>
#include <stddef.h>

#include "polished/heap.h"
#include "sim/result.h"
#include "trace/idmap.h"

/* All zero: none yet. */
struct sim_owners {
    struct idmap numbers; /* heap -> owner */
    uint32_t *spares;     /* owners that were destroyed */
    size_t spare_count, spare_room;
    uint32_t next; /* the least owner that never was, less one */
};

/* The owner for a heap; heap 0 is owner 0.  UINT32_MAX: no memory. */
uint32_t sim_owner(struct sim_owners *owners, uint64_t heap);

/* Write down what an owner has, before it is destroyed. */
void sim_owner_report(struct sim_policy *out, struct polished_heap *heap,
                      uint64_t number, uint64_t event);

/* The heap is no more: its owner's number goes to another. */
void sim_owner_end(struct sim_owners *owners, uint64_t heap);

void sim_owners_free(struct sim_owners *owners);

#endif
