/* search/generate.c - the table of generators. */
#include "search/generate.h"

#include <stddef.h>

#define SEARCH_GENERATOR(name)                                                 \
    extern const struct search_generator search_generator_##name;
#include "search/generate.def"
#undef SEARCH_GENERATOR

const struct search_generator *const search_generators[] = {
#define SEARCH_GENERATOR(name) &search_generator_##name,
#include "search/generate.def"
#undef SEARCH_GENERATOR
    NULL,
};

const char *search_judge_sizes(uint64_t least, uint64_t most)
{
    return least <= most ? NULL : "--least is above --most";
}
