/*
 * search/generate_profile.c - a program of which only a profile is known: for
 * each size, how many blocks are allocated a second and how many are alive.
 *
 *     size, rate, live        (fleetbench's distributions of TCMalloc;
 *     16, 5569.3, 12248.5      a first line without numbers is skipped)
 *
 * The live blocks are made first, in random order.  From then on sizes come
 * at their rates, and of a size that has more blocks alive than the profile
 * says a random one goes.
 */
#include "search/generate.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "search/pool.h"
#include "search/random.h"

enum { PROFILE_SEED, PROFILE_FILE, PROFILE_LIVE, PROFILE_STEPS };
enum { PROFILE_FIRST = 256, PROFILE_LINE = 512 };

static const struct search_knob profile_knobs[] = {
    [PROFILE_SEED] = {"seed", "of the chance", SEARCH_COUNT, 0, UINT64_MAX, 1},
    [PROFILE_FILE] = {"profile", "CSV: size, rate, live", SEARCH_FILE, 0, 0, 0},
    [PROFILE_LIVE] = {"live", "bytes alive, about", SEARCH_BYTES, 1,
                      UINT64_MAX / 4, 16 << 20},
    [PROFILE_STEPS] = {"steps", "allocs once they live", SEARCH_COUNT, 0,
                       UINT64_MAX, 100000},
    {.name = NULL},
};

static const char *profile_judge(const struct search_values *values)
{
    return values->files[PROFILE_FILE] ? NULL : "--profile is needed";
}

struct profile_class {
    uint64_t size_bytes;
    double rate, live;
    double rates, lives; /* sums up to here */
    struct search_pool pool;
};

struct profile {
    struct search_emit *out;
    struct profile_class *classes;
    size_t count, room;
    uint64_t state;
};

static bool profile_fail(struct profile *profile, enum trace_fault kind,
                         const char *what)
{
    profile->out->error.kind = kind;
    snprintf(profile->out->error.what, sizeof profile->out->error.what, "%s",
             what);
    return false;
}

static bool profile_add(struct profile *profile, struct profile_class class)
{
    if (profile->count == profile->room) {
        size_t room = profile->room ? 2 * profile->room : PROFILE_FIRST;
        void *classes =
            realloc(profile->classes, room * sizeof *profile->classes);

        if (!classes)
            return profile_fail(profile, TRACE_INTERNAL, "out of memory");
        profile->classes = classes;
        profile->room = room;
    }
    profile->classes[profile->count++] = class;
    return true;
}

/* A number from 0 to 2^53, and the comma behind it if one is wanted. */
static bool profile_number(const char **at, bool comma, double *number)
{
    char *end;

    *number = strtod(*at, &end);
    if (end == *at || !(*number >= 0 && *number <= 9007199254740992.0))
        return false;
    *at = end + strspn(end, " \t\r\n");
    if (comma)
        return *(*at)++ == ',';
    return **at == '\0';
}

static bool profile_line(struct profile *profile, const char *line)
{
    struct profile_class class = {.size_bytes = 0};
    double size;

    line += strspn(line, " \t\r\n");
    profile->out->error.line++;
    if (*line == '\0' ||
        (profile->out->error.line == 1 && !strchr("0123456789", *line)))
        return true;
    if (!profile_number(&line, true, &size) || size < 1 ||
        !profile_number(&line, true, &class.rate) ||
        !profile_number(&line, false, &class.live))
        return profile_fail(profile, TRACE_BAD,
                            "expected a size, a rate and a live count");
    class.size_bytes = (uint64_t)size;
    return profile_add(profile, class);
}

static bool profile_read(struct profile *profile, const char *path)
{
    FILE *file = fopen(path, "r");
    char line[PROFILE_LINE];
    bool good = true;

    if (!file)
        return profile_fail(profile, TRACE_IO, strerror(errno));
    while (good && fgets(line, sizeof line, file))
        good = profile_line(profile, line);
    if (good && ferror(file))
        good = profile_fail(profile, TRACE_IO, strerror(errno));
    fclose(file);
    return good;
}

/* Scale to the live bytes that are wanted, and sum up. */
static bool profile_scale(struct profile *profile, uint64_t live_bytes)
{
    double bytes = 0, rates = 0, lives = 0;

    for (size_t i = 0; i < profile->count; i++)
        bytes +=
            profile->classes[i].live * (double)profile->classes[i].size_bytes;
    for (size_t i = 0; i < profile->count; i++) {
        struct profile_class *class = &profile->classes[i];

        class->live *= bytes > 0 ? (double)live_bytes / bytes : 0;
        class->rates = rates += class->rate;
        class->lives = lives += class->live;
    }
    profile->out->error.line = 0;
    return (rates > 0 && bytes > 0) ||
           profile_fail(profile, TRACE_BAD,
                        "the profile has no rate or nothing alive");
}

/* At least 0, below 1; every double there is can be one. */
static double profile_chance(struct profile *profile)
{
    return (double)(search_random(&profile->state) >> 11) / 9007199254740992.0;
}

/* A class by its share of the lives, or else of the rates. */
static struct profile_class *profile_draw(struct profile *profile,
                                          bool by_lives)
{
    const struct profile_class *last = &profile->classes[profile->count - 1];
    double at =
        profile_chance(profile) * (by_lives ? last->lives : last->rates);
    size_t low = 0, high = profile->count - 1;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct profile_class *class = &profile->classes[middle];

        if ((by_lives ? class->lives : class->rates) <= at)
            low = middle + 1;
        else
            high = middle;
    }
    return &profile->classes[low];
}

static bool profile_step(struct profile *profile)
{
    struct profile_class *class = profile_draw(profile, false);
    size_t most = (size_t)(class->live + profile_chance(profile));
    bool good =
        search_pool_alloc(&class->pool, profile->out, class->size_bytes);

    while (good && class->pool.count > most)
        good = search_pool_free(
            &class->pool, profile->out,
            search_random_from(&profile->state, 0, class->pool.count - 1));
    return good;
}

static bool profile_play(struct profile *profile, uint64_t steps)
{
    double lives = profile->classes[profile->count - 1].lives;
    bool good = true;

    for (uint64_t i = 0; good && (double)i < lives; i++) {
        struct profile_class *class = profile_draw(profile, true);

        good = search_pool_alloc(&class->pool, profile->out, class->size_bytes);
    }
    for (uint64_t i = 0; good && i < steps; i++)
        good = profile_step(profile);
    return good;
}

static bool profile_run(struct search_emit *out,
                        const struct search_values *values)
{
    struct profile profile = {.out = out,
                              .state = values->numbers[PROFILE_SEED]};
    bool good = profile_read(&profile, values->files[PROFILE_FILE]) &&
                profile_scale(&profile, values->numbers[PROFILE_LIVE]) &&
                profile_play(&profile, values->numbers[PROFILE_STEPS]);

    for (size_t i = 0; i < profile.count; i++)
        search_pool_close(&profile.classes[i].pool);
    free(profile.classes);
    return good;
}

const struct search_generator search_generator_profile = {
    .name = "profile",
    .summary = "sizes, rates and live counts from a CSV file",
    .knobs = profile_knobs,
    .judge = profile_judge,
    .run = profile_run,
};
