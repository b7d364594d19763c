/*
 * sim/ledger.h - slot -> block: what the trace believes is alive.
 */
#ifndef SIM_LEDGER_H
#define SIM_LEDGER_H

#include <stdbool.h>
#include <stdint.h>

enum sim_state {
    SIM_DEAD,
    SIM_ALIVE,
    SIM_REFUSED /* its alloc failed, or a misuse spoilt it: its events are
                   skipped until its free */
};

struct sim_block {
    uint64_t offset_bytes;
    uint64_t size_bytes;   /* asked for */
    uint64_t usable_bytes; /* given */
    uint64_t align_bytes;
    uint64_t birth; /* the event that allocated it, from 1 */
    uint32_t owner; /* of policies that know owners */
    uint8_t state;  /* enum sim_state */
};

struct sim_ledger {
    struct sim_block *blocks; /* by slot */
    uint64_t capacity;
};

/* false: out of memory. */
bool sim_ledger_init(struct sim_ledger *ledger, uint64_t slots);

/* Make room for a slot that lies beyond.  false: out of memory. */
bool sim_ledger_grow(struct sim_ledger *ledger, uint64_t slot);

/* The same for any slot. */
static inline bool sim_ledger_reach(struct sim_ledger *ledger, uint64_t slot)
{
    return slot < ledger->capacity || sim_ledger_grow(ledger, slot);
}

/* What policies are asked for: a request of 0 bytes is replayed as 1. */
static inline uint64_t sim_asked(uint64_t size_bytes)
{
    return size_bytes + (size_bytes == 0);
}

#endif
