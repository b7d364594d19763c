/* search/worst_seed.c - what theory knows to be bad. */
#include "config.h"

#include <stdlib.h>

#include "search/generate.h"
#include "search/worst.h"

extern const struct search_generator search_generator_best_fit_attack;

/* Room for the longest that is worth it: the attack on 256 units. */
enum { SEED_EVENTS = 1 << 17 };

static bool seed_sieve(struct search_worst *worst,
                       struct search_program *program)
{
    bool good = search_program_add(
        program, (struct search_record){.macro = SEARCH_RUN, .size = 1});

    for (uint16_t size = 2; good && size <= worst->rules.largest; size *= 2)
        good =
            search_program_add(
                program,
                (struct search_record){.macro = SEARCH_SIEVE, .size = size}) &&
            search_program_add(program, (struct search_record){
                                            .macro = SEARCH_RUN, .size = size});
    return good;
}

/* Every second block freed, then larger ones, twice as large each time. */
static bool seed_comb(struct search_worst *worst,
                      struct search_program *program)
{
    bool good = true;

    for (uint16_t size = 1; good && size <= worst->rules.largest; size *= 2)
        good = search_program_add(
                   program,
                   (struct search_record){.macro = SEARCH_RUN, .size = size}) &&
               search_program_add(
                   program, (struct search_record){.macro = SEARCH_FREE_EVERY,
                                                   .count = 2});
    return good && search_program_add(
                       program, (struct search_record){
                                    .macro = SEARCH_RUN,
                                    .size = (uint16_t)worst->rules.largest});
}

/* It fills with each size and empties but for a few, again and again. */
static bool seed_sawtooth(struct search_worst *worst,
                          struct search_program *program)
{
    bool good = true;

    for (uint16_t size = 1; good && size <= worst->rules.largest; size++)
        good = search_program_add(
                   program,
                   (struct search_record){.macro = SEARCH_RUN, .size = size}) &&
               search_program_add(
                   program, (struct search_record){.macro = SEARCH_KEEP_EVERY,
                                                   .count = 8});
    return good;
}

/* --- the attack on best fit, played and written down ------------------- */

struct seed_attack {
    struct search_worst *worst;
    struct search_program *program;
    uint64_t *names; /* of the player, by id */
    bool good;
};

static uint64_t seed_index(const struct search_player *player, uint64_t name)
{
    uint64_t index = 0;

    while (index < player->count && player->blocks[index].id != name)
        index++;
    return index;
}

static void seed_event(struct seed_attack *attack,
                       const struct trace_event *event)
{
    struct search_player *player = &attack->worst->player;
    struct search_record record = {0};

    if (event->op == TRACE_ALLOC) {
        record.macro = SEARCH_ALLOC;
        record.size = (uint16_t)event->size_bytes;
        attack->names[event->id] = player->next_id;
        attack->good = search_player_alloc(player, record.size);
    } else {
        record.macro = SEARCH_FREE;
        record.which = (uint32_t)seed_index(player, attack->names[event->id]);
        search_player_free(player, record.which);
    }
    attack->good = attack->good && search_program_add(attack->program, record);
}

static bool seed_take(void *context, const struct trace_event *events,
                      size_t count)
{
    struct seed_attack *attack = context;

    for (size_t i = 0; i < count && attack->good; i++) {
        attack->good = events[i].id < SEED_EVENTS;
        if (attack->good)
            seed_event(attack, &events[i]);
    }
    return attack->good;
}

/* In a heap without end: where it has none the indexes are those. */
static bool seed_attack(struct search_worst *worst,
                        struct search_program *program)
{
    static struct search_emit out;
    const struct search_generator *generator =
        &search_generator_best_fit_attack;
    const struct search_program none = {0};
    const struct search_rules *rules = &worst->rules;
    const struct search_values values = {{1, 1, rules->live, rules->largest, 0},
                                         {0}};
    struct seed_attack attack = {.worst = worst, .program = program};

    if (rules->largest < 8 || generator->judge(&values) != NULL)
        return seed_comb(worst, program);
    attack.names = calloc(SEED_EVENTS, sizeof *attack.names);
    attack.good =
        attack.names != NULL &&
        search_player_play(&worst->player, &none,
                           rules->live * rules->largest * rules->unit_bytes);
    out = (struct search_emit){.take = seed_take, .context = &attack};
    if (attack.good)
        generator->run(&out, &values);
    search_emit_flush(&out);
    free(attack.names);
    return true; /* as far as it went */
}

bool search_worst_seed(struct search_worst *worst, size_t number,
                       struct search_program *program)
{
    static bool (*const seeds[])(struct search_worst *,
                                 struct search_program *) = {
        [SEARCH_SEED_SIEVE] = seed_sieve,
        seed_comb,
        seed_sawtooth,
        seed_attack,
    };

    program->count = 0;
    return number < sizeof seeds / sizeof *seeds &&
           seeds[number](worst, program);
}
