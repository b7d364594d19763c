/* Options as a table, read by the same lines for every program. */
#include <string.h>

#include "unit.h"
#include "cli/options.h"

struct choice {
    bool flag;
    uint64_t number, size;
    int level;
    const char *text;
    struct cli_list list;
};

static bool even(const char *value, char *message, size_t message_bytes)
{
    snprintf(message, message_bytes, "odd");
    return strlen(value) % 2 == 0;
}

static const char *const levels[] = {"low", "high", NULL};

#define AT(member) .offset = offsetof(struct choice, member)
static const struct cli_option table[] = {
    {"flag", 'f', CLI_FLAG, AT(flag), .help = "a flag"},
    {"number", 'n', CLI_NUMBER, AT(number), .argument = "N", .help = "a number",
     .least = 2, .most = 9},
    {"size", 's', CLI_SIZE, AT(size), .argument = "SIZE", .help = "a size"},
    {"level", 0, CLI_CHOICE, AT(level), .argument = "LEVEL", .help = "a level",
     .choices = levels},
    {"text", 't', CLI_TEXT, AT(text), .argument = "TEXT", .help = "a text",
     .check = even},
    {"list", 0, CLI_LIST, AT(list), .argument = "ITEM", .help = "a list"},
    CLI_COMMON_OPTIONS,
    {.name = NULL},
};

static struct cli_program program = {
    .name = "x",
    .usage = "[OPTION]... FILE...",
    .summary = "Do it.",
    .options = table,
};

enum { WORDS = 16 };
static struct choice choice;
static int operand;

/* Read words, which a NULL ends; the operands stand at argv[operand]. */
static int parse(char *argv[WORDS])
{
    int argc = 0;

    while (argv[argc] != NULL)
        argc++;
    memset(&choice, 0, sizeof choice);
    return cli_parse(&program, argc, argv, &choice, &operand);
}

#define PARSE(...) parse((char *[WORDS]){"x", __VA_ARGS__})

static void each_kind_is_stored(void **state)
{
    (void)state;
    assert_int_equal(PARSE("-f", "-n7", "--size=2K", "--level", "high", "-tab",
                           "--list", "a", "--list=b", "c"),
                     CLI_GO_ON);
    assert_true(choice.flag);
    assert_int_equal(choice.number, 7);
    assert_int_equal(choice.size, 2048);
    assert_int_equal(choice.level, 1);
    assert_string_equal(choice.text, "ab");
    assert_int_equal(choice.list.count, 2);
    assert_string_equal(choice.list.values[1], "b");
}

static void operands_and_options_may_be_mixed(void **state)
{
    (void)state;
    char *argv[WORDS] = {"x", "a", "-f", "b"};
    assert_int_equal(parse(argv), CLI_GO_ON);
    assert_true(choice.flag);
    assert_int_equal(operand, 2);
    assert_string_equal(argv[3], "b");
}

static void options_may_end_at_the_first_operand(void **state)
{
    (void)state;
    program.first_operand_ends = true;
    assert_int_equal(PARSE("a", "-f"), CLI_GO_ON);
    program.first_operand_ends = false;
    assert_false(choice.flag);
    assert_int_equal(operand, 1);
}

static void sizes_are_exact_to_the_last_byte(void **state)
{
    (void)state;
    assert_int_equal(PARSE("-s", "0xffffffffffffffff"), CLI_GO_ON);
    assert_true(choice.size == UINT64_MAX);
    assert_int_equal(PARSE("-s", "17179869183G"), CLI_GO_ON);
    assert_true(choice.size == UINT64_MAX - 0x3fffffff);
}

static void what_is_wrong_is_a_usage_error(void **state)
{
    static char *const wrong[][2] = {
        {"-n", "1"},
        {"-n", "10"},
        {"-n", "0x3"},
        {"-n", "4K"},
        {"-n", ""},
        {"-n", "+4"},
        {"-s", "17179869184G"},
        {"-s", "-1"},
        {"-s", " 1"},
        {"-s", "0x"},
        {"-s", "1.5K"},
        {"--level", "lo"},
        {"--text", "abc"},
        {"--flag=1", NULL},
        {"--nothing", NULL},
        {"-q", NULL},
        {"--size", NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(PARSE(wrong[i][0], wrong[i][1]), CLI_USAGE);
    assert_int_equal(PARSE("--", "-q"), CLI_GO_ON);
}

static void a_list_has_an_end(void **state)
{
    static char *argv[CLI_LIST_MOST + 3];

    (void)state;
    argv[0] = "x";
    for (int i = 1; i < CLI_LIST_MOST + 2; i++)
        argv[i] = "--list=a";
    memset(&choice, 0, sizeof choice);
    assert_int_equal(
        cli_parse(&program, CLI_LIST_MOST + 1, argv, &choice, &operand),
        CLI_GO_ON);
    memset(&choice, 0, sizeof choice);
    assert_int_equal(
        cli_parse(&program, CLI_LIST_MOST + 2, argv, &choice, &operand),
        CLI_USAGE);
}

static void the_nearest_name_is_a_near_one(void **state)
{
    static const char *const names[] = {"memory", "align", "jobs", NULL};

    (void)state;
    assert_string_equal(cli_nearest("memroy", names), "memory");
    assert_string_equal(cli_nearest("job", names), "jobs");
    assert_null(cli_nearest("xylophone", names));
    assert_null(cli_nearest("", names));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_is_stored),
        cmocka_unit_test(operands_and_options_may_be_mixed),
        cmocka_unit_test(options_may_end_at_the_first_operand),
        cmocka_unit_test(sizes_are_exact_to_the_last_byte),
        cmocka_unit_test(what_is_wrong_is_a_usage_error),
        cmocka_unit_test(a_list_has_an_end),
        cmocka_unit_test(the_nearest_name_is_a_near_one),
    };
    return cmocka_run_group_tests_name("cli options", tests, NULL, NULL);
}
