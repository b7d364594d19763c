/* search/worst.c - evolution in lanes. */
#include "config.h"

#include "search/worst.h"

#include <string.h>

#include "search/random.h"

enum {
    WORST_GRAIN = 16,
    WORST_RECORDS = 64,    /* longer programs are not changed */
    WORST_PROBE = 1 << 12, /* units, and blocks, to look at a header */
    WORST_PROBES = 16,
    WORST_REACHES = 16,
    WORST_HEADER = 8
};

/* The least distance of two blocks, where there are some; 0: there are not. */
static uint64_t worst_apart(struct search_player *player)
{
    const struct search_program none = {0};
    uint64_t apart = UINT64_MAX, between;

    if (!search_player_play(player, &none,
                            WORST_PROBE * player->rules.unit_bytes))
        return 0;
    for (int i = 0; i < WORST_PROBES; i++)
        if (!search_player_alloc(player, 1))
            return 0;
    for (int i = 1; i < WORST_PROBES; i++) {
        between =
            player->blocks[i].offset_bytes - player->blocks[i - 1].offset_bytes;
        apart = between < apart ? between : apart;
    }
    return apart;
}

uint64_t search_worst_header(const struct sim_spec *spec, uint64_t unit_bytes)
{
    const struct search_rules rules = {
        .spec = spec, .unit_bytes = unit_bytes, .live = WORST_PROBES};
    struct search_player player;
    bool good = search_player_begin(&player, &rules);
    uint64_t *header_bytes = &player.rules.header_bytes, apart = 0;

    while (good && *header_bytes < unit_bytes) {
        apart = worst_apart(&player);
        good = apart > unit_bytes;
        *header_bytes += good ? WORST_HEADER : 0;
    }
    search_player_end(&player);
    return apart == 0 || good ? UINT64_MAX : *header_bytes;
}

/* --- how bad is it ----------------------------------------------------- */

static bool worst_spent(const struct search_worst *worst)
{
    return worst->short_of_memory || worst->player.short_of_memory ||
           worst->player.events >= worst->most_events;
}

static bool worst_fails(struct search_worst *worst,
                        const struct search_program *program, uint64_t bytes)
{
    return search_player_play(&worst->player, program, bytes) &&
           worst->player.failed;
}

/* The largest heap found to fail, from one that does.  Larger ones may fail
   where one passes, so the longest steps come first. */
static uint64_t worst_raise(struct search_worst *worst,
                            const struct search_program *program,
                            uint64_t bytes)
{
    const struct search_rules *rules = &worst->rules;
    uint64_t step = WORST_GRAIN;

    while (step < rules->live * rules->largest * rules->unit_bytes)
        step *= 2;
    for (; step >= WORST_GRAIN; step /= 2)
        if (worst_fails(worst, program, bytes + step))
            bytes += step;
    return bytes;
}

/*
 * A heap just too small for what it reaches in a large one; 0: it does not
 * fail.  Where a heap is nearly large enough a program may do what it does in
 * a large one, and something else, and pass, in smaller ones.
 */
static uint64_t worst_reach(struct search_worst *worst,
                            const struct search_program *program)
{
    const struct search_rules *rules = &worst->rules;
    uint64_t large = 4 * rules->live * rules->largest * rules->unit_bytes;
    uint64_t bytes;

    if (!search_player_play(&worst->player, program, large))
        return 0;
    bytes = large - worst->player.data_bytes + worst->player.reach_bytes;
    bytes &= -(uint64_t)WORST_GRAIN;
    for (int i = 0; i < WORST_REACHES && bytes > WORST_GRAIN; i++) {
        if (worst_fails(worst, program, bytes))
            return bytes;
        bytes -= WORST_GRAIN;
    }
    return 0;
}

/* The score, if it is no less than that of the parent; else 0. */
static uint64_t worst_score(struct search_worst *worst,
                            const struct search_program *program,
                            uint64_t parent)
{
    if (worst->steps) {
        search_player_play(&worst->player, program, worst->memory_bytes);
        return worst->player.most_steps >= parent ? worst->player.most_steps
                                                  : 0;
    }
    return worst_fails(worst, program, parent)
               ? worst_raise(worst, program, parent)
               : 0;
}

