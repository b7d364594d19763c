/* visited.c - see visited.h: an open hash table, never more than half full. */
#include "visited.h"

#include <stdlib.h>
#include <string.h>

static void *visited_allocate(void *old, size_t count, size_t size)
{
    void *fresh = realloc(old, count * size);

    if (!fresh)
        abort();
    return fresh;
}

static void visited_clear_slots(struct visited *visited)
{
    free(visited->slots);
    visited->slots = calloc(visited->slot_count, sizeof *visited->slots);
    if (!visited->slots)
        abort();
}

void visited_open(struct visited *visited)
{
    *visited = (struct visited){.room = 1 << 12, .slot_count = 1 << 14};
    visited->states =
        visited_allocate(NULL, visited->room, sizeof *visited->states);
    visited_clear_slots(visited);
}

void visited_close(struct visited *visited)
{
    free(visited->states);
    free(visited->slots);
}

/* The finaliser of MurmurHash3 (Appleby), which is one-to-one. */
static uint64_t visited_mix(uint64_t word)
{
    word = (word ^ word >> 33) * UINT64_C(0xff51afd7ed558ccd);
    word = (word ^ word >> 33) * UINT64_C(0xc4ceb9fe1a85ec53);
    return word ^ word >> 33;
}

void visited_hash(const void *bytes, size_t size, uint64_t hash[2])
{
    const unsigned char *at = bytes;
    uint64_t a = size, b = ~(uint64_t)size, word;

    for (size_t i = 0; i < size; i += sizeof word) {
        memcpy(&word, at + i, sizeof word);
        a = (a ^ word) * UINT64_C(0x9e3779b97f4a7c15);
        a ^= a >> 32;
        b = (b + word) * UINT64_C(0xc2b2ae3d27d4eb4f);
        b ^= b >> 29;
    }
    hash[0] = visited_mix(a);
    hash[1] = visited_mix(b + a);
}

/* The slot of a state, or the empty one where it belongs. */
static size_t visited_slot(const struct visited *visited,
                           const uint64_t hash[2])
{
    size_t slot = hash[0] & (visited->slot_count - 1);

    while (visited->slots[slot] != 0 &&
           memcmp(visited->states[visited->slots[slot] - 1].hash, hash,
                  2 * sizeof hash[0]) != 0)
        slot = (slot + 1) & (visited->slot_count - 1);
    return slot;
}

static void visited_grow(struct visited *visited)
{
    visited->room *= 2;
    visited->states = visited_allocate(visited->states, visited->room,
                                       sizeof *visited->states);
    visited->slot_count *= 2;
    visited_clear_slots(visited);
    for (size_t i = 0; i < visited->count; i++)
        visited->slots[visited_slot(visited, visited->states[i].hash)] =
            (uint32_t)i + 1;
}

bool visited_add(struct visited *visited, const struct visited_state *state)
{
    size_t slot = visited_slot(visited, state->hash);

    if (visited->slots[slot] != 0)
        return false;
    if (visited->count == visited->room) {
        visited_grow(visited);
        slot = visited_slot(visited, state->hash);
    }
    visited->states[visited->count++] = *state;
    visited->slots[slot] = (uint32_t)visited->count;
    return true;
}
