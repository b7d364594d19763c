#define _POSIX_C_SOURCE 200809L
/*
 * explore.c - explore [-q | -s] [-b BYTES] [-n STATES] [POLICY...]
 *
 * Explores each policy, or those that are named, and prints in TAP how many
 * states and transitions there are.  -q: smaller regions, for mutants; -s: the
 * large ones of `make soak` (-q is usual under AddressSanitizer); -b: regions
 * of this size; -n: give up at so many states.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "contract/guard.h"
#include "plans.h"
#include "polished/policies.h"

/* Where every access is watched, all takes several times as long. */
#ifdef GUARD_ASAN
#define USUAL_SCALE PLANS_QUICK
#else
#define USUAL_SCALE PLANS_CHECK
#endif

struct options {
    enum plans_scale scale;
    polished_size size_bytes;
    size_t state_most;
};

static double seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void print_story(const char *story)
{
    const char *end;

    for (; *story; story = *end ? end + 1 : end) {
        end = story + strcspn(story, "\n");
        printf("# %.*s\n", (int)(end - story), story);
    }
}

static bool explore(struct explorer_plan *plan, const struct options *options,
                    int number)
{
    static struct explorer_result result;
    double start = seconds(), took;
    bool is_good;

    plan->state_most = options->state_most;
    if (options->size_bytes != 0)
        plan->size_bytes = options->size_bytes;
    is_good = explorer_run(plan, &result) && !result.story[0] &&
              (result.is_closed || options->state_most != 0);
    took = seconds() - start;
    printf("%sok %d - %s, %llu + %llu bytes: %zu states, %llu transitions, "
           "depth %zu, %s, %.1f s\n",
           is_good ? "" : "not ", number, plan->name,
           (unsigned long long)plan->size_bytes,
           (unsigned long long)plan->more_bytes, result.state_count,
           (unsigned long long)result.transition_count, result.depth,
           result.is_closed ? "closed" : "not closed", took);
    print_story(result.story);
    fflush(stdout);
    return is_good;
}

static bool is_named(const char *name, int count, char *const *names)
{
    for (int i = 0; i < count; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return count == 0;
}

/* A policy by each of its plans; *number counts them all. */
static bool explore_each(const struct polished_ops *ops,
                         const struct options *options, int *number)
{
    struct explorer_plan plan;
    bool is_good = true;

    for (unsigned i = 0;
         plans_make(ops, polished_policies, options->scale, i, &plan); i++)
        is_good = explore(&plan, options, ++*number) && is_good;
    return is_good;
}

int main(int argc, char **argv)
{
    struct options options = {USUAL_SCALE, 0, 0};
    int option, number = 0;
    bool is_good = true;

    while ((option = getopt(argc, argv, "qsb:n:")) != -1) {
        if (option == 'q')
            options.scale = PLANS_QUICK;
        else if (option == 's')
            options.scale = PLANS_SOAK;
        else if (option == 'b')
            options.size_bytes = (polished_size)strtoull(optarg, NULL, 0);
        else if (option == 'n')
            options.state_most = strtoul(optarg, NULL, 0);
        else
            return 2;
    }
    for (size_t i = 0; polished_policies[i]; i++)
        if (is_named(polished_policies[i]->name, argc - optind, argv + optind))
            is_good = explore_each(polished_policies[i], &options, &number) &&
                      is_good;
    printf("1..%d\n", number);
    return is_good && number > 0 ? 0 : 1;
}