/* The score of a program that is not bred. */
static uint64_t worst_seed_score(struct search_worst *worst,
                                 const struct search_program *program,
                                 uint64_t least)
{
    uint64_t score = worst_score(worst, program, least);
    uint64_t reach = worst->steps ? 0 : worst_reach(worst, program);

    score = reach > score ? reach : score;
    return score > 0 ? score : least;
}

/* --- changes ----------------------------------------------------------- */

static uint64_t worst_random(struct search_worst *worst, uint64_t least,
                             uint64_t most)
{
    return search_random_from(&worst->seed, least, most);
}

/* Powers of two, what is next to them, and anything. */
static uint16_t worst_size(struct search_worst *worst)
{
    uint64_t largest = worst->rules.largest;
    uint64_t size = worst_random(worst, 1, largest);

    if (worst_random(worst, 0, 3) > 0) {
        while (size & (size - 1))
            size &= size - 1;
        size += worst_random(worst, 0, 7) == 0;
        size -= size > 1 && worst_random(worst, 0, 7) == 0;
    }
    return (uint16_t)(size < largest ? size : largest);
}

static uint16_t worst_count(struct search_worst *worst)
{
    switch (worst_random(worst, 0, 3)) {
    case 0:
        return 0;
    case 1:
        return (uint16_t)worst_random(worst, 1, worst->rules.live);
    default:
        return (uint16_t)worst_random(worst, 1, 8);
    }
}

static struct search_record worst_record(struct search_worst *worst)
{
    struct search_record record = {
        .macro = (uint8_t)worst_random(worst, 0, SEARCH_MACROS - 1)};

    record.which = (uint32_t)worst_random(worst, 0, worst->rules.live);
    record.count = worst_count(worst);
    record.size = worst_size(worst);
    return record;
}

static void worst_alter(struct search_worst *worst,
                        struct search_record *record)
{
    struct search_record other = worst_record(worst);

    switch (worst_random(worst, 0, 3)) {
    case 0:
        record->size = other.size;
        break;
    case 1:
        record->count = other.count;
        break;
    case 2:
        record->which = other.which;
        break;
    default:
        *record = other;
        break;
    }
}

static void worst_insert(struct search_worst *worst,
                         struct search_program *program, size_t at,
                         struct search_record record)
{
    if (program->count >= WORST_RECORDS)
        return;
    if (!search_program_add(program, record)) {
        worst->short_of_memory = true;
        return;
    }
    memmove(&program->records[at + 1], &program->records[at],
            (program->count - 1 - at) * sizeof record);
    program->records[at] = record;
}

static void worst_remove(struct search_program *program, size_t at)
{
    memmove(&program->records[at], &program->records[at + 1],
            (--program->count - at) * sizeof *program->records);
}

static void worst_mutate(struct search_worst *worst,
                         struct search_program *program)
{
    size_t at = (size_t)worst_random(worst, 0, program->count);
    size_t from;

    if (at == program->count || program->count == 0) {
        worst_insert(worst, program, at, worst_record(worst));
        return;
    }
    from = (size_t)worst_random(worst, 0, program->count - 1);
    switch (worst_random(worst, 0, 5)) {
    case 0:
        worst_insert(worst, program, at, worst_record(worst));
        break;
    case 1:
        worst_remove(program, at);
        break;
    case 2:
        worst_insert(worst, program, at, program->records[from]);
        break;
    default:
        worst_alter(worst, &program->records[at]);
        break;
    }
}

/* The beginning of one, then the end of the other. */
static void worst_cross(struct search_worst *worst,
                        struct search_program *program,
                        const struct search_program *other)
{
    size_t kept = (size_t)worst_random(worst, 0, program->count);
    size_t from = (size_t)worst_random(worst, 0, other->count);

    program->count = kept;
    for (size_t i = from; i < other->count && program->count < WORST_RECORDS;
         i++)
        if (!search_program_add(program, other->records[i])) {
            worst->short_of_memory = true;
            return;
        }
}

