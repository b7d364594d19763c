/* search/program.c - records on a heap, its blocks by address. */
#include "config.h"

#include "search/program.h"

#include <stdlib.h>
#include <string.h>

#include "sim/pages.h"

enum { PROGRAM_LEAST_ROOM = 16, PROGRAM_ALIGN_BYTES = 16 };

bool search_program_add(struct search_program *program,
                        struct search_record record)
{
    size_t room = program->room ? 2 * program->room : PROGRAM_LEAST_ROOM;
    struct search_record *records;

    if (program->count == program->room) {
        records = realloc(program->records, room * sizeof *records);
        if (records == NULL)
            return false;
        program->records = records;
        program->room = room;
    }
    program->records[program->count++] = record;
    return true;
}

bool search_program_copy(struct search_program *to,
                         const struct search_program *from)
{
    to->count = 0;
    for (size_t i = 0; i < from->count; i++)
        if (!search_program_add(to, from->records[i]))
            return false;
    return true;
}

void search_program_free(struct search_program *program)
{
    free(program->records);
    *program = (struct search_program){0};
}

bool search_player_begin(struct search_player *player,
                         const struct search_rules *rules)
{
    *player = (struct search_player){.rules = *rules};
    player->blocks = calloc(rules->live + 1, sizeof *player->blocks);
    return player->blocks != NULL;
}

void search_player_end(struct search_player *player)
{
    sim_pages_free(player->base, player->mapped_bytes);
    free(player->blocks);
}

static bool player_make(struct search_player *player, uint64_t bytes)
{
    struct sim_memory *memory = &player->memory;

    if (bytes > player->mapped_bytes) {
        sim_pages_free(player->base, player->mapped_bytes);
        player->mapped_bytes = 2 * bytes;
        sim_memory_plain(memory, player->mapped_bytes);
        player->base = sim_pages_at(player->mapped_bytes, memory->bus_base,
                                    memory->congruence);
        if (player->base == NULL) {
            player->mapped_bytes = 0;
            player->short_of_memory = true;
            return false;
        }
    }
    sim_memory_plain(memory, bytes);
    return sim_arena_in(&player->arena, player->rules.spec, memory,
                        player->base, 0, NULL, 0) == POLISHED_OK;
}

/* --- single events ----------------------------------------------------- */

static void player_note(struct search_player *player, uint64_t before,
                        uint64_t id, uint64_t size)
{
    uint64_t steps = polished_steps(player->arena.heap) - before;

    player->events++;
    if (steps > player->most_steps)
        player->most_steps = steps;
    if (player->watch)
        player->watch(player, id, size);
}

