/*
 * search/program.h - a short program that makes a long trace, by what it meets.
 *
 * A record allocates or frees many blocks at once, those to free chosen by
 * their addresses.  So a few records change a whole heap, whatever policy has
 * laid it out, and every sequence of records means something.
 */
#ifndef SEARCH_PROGRAM_H
#define SEARCH_PROGRAM_H

#include "sim/arena.h"

enum search_macro {
    SEARCH_ALLOC,      /* one block of size */
    SEARCH_RUN,        /* count blocks of size, 0: while there is room */
    SEARCH_FREE,       /* the block number "which" by address, modulo all */
    SEARCH_FREE_EVERY, /* each count-th by address, from "which" on */
    SEARCH_KEEP_EVERY, /* all but those */
    SEARCH_FREE_SIZE,  /* all of this size */
    SEARCH_SIEVE,      /* all but those that cover the addresses which are the
                          better one of two residues modulo size, a power of
                          two (search/generate_sieve.c) */
    SEARCH_MACROS
};

struct search_record {
    uint32_t which;
    uint16_t count, size; /* units, 1 ... largest */
    uint8_t macro;        /* enum search_macro */
};

struct search_program {
    struct search_record *records;
    size_t count, room;
};

bool search_program_add(struct search_program *program,
                        struct search_record record);
bool search_program_copy(struct search_program *to,
                         const struct search_program *from);
void search_program_free(struct search_program *program);

/* What is played; a block takes size * unit_bytes of the heap, as it asks for
   header_bytes less. */
struct search_rules {
    const struct sim_spec *spec;
    uint64_t unit_bytes, header_bytes;
    uint64_t live, largest; /* units: at most alive, of a block */
    bool ends;              /* with the first request that is refused */
};

struct search_live {
    uint64_t offset_bytes;
    uint64_t size; /* units */
    uint64_t id;
};

struct search_player {
    struct search_rules rules;
    struct sim_memory memory;
    struct sim_arena arena;
    unsigned char *base; /* of the memory */
    uint64_t mapped_bytes;
    struct search_live *blocks; /* by address */
    uint64_t count, live;
    uint64_t residue; /* of the last sieve */
    uint64_t next_id;
    bool short_of_memory;

    /* Called with every event, if not NULL; size 0: a free. */
    void (*watch)(struct search_player *player, uint64_t id, uint64_t size);
    void *context;

    /* What came of it: */
    bool failed;          /* a request was refused */
    uint64_t data_bytes;  /* of the heap, its control not counted */
    uint64_t reach_bytes; /* the highest end of a block */
    uint64_t events;      /* of all plays */
    uint64_t most_steps;  /* of one event */
};

/* false: out of memory. */
bool search_player_begin(struct search_player *player,
                         const struct search_rules *rules);
void search_player_end(struct search_player *player);

/* In so much memory.  false: there is no heap in it. */
bool search_player_play(struct search_player *player,
                        const struct search_program *program, uint64_t bytes);

/* By hand, after a play of nothing: false if it was refused. */
bool search_player_alloc(struct search_player *player, uint64_t size);
void search_player_free(struct search_player *player, uint64_t index);

#endif