/* --- lanes ------------------------------------------------------------- */

static void worst_keep(struct search_worst *worst, struct search_lane *lane,
                       const struct search_program *program, uint64_t score)
{
    if (!search_program_copy(&lane->program, program))
        worst->short_of_memory = true;
    lane->score = score;
    if (lane != &worst->best && score > worst->best.score)
        worst_keep(worst, &worst->best, program, score);
}

/* Where to start: memory for what is alive is never enough to fail in, if
   nothing is wasted. */
static uint64_t worst_least(const struct search_worst *worst)
{
    return worst->steps ? 1
                        : (worst->rules.live * worst->rules.unit_bytes / 4 +
                           worst->rules.largest * worst->rules.unit_bytes) &
                              -(uint64_t)WORST_GRAIN;
}

static void worst_begin(struct search_worst *worst)
{
    struct search_program program = {0};
    size_t number = 0;

    for (; !worst_spent(worst) && search_worst_seed(worst, number, &program);
         number++) {
        struct search_lane *lane = &worst->lanes[number % SEARCH_LANES];
        uint64_t score = worst_seed_score(worst, &program, worst_least(worst));

        if (number == SEARCH_SEED_SIEVE)
            worst->sieve_score = score;
        worst_keep(worst, lane, &program, score);
    }
    for (; number < SEARCH_LANES; number++)
        worst_keep(worst, &worst->lanes[number],
                   &worst->lanes[number % 3].program,
                   worst->lanes[number % 3].score);
    search_program_free(&program);
}

/* One that may be changed; the better one of two. */
static struct search_lane *worst_choose(struct search_worst *worst)
{
    struct search_lane *one =
        &worst->lanes[worst_random(worst, 0, SEARCH_LANES - 1)];
    struct search_lane *other =
        &worst->lanes[worst_random(worst, 0, SEARCH_LANES - 1)];

    if (one->program.count > WORST_RECORDS ||
        (other->score > one->score && other->program.count <= WORST_RECORDS))
        one = other;
    return one->program.count > WORST_RECORDS ? &worst->lanes[0] : one;
}

/* The child takes its parent's lane, or sometimes that of a worse one. */
static void worst_breed(struct search_worst *worst,
                        struct search_program *child)
{
    struct search_lane *parent = worst_choose(worst), *place = parent;
    uint64_t score;

    if (!search_program_copy(child, &parent->program)) {
        worst->short_of_memory = true;
        return;
    }
    if (worst_random(worst, 0, 7) == 0)
        worst_cross(worst, child, &worst_choose(worst)->program);
    for (uint64_t i = worst_random(worst, 1, 3); i > 0; i--)
        worst_mutate(worst, child);
    if (worst_random(worst, 0, 15) == 0)
        place = &worst->lanes[worst_random(worst, 0, SEARCH_LANES - 1)];
    score = worst_score(worst, child,
                        place->score < parent->score ? place->score
                                                     : parent->score);
    if (score >= place->score && score > 0)
        worst_keep(worst, place, child, score);
}

bool search_worst(struct search_worst *worst)
{
    struct search_program child = {0};

    worst->rules.ends = !worst->steps;
    worst->short_of_memory =
        !search_player_begin(&worst->player, &worst->rules);
    worst_begin(worst);
    while (!worst_spent(worst)) {
        worst_breed(worst, &child);
        if (worst->progress)
            worst->progress(worst->context, worst);
    }
    search_program_free(&child);
    return !worst->short_of_memory && !worst->player.short_of_memory;
}

void search_worst_free(struct search_worst *worst)
{
    for (size_t i = 0; i < SEARCH_LANES; i++)
        search_program_free(&worst->lanes[i].program);
    search_program_free(&worst->best.program);
    search_player_end(&worst->player);
}
