#include "sim/ledger.h"

#include "sim/pages.h"

enum { LEDGER_LEAST = 1024 };

static uint64_t ledger_bytes(uint64_t slots)
{
    return slots * sizeof(struct sim_block);
}

bool sim_ledger_init(struct sim_ledger *ledger, uint64_t slots)
{
    ledger->capacity = slots < LEDGER_LEAST ? LEDGER_LEAST : slots;
    ledger->blocks = sim_pages(ledger_bytes(ledger->capacity));
    return ledger->blocks != NULL;
}

bool sim_ledger_grow(struct sim_ledger *ledger, uint64_t slot)
{
    uint64_t capacity = ledger->capacity;
    struct sim_block *grown;

    while (capacity <= slot)
        capacity *= 2;
    grown = sim_pages_grow(ledger->blocks, ledger_bytes(ledger->capacity),
                           ledger_bytes(capacity));
    if (grown == NULL)
        return false;
    ledger->blocks = grown;
    ledger->capacity = capacity;
    return true;
}
