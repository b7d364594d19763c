/* verb_verify.c - is a placement, in CSV, one? */
#include "config.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/options.h"
#include "cli/verb.h"
#include "report/number.h"
#include "search/check.h"

enum { VERIFY_COLUMNS = 32 };
enum verify_column {
    VERIFY_LOWER,
    VERIFY_UPPER,
    VERIFY_SIZE,
    VERIFY_OFFSET,
    VERIFY_NEEDED
};
static const char *const verify_names[] = {"lower", "upper", "size", "offset"};

struct verify_choice {
    uint64_t align_bytes, height_bytes;
};

#define AT(member) .offset = offsetof(struct verify_choice, member)
static const struct cli_option verify_table[] = {
    {"align", 0, CLI_SIZE, AT(align_bytes), .argument = "N",
     .help = "each offset is a multiple of this (usual: 1)", .least = 1},
    {"height", 0, CLI_SIZE, AT(height_bytes), .argument = "SIZE",
     .help = "no block ends above this"},
    {.name = "help", .kind = CLI_HELP, .help = "print this help and exit"},
    {.name = NULL},
};
#undef AT

static const struct cli_program verify_program = {
    .name = "polished-trace verify",
    .usage = "[OPTION]... FILE.csv...",
    .summary = "Check placements (-: standard input): no two blocks that live "
               "at a time\noverlap.",
    .options = verify_table,
    .footer = "A file has the columns lower, upper, size and offset; a block "
              "is alive from\nlower to before upper.  Exit codes: 0 fine, 1 "
              "wrong, 3 no placement.",
};

/* A file that is being read; the blocks and the lines they stand in. */
struct verify_file {
    const char *path;
    uint64_t line;
    size_t columns[VERIFY_COLUMNS]; /* what each one holds */
    size_t column_count;
    struct search_placed *blocks;
    uint64_t *lines;
    size_t count, capacity;
};

static int verify_wrong(const struct verify_file *file, int code,
                        const char *what)
{
    cli_message(verify_program.name, "%s:%" PRIu64 ": %s", file->path,
                file->line, what);
    return code;
}

/* Cut the next field off; NULL: there is none. */
static char *verify_field(char **line)
{
    char *field = *line;

    if (field == NULL)
        return NULL;
    char *comma = strchr(field, ',');
    *line = comma != NULL ? comma + 1 : NULL;
    if (comma != NULL)
        *comma = '\0';
    while (isspace((unsigned char)*field))
        field++;
    size_t length = strlen(field);
    while (length > 0 && isspace((unsigned char)field[length - 1]))
        field[--length] = '\0';
    return field;
}

/* The first line names the columns. */
static int verify_head(struct verify_file *file, char *line)
{
    unsigned found = 0;
    char *field;

    while ((field = verify_field(&line)) != NULL) {
        size_t column = 0;
        while (column < VERIFY_NEEDED && strcmp(field, verify_names[column]))
            column++;
        if (file->column_count == VERIFY_COLUMNS)
            return verify_wrong(file, CLI_BAD, "too many columns");
        if (column < VERIFY_NEEDED && (found & 1u << column) != 0)
            return verify_wrong(file, CLI_BAD, "a column stands there twice");
        found |= 1u << column;
        file->columns[file->column_count++] = column;
    }
    return (found & ((1u << VERIFY_NEEDED) - 1)) == (1u << VERIFY_NEEDED) - 1
               ? CLI_GO_ON
               : verify_wrong(file, CLI_BAD,
                              "no columns lower, upper, size and offset");
}

static bool verify_number(const char *field, uint64_t *number)
{
    char *end;

    errno = 0;
    *number = strtoull(field, &end, 10);
    return isdigit((unsigned char)field[0]) && *end == '\0' && errno == 0;
}

static bool verify_reserve(struct verify_file *file)
{
    size_t capacity = file->capacity == 0 ? 256 : 2 * file->capacity;

    if (file->count < file->capacity)
        return true;
    struct search_placed *blocks =
        realloc(file->blocks, capacity * sizeof *blocks);
    if (blocks != NULL)
        file->blocks = blocks;
    uint64_t *lines = realloc(file->lines, capacity * sizeof *lines);
    if (lines != NULL)
        file->lines = lines;
    file->capacity = blocks != NULL && lines != NULL ? capacity : 0;
    return file->capacity != 0;
}