/* Where a block of this address belongs. */
static uint64_t player_seek(const struct search_player *player,
                            uint64_t offset_bytes)
{
    uint64_t low = 0, high = player->count;

    while (low < high) {
        uint64_t middle = low + (high - low) / 2;

        if (player->blocks[middle].offset_bytes < offset_bytes)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool search_player_alloc(struct search_player *player, uint64_t size)
{
    const struct search_rules *rules = &player->rules;
    const struct polished_request request = {size * rules->unit_bytes -
                                                 rules->header_bytes,
                                             PROGRAM_ALIGN_BYTES, 0, 0};
    uint64_t before = polished_steps(player->arena.heap), at;
    polished_size offset;
    bool given =
        polished_alloc(player->arena.heap, &request, &offset) == POLISHED_OK;

    player_note(player, before, player->next_id, size);
    player->failed = player->failed || !given;
    if (!given)
        return false;
    at = player_seek(player, offset);
    memmove(&player->blocks[at + 1], &player->blocks[at],
            (player->count++ - at) * sizeof *player->blocks);
    player->blocks[at] = (struct search_live){offset, size, player->next_id++};
    player->live += size;
    if (offset + request.size_bytes > player->reach_bytes)
        player->reach_bytes = offset + request.size_bytes;
    return true;
}

static void player_release(struct search_player *player,
                           const struct search_live *block)
{
    const struct search_rules *rules = &player->rules;
    uint64_t before = polished_steps(player->arena.heap);

    polished_free(player->arena.heap, block->offset_bytes,
                  block->size * rules->unit_bytes - rules->header_bytes);
    player->live -= block->size;
    player_note(player, before, block->id, 0);
}

void search_player_free(struct search_player *player, uint64_t index)
{
    player_release(player, &player->blocks[index]);
    memmove(&player->blocks[index], &player->blocks[index + 1],
            (--player->count - index) * sizeof *player->blocks);
}

/* --- records ----------------------------------------------------------- */

/* false: the play is over. */
static bool player_run(struct search_player *player, uint64_t size,
                       uint64_t count)
{
    for (uint64_t i = 0; count == 0 || i < count; i++) {
        if (player->live + size > player->rules.live)
            return true;
        if (!search_player_alloc(player, size))
            return !player->rules.ends;
    }
    return true;
}

/* In units; a header before the first block shifts all of them. */
static uint64_t player_address(const struct search_player *player,
                               uint64_t index)
{
    return player->blocks[index].offset_bytes / player->rules.unit_bytes;
}

static bool player_covers(const struct search_player *player, uint64_t index,
                          uint64_t residue, uint64_t modulus)
{
    return ((residue - player_address(player, index)) & (modulus - 1)) <
           player->blocks[index].size;
}

/* What the blocks that would stay keep others from using. */
static uint64_t player_worth(const struct search_player *player,
                             uint64_t residue, uint64_t modulus)
{
    uint64_t worth = 0;

    for (uint64_t i = 0; i < player->count; i++)
        if (player_covers(player, i, residue, modulus) &&
            player->blocks[i].size < modulus)
            worth += modulus - player->blocks[i].size;
    return worth;
}

static void player_residue(struct search_player *player, uint64_t modulus)
{
    uint64_t residue = player->residue & (modulus - 1);
    uint64_t other = residue ^ modulus / 2;

    if (player_worth(player, other, modulus) >
        player_worth(player, residue, modulus))
        residue = other;
    player->residue = residue;
}

static uint64_t player_power(uint64_t size)
{
    uint64_t power = 1;

    while (power < size)
        power *= 2;
    return power;
}

/* Does the record end the block of this number? */
static bool player_ends(const struct search_player *player,
                        const struct search_record *record, uint64_t index,
                        uint64_t modulus)
{
    uint64_t every = record->count ? record->count : 2;

    switch (record->macro) {
    case SEARCH_FREE_EVERY:
        return (index + record->which) % every == 0;
    case SEARCH_KEEP_EVERY:
        return (index + record->which) % every != 0;
    case SEARCH_FREE_SIZE:
        return player->blocks[index].size == record->size;
    default:
        return !player_covers(player, index, player->residue, modulus);
    }
}

static void player_sweep(struct search_player *player,
                         const struct search_record *record)
{
    uint64_t modulus = player_power(record->size), kept = 0;
    bool *ends = calloc(player->count + 1, sizeof *ends);

    if (ends == NULL) {
        player->short_of_memory = true;
        return;
    }
    if (record->macro == SEARCH_SIEVE)
        player_residue(player, modulus);
    for (uint64_t i = 0; i < player->count; i++)
        ends[i] = player_ends(player, record, i, modulus);
    for (uint64_t i = 0; i < player->count; i++) {
        struct search_live block = player->blocks[i];

        if (ends[i])
            player_release(player, &block);
        else
            player->blocks[kept++] = block;
    }
    player->count = kept;
    free(ends);
}

static bool player_apply(struct search_player *player,
                         const struct search_record *record)
{
    switch (record->macro) {
    case SEARCH_ALLOC:
        return player_run(player, record->size, 1);
    case SEARCH_RUN:
        return player_run(player, record->size, record->count);
    case SEARCH_FREE:
        if (player->count > 0)
            search_player_free(player, record->which % player->count);
        return true;
    default:
        if (player->count > 0)
            player_sweep(player, record);
        return true;
    }
}

bool search_player_play(struct search_player *player,
                        const struct search_program *program, uint64_t bytes)
{
    player->count = player->live = player->residue = 0;
    player->next_id = player->most_steps = player->reach_bytes = 0;
    player->failed = false;
    if (!player_make(player, bytes))
        return false;
    player->data_bytes = player->arena.heap->data.size_bytes;
    for (size_t i = 0; i < program->count; i++)
        if (!player_apply(player, &program->records[i]))
            break;
    return true;
}
