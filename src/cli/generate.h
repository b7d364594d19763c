/* cli/generate.h - the knobs of a generator as options. */
#ifndef CLI_GENERATE_H
#define CLI_GENERATE_H

#include "cli/options.h"
#include "search/generate.h"

/* Where the options of a generator are stored. */
struct cli_generate {
    struct search_values values;
    int policies[SEARCH_KNOBS];
    const char *format, *path;
};

enum { CLI_GENERATE_OPTIONS = SEARCH_KNOBS + 4 };

/* The table of a generator's options: a row for each knob, then --to,
   --output and --help; and their usual values. */
void cli_generate_table(const struct search_generator *generator,
                        struct cli_option table[CLI_GENERATE_OPTIONS],
                        struct cli_generate *usual);

#endif