static int verify_block(struct verify_file *file, char *line)
{
    uint64_t values[VERIFY_NEEDED + 1];
    size_t column = 0;
    char *field;

    for (; (field = verify_field(&line)) != NULL; column++) {
        if (column == file->column_count)
            return verify_wrong(file, CLI_BAD, "more fields than columns");
        size_t meaning = file->columns[column];
        if (meaning < VERIFY_NEEDED && !verify_number(field, &values[meaning]))
            return verify_wrong(file, CLI_BAD, "not a whole number");
    }
    if (column < file->column_count)
        return verify_wrong(file, CLI_BAD, "fewer fields than columns");
    if (values[VERIFY_LOWER] > values[VERIFY_UPPER])
        return verify_wrong(file, CLI_BAD, "lower is above upper");
    if (values[VERIFY_SIZE] > UINT64_MAX - values[VERIFY_OFFSET])
        return verify_wrong(file, CLI_BAD, "the block ends above 2^64");
    if (!verify_reserve(file))
        return verify_wrong(file, CLI_INTERNAL, "out of memory");
    file->lines[file->count] = file->line;
    file->blocks[file->count++] =
        (struct search_placed){values[VERIFY_LOWER], values[VERIFY_UPPER],
                               values[VERIFY_OFFSET], values[VERIFY_SIZE]};
    return CLI_GO_ON;
}

static int verify_read(struct verify_file *file, FILE *in)
{
    char *line = NULL;
    size_t line_bytes = 0;
    int code = CLI_GO_ON;

    while (code == CLI_GO_ON && getline(&line, &line_bytes, in) >= 0) {
        file->line++;
        if (line[strspn(line, " \t\r\n")] == '\0')
            continue;
        code = file->column_count == 0 ? verify_head(file, line)
                                       : verify_block(file, line);
    }
    if (code == CLI_GO_ON && ferror(in) != 0)
        code = verify_wrong(file, CLI_IO, strerror(errno));
    if (code == CLI_GO_ON && file->column_count == 0)
        code = verify_wrong(file, CLI_BAD,
                            "no columns lower, upper, size and offset");
    free(line);
    return code;
}

static int verify_judge(struct verify_file *file,
                        const struct verify_choice *choice)
{
    struct search_findings found;
    char load[REPORT_NUMBER_BYTES], height[REPORT_NUMBER_BYTES];
    char count[REPORT_NUMBER_BYTES], what[128];

    for (size_t i = 0; i < file->count; i++) {
        const struct search_placed *block = &file->blocks[i];
        file->line = file->lines[i];
        if (block->offset % choice->align_bytes != 0)
            return verify_wrong(file, CLI_BROKEN, "the offset is not aligned");
        if (choice->height_bytes != 0 &&
            block->offset + block->size_bytes > choice->height_bytes)
            return verify_wrong(file, CLI_BROKEN, "the block ends too high");
    }
    if (!search_check(&found, file->blocks, file->count))
        return verify_wrong(file, CLI_INTERNAL, "out of memory");
    if (found.overlap) {
        file->line = file->lines[found.second];
        snprintf(what, sizeof what, "overlaps the block of line %" PRIu64,
                 file->lines[found.first]);
        return verify_wrong(file, CLI_BROKEN, what);
    }
    printf("%s: %s %s, height %s, load %s: no overlap\n", file->path,
           report_count(count, file->count),
           file->count == 1 ? "block" : "blocks",
           report_size_exact(height, found.height_bytes),
           report_size_exact(load, found.load_bytes));
    return CLI_FINE;
}

static int verify_file(const char *path, const struct verify_choice *choice)
{
    struct verify_file file = {.path = path};
    FILE *in = strcmp(path, "-") == 0 ? stdin : fopen(path, "r");

    if (in == NULL) {
        cli_message(verify_program.name, "%s: %s", path, strerror(errno));
        return CLI_IO;
    }
    int code = verify_read(&file, in);
    if (code == CLI_GO_ON)
        code = verify_judge(&file, choice);
    if (in != stdin)
        fclose(in);
    free(file.blocks);
    free(file.lines);
    return code;
}

static int verify_main(int argc, char **argv)
{
    struct verify_choice choice = {.align_bytes = 1};
    int operand;
    int worst = cli_parse(&verify_program, argc, argv, &choice, &operand);

    if (worst != CLI_GO_ON)
        return worst;
    if (operand == argc)
        return cli_usage(verify_program.name, "no placement given");
    for (worst = CLI_FINE; operand < argc; operand++) {
        int code = verify_file(argv[operand], &choice);
        worst = code > worst ? code : worst;
    }
    return worst;
}

const struct cli_verb cli_verb_verify = {
    .name = "verify",
    .summary = "check a placement of blocks, such as pack writes",
    .run = verify_main,
};
