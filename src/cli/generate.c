/* generate.c - the knobs of a generator as options. */
#include "config.h"

#include "cli/generate.h"

#include <string.h>

#include "search/model.h"

static struct cli_option generate_option(const struct search_knob *knob,
                                         size_t index)
{
    struct cli_option row = {.name = knob->name,
                             .help = knob->summary,
                             .least = knob->least,
                             .most = knob->most};
    size_t numbers = offsetof(struct cli_generate, values.numbers);

    row.offset = numbers + index * sizeof(uint64_t);
    row.kind = knob->form == SEARCH_BYTES ? CLI_SIZE : CLI_NUMBER;
    row.argument = knob->form == SEARCH_BYTES ? "SIZE" : "N";
    if (knob->form == SEARCH_POLICY) {
        row.kind = CLI_CHOICE;
        row.argument = "POLICY";
        row.choices = search_models;
        row.offset =
            offsetof(struct cli_generate, policies) + index * sizeof(int);
    } else if (knob->form == SEARCH_FILE) {
        row.kind = CLI_TEXT;
        row.argument = "FILE";
        row.offset = offsetof(struct cli_generate, values.files) +
                     index * sizeof(const char *);
    }
    return row;
}

void cli_generate_table(const struct search_generator *generator,
                        struct cli_option table[CLI_GENERATE_OPTIONS],
                        struct cli_generate *usual)
{
    size_t count = 0;

    memset(usual, 0, sizeof *usual);
    for (; generator->knobs[count].name != NULL; count++) {
        table[count] = generate_option(&generator->knobs[count], count);
        usual->values.numbers[count] = generator->knobs[count].usual;
        usual->policies[count] = (int)generator->knobs[count].usual;
    }
    table[count++] =
        (struct cli_option){.name = "to",
                            .kind = CLI_TEXT,
                            .argument = "FORMAT",
                            .offset = offsetof(struct cli_generate, format),
                            .help = "the format (usual: by the name of FILE)"};
    table[count++] =
        (struct cli_option){.name = "output",
                            .letter = 'o',
                            .kind = CLI_TEXT,
                            .argument = "FILE",
                            .offset = offsetof(struct cli_generate, path),
                            .help = "where to write (usual: standard output)"};
    table[count++] = (struct cli_option){
        .name = "help", .kind = CLI_HELP, .help = "print this help and exit"};
    table[count] = (struct cli_option){.name = NULL};
}
