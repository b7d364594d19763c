/*
 * fuzz_cli.c - a command line: words that end in a newline.  Options of every
 * kind are read; a spec of a policy and a size are looked at too.
 */
#include "config.h"

#include <string.h>

#include "cli/exit.h"
#include "cli/options.h"
#include "fuzz.h"
#include "sim/size.h"
#include "sim/spec.h"

enum { WORDS = 64 };

struct fuzz_choice {
    bool flag;
    uint64_t number, size;
    int level;
    const char *text;
    struct cli_list list;
};

/* Files are never opened: a spec with a path in it is not parsed. */
static bool fuzz_check(const char *value, char *message, size_t message_bytes)
{
    struct sim_spec spec;

    return !sim_spec_is_foreign(value) &&
           sim_spec_parse(value, &spec, message, message_bytes);
}

static const char *const fuzz_levels[] = {"low", "lower", "high", NULL};

#define AT(member) .offset = offsetof(struct fuzz_choice, member)
static const struct cli_option fuzz_table[] = {
    {"flag", 'f', CLI_FLAG, AT(flag), .help = "a flag"},
    {"number", 'n', CLI_NUMBER, AT(number), .argument = "N", .help = "a number",
     .least = 2, .most = 9},
    {"size", 's', CLI_SIZE, AT(size), .argument = "SIZE", .help = "a size"},
    {"level", 0, CLI_CHOICE, AT(level), .argument = "LEVEL", .help = "a level",
     .choices = fuzz_levels},
    {"text", 't', CLI_TEXT, AT(text), .argument = "TEXT", .help = "a text"},
    {"allocator", 'a', CLI_LIST, AT(list), .argument = "SPEC", .help = "specs",
     .check = fuzz_check},
    CLI_COMMON_OPTIONS,
    {.name = NULL},
};
#undef AT

static const struct cli_program fuzz_program = {
    .name = "fuzz",
    .usage = "[OPTION]... TRACE...",
    .summary = "Read a command line.",
    .options = fuzz_table,
};

static int fuzz_split(char *text, char *words[WORDS])
{
    int count = 0;

    words[count++] = (char *)(uintptr_t) "fuzz";
    for (char *word = text; *word != '\0' && count < WORDS - 1;) {
        char *end = strchr(word, '\n');

        words[count++] = word;
        if (!end)
            break;
        *end = '\0';
        word = end + 1;
    }
    words[count] = NULL;
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_choice choice = {.flag = false};
    char *words[WORDS], *text = malloc(size + 1);
    uint64_t bytes;
    int operand = 0, count, code;

    FUZZ_EXPECT(text);
    memcpy(text, data, size);
    text[size] = '\0';
    sim_size_parse(text, &bytes);
    count = fuzz_split(text, words);
    code = cli_parse(&fuzz_program, count, words, &choice, &operand);
    if (code == CLI_GO_ON) {
        FUZZ_EXPECT(operand >= 1 && operand <= count);
        FUZZ_EXPECT(choice.number == 0 ||
                    (choice.number >= 2 && choice.number <= 9));
        FUZZ_EXPECT(choice.level >= 0 && choice.level < 3);
    } else {
        FUZZ_EXPECT(code == CLI_FINE || code == CLI_USAGE);
    }
    free(text);
    return 0;
}
