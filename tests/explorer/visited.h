/*
 * explorer/visited.h - the states that were seen, each by 128 bits of its
 * bytes, and how it was reached first.
 */
#ifndef EXPLORER_VISITED_H
#define EXPLORER_VISITED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct visited_state {
    uint64_t hash[2];
    uint32_t parent; /* from which state, */
    uint32_t move;   /* and by which of its moves */
};

struct visited {
    struct visited_state *states;
    uint32_t *slots; /* 0: empty, else a state and 1 */
    size_t count, room, slot_count;
};

void visited_open(struct visited *visited);
void visited_close(struct visited *visited);

/* Two hashes of these bytes, a multiple of 8 of them. */
void visited_hash(const void *bytes, size_t size, uint64_t hash[2]);

/* Add a state; false if it was there. */
bool visited_add(struct visited *visited, const struct visited_state *state);

#endif
