/* The reports themselves, on a result made by hand. */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <cjson/cJSON.h>

#include "unit.h"
#include "report_sample.h"

static struct report_sample sample;

static void contains(const char *text, const char *part)
{
    if (strstr(text, part) == NULL)
        fail_msg("no \"%s\" in\n%s", part, text);
}

static void json_integers_are_exact(void **state)
{
    (void)state;
    report_sample_fill(&sample);
    sample.run.trace.census.events = UINT64_MAX;
    sample.policies[2].first.size_bytes = UINT64_MAX - 1;
    char *text = report_sample_render("json", &sample.result, NULL);
    contains(text, "\"events\":\t18446744073709551615,");
    contains(text, "\"size_bytes\":\t18446744073709551614,");
    contains(text, "\"internal\":\t0.200000");
    free(text);
}

static void json_absent_questions_are_absent_keys(void **state)
{
    (void)state;
    report_sample_fill(&sample);
    char *text = report_sample_render("json", &sample.result, NULL);
    cJSON *document = cJSON_Parse(text);
    const cJSON *run =
        cJSON_GetArrayItem(cJSON_GetObjectItem(document, "runs"), 0);
    const cJSON *policies = cJSON_GetObjectItem(run, "policies");
    const cJSON *passed = cJSON_GetArrayItem(policies, 0);
    const cJSON *broken = cJSON_GetArrayItem(policies, 3);
    const cJSON *unsuited = cJSON_GetArrayItem(policies, 4);

    assert_null(cJSON_GetObjectItem(passed, "ns_per_op"));
    assert_null(cJSON_GetObjectItem(passed, "misuse"));
    assert_true(cJSON_IsNull(cJSON_GetObjectItem(passed, "first_failure")));
    assert_null(cJSON_GetObjectItem(broken, "failures"));
    assert_non_null(cJSON_GetObjectItem(broken, "defect"));
    assert_string_equal(
        cJSON_GetStringValue(cJSON_GetObjectItem(unsuited, "reason")),
        "several sizes");
    cJSON_Delete(document);
    free(text);
}

static void json_stays_one_whatever_a_name_holds(void **state)
{
    (void)state;
    report_sample_fill(&sample);
    sample.run.trace.name = "\xFF\"\n\\";
    char *text = report_sample_render("json", &sample.result, NULL);
    contains(text, "\"name\":\t\"\xEF\xBF\xBD\\\"\\n\\\\\"");
    free(text);
}

/* Every member of a value is one that the schema's definition knows. */
static void known(const cJSON *schema, const cJSON *definition,
                  const cJSON *value);

static void known_member(const cJSON *schema, const cJSON *definition,
                         const cJSON *member)
{
    const cJSON *properties = cJSON_GetObjectItem(definition, "properties");
    const cJSON *property = cJSON_GetObjectItem(properties, member->string);

    if (property == NULL)
        fail_msg("the schema does not know \"%s\"", member->string);
    known(schema, property, member);
}

static void known(const cJSON *schema, const cJSON *definition,
                  const cJSON *value)
{
    const cJSON *ref = cJSON_GetObjectItem(definition, "$ref"), *child;

    if (ref != NULL)
        definition = cJSON_GetObjectItem(cJSON_GetObjectItem(schema, "$defs"),
                                         ref->valuestring + strlen("#/$defs/"));
    assert_non_null(definition);
    if (cJSON_IsArray(value))
        cJSON_ArrayForEach(child, value)
            known(schema, cJSON_GetObjectItem(definition, "items"), child);
    else if (cJSON_IsObject(value))
        cJSON_ArrayForEach(child, value)
            known_member(schema, definition, child);
}

/* The min heaps of the sample's policies: one exact, one probed, one none. */
static void fill_min_heaps(void)
{
    report_sample_fill(&sample);
    sample.policies[0].min_heap_status = SIM_MIN_HEAP_EXACT;
    sample.policies[0].min_heap_bytes = 3072;
    sample.policies[0].min_heap_smallest_bytes = 2560;
    sample.policies[0].min_heap_anomalies = 2;
    sample.policies[1].min_heap_status = SIM_MIN_HEAP_PROBED;
    sample.policies[1].min_heap_bytes = 4096;
    sample.policies[1].min_heap_smallest_bytes = 4096;
    sample.policies[2].min_heap_status = SIM_MIN_HEAP_NONE;
    strcpy(sample.policies[2].min_heap_reason, "order");
}

static void schema_knows_every_key(void **state)
{
    const char *srcdir = getenv("srcdir");
    char path[4096], schema_text[65536];

    (void)state;
    snprintf(path, sizeof path, "%s/docs/result.schema.json",
             srcdir != NULL ? srcdir : ".");
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    size_t bytes = fread(schema_text, 1, sizeof schema_text - 1, file);
    fclose(file);
    schema_text[bytes] = '\0';
    cJSON *schema = cJSON_Parse(schema_text);
    assert_non_null(schema);
    fill_min_heaps();
    sample.policies[0].misuse_sent = 3;
    sample.policies[0].tally.timed_operations = 1;
    sample.policies[0].explained = (struct sim_explained){
        .event = 7,
        .birth = 7,
        .holder_count = 1,
        .holders = {{SIM_INSIDE, 16, 32, 7, 30, 9, 1, "main.c"}},
    };
    sample.policies[0].blame = (struct sim_blame){
        .memory_bytes = 3072,
        .by_site = true,
        .events = 10,
        .byte_events = 4000,
        .culprit_count = 2,
        .culprits = {{.site = 4,
                      .label = "main.c:7",
                      .blocks = 3,
                      .byte_events = 3000,
                      .tried = true,
                      .elsewhere_bytes = 64,
                      .min_heap_bytes = 2000},
                     {.least_bytes = 64,
                      .most_bytes = 127,
                      .blocks = 3,
                      .byte_events = 1000}},
    };
    char *text = report_sample_render("json", &sample.result, NULL);
    contains(text, "\"until_event\":\t9");
    contains(text, "\"share\":\t0.750000");
    cJSON *document = cJSON_Parse(text);
    assert_non_null(document);
    known(schema, schema, document);
    cJSON_Delete(document);
    cJSON_Delete(schema);
    free(text);
}

static void the_distance_from_the_best_is_an_interval(void **state)
{
    (void)state;
    report_sample_fill(&sample);
    sample.run.trace.packing = SIM_BOUNDED;
    sample.run.trace.load_bytes = 1600;
    sample.run.trace.packed_bytes = 1900;
    sample.policies[0].span_bytes = 1920;
    char *text = report_sample_render("text", &sample.result, NULL);
    contains(text, "  +5.3-25.0 %  ");
    contains(text, "best possible: between 1,600 and 1,900 bytes");
    contains(text, "best-fit: payload 1.21 MiB, rounded 1.56 KiB, ");
    free(text);
    text = report_sample_render("json", &sample.result, NULL);
    contains(text, "\"packed_status\":\t\"bounded\"");
    contains(text, "\"span_bytes\":\t1920");
    contains(text, "\"above_best_low\":\t0.052632");
    contains(text, "\"above_best_high\":\t0.250000");
    free(text);
}

static void a_certified_best_is_one_number(void **state)
{
    (void)state;
    report_sample_fill(&sample);
    sample.run.trace.packing = SIM_OPTIMAL;
    sample.run.trace.load_bytes = 1600;
    sample.run.trace.packed_bytes = 2008;
    char *text = report_sample_render("text", &sample.result, NULL);
    contains(text, "best possible: 1.96 KiB (2,008 bytes, certified)");
    contains(text, "  +24.5 %  ");
    /* The last block's rounding is no merit. */
    contains(text, "  +0.0 %  ");
    free(text);
    text = report_sample_render("csv", &sample.result, NULL);
    contains(text, ",1600,2008,optimal,,0.245020,0.245020,");
    free(text);
}

static void csv_quotes_what_must_be(void **state)
{
    (void)state;
    report_sample_fill(&sample);
    sample.run.trace.name = "a \"b\", c";
    char *text = report_sample_render("csv", &sample.result, NULL);
    contains(text, "trace,policy,spec,outcome,");
    contains(text, "\n\"a \"\"b\"\", c\",best-fit,best-fit,passed,");
    contains(text, ",mine,mine,defect,77,block 1 overlaps block 2,4096,");
    free(text);
}

/* The same number of fields in every line. */
static void csv_has_a_rectangle(void **state)
{
    int expected = -1, fields = 0, quoted = 0;

    (void)state;
    report_sample_fill(&sample);
    char *text = report_sample_render("csv", &sample.result, NULL);
    for (const char *c = text; *c != '\0'; c++) {
        quoted ^= *c == '"';
        fields += *c == ',' && !quoted;
        if (*c != '\n')
            continue;
        if (expected < 0)
            expected = fields;
        assert_int_equal(fields, expected);
        fields = 0;
    }
    assert_true(expected > SIM_VERDICT_COUNT);
    free(text);
}

static void text_says_what_matters(void **state)
{
    (void)state;
    report_sample_fill(&sample);
    char *text = report_sample_render("text", &sample.result, NULL);
    contains(text, "sample: 769,437 events, peak live 1.21 MiB "
                   "(1,268,777 bytes) in 9,320 blocks; heap 4 KiB\n");
    contains(text, "\nbest-fit   passed    1.95 KiB  1.00x");
    contains(text, "\nfirst-fit  passed    2.44 KiB  1.25x");
    contains(text, "2.1 / 9");
    contains(text, "\nstack      failed    1,202 requests: 1,200 order, "
                   "2 fragmented, the first at event 1,204\n"
                   "                     fragmented: ");
    contains(text, "\nmine       defect    at event 77: block 1 overlaps");
    contains(text, "\npool       unsuited  several sizes\n");
    contains(text, "heap of best-fit at its worst moment, event 512: "
                   "2 KiB free in 2 holes, the largest 1 KiB\n[####");
    contains(text, "    ] 4 KiB\n");
    contains(text, "heap of stack at its first failure, event 1,204: ");
    contains(text, "\n2 blocks (32 B, the oldest from event 12) stand in the "
                   "way at offset 1,024, the cheapest place");
    contains(text, "best-fit needs least: 1.95 KiB (2,000 bytes); 20.0 % "
                   "(500 B) less than first-fit.\n");
    assert_null(strchr(text, '\033'));
    free(text);
}

static void text_has_min_heaps(void **state)
{
    (void)state;
    fill_min_heaps();
    char *text = report_sample_render("text", &sample.result, NULL);
    contains(text, "policy     result    min heap  ratio    extent  internal");
    contains(text, "\nbest-fit   passed       3 KiB  1.00x  1.95 KiB");
    contains(text, "\nfirst-fit  passed      4 KiB?  1.33x  2.44 KiB");
    contains(text, "\nstack      failed        none         1,202 requests");
    contains(text, "\nA min heap with ? was probed");
    contains(text, "\nSmallest safe heap: best-fit, 3 KiB (3,072 bytes); "
                   "25.0 % (1 KiB) less than first-fit.\n");
    free(text);
}

static void documents_have_min_heaps(void **state)
{
    (void)state;
    fill_min_heaps();
    char *text = report_sample_render("csv", &sample.result, NULL);
    contains(text, ",min_heap_bytes,min_heap_smallest_bytes,"
                   "min_heap_anomalies,min_heap_status,");
    contains(text, ",3072,2560,2,exact,");
    contains(text, ",,,,none,");
    free(text);
    text = report_sample_render("json", &sample.result, NULL);
    contains(text, "\"min_heap_status\":\t\"probed\"");
    contains(text, "\"min_heap_smallest_bytes\":\t2560");
    contains(text, "\"min_heap_reason\":\t\"order\"");
    free(text);
}

static void text_fits_the_terminal(void **state)
{
    const struct report_style style = {false, false, 60};

    (void)state;
    report_sample_fill(&sample);
    char *text = report_sample_render("text", &sample.result, &style);
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
        assert_true(strlen(line) <= style.columns);
    free(text);
}

static void text_colour_is_only_added(void **state)
{
    const struct report_style style = {true, false, 0};

    (void)state;
    report_sample_fill(&sample);
    char *plain = report_sample_render("text", &sample.result, NULL);
    char *text = report_sample_render("text", &sample.result, &style);
    contains(text, "\033[32mpassed\033[0m");
    char *to = text;
    for (const char *from = text; *from != '\0'; from++)
        if (*from == '\033')
            from = strchr(from, 'm');
        else
            *to++ = *from;
    *to = '\0';
    assert_string_equal(text, plain);
    free(text);
    free(plain);
}

static void text_escapes_names(void **state)
{
    (void)state;
    report_sample_fill(&sample);
    sample.run.trace.name = "\033]0;x\007";
    strcpy(sample.policies[3].defect_what, "\033[2J");
    char *text = report_sample_render("text", &sample.result, NULL);
    assert_null(strchr(text, '\033'));
    contains(text, "\\x1b]0;x\\x07: ");
    free(text);
}

static void text_says_that_none_passed(void **state)
{
    (void)state;
    report_sample_fill(&sample);
    sample.run.policies += 2;
    sample.run.policy_count -= 2;
    char *text = report_sample_render("text", &sample.result, NULL);
    contains(text, "\nNo policy served every request in this heap.\n");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_integers_are_exact),
        cmocka_unit_test(json_absent_questions_are_absent_keys),
        cmocka_unit_test(json_stays_one_whatever_a_name_holds),
        cmocka_unit_test(schema_knows_every_key),
        cmocka_unit_test(the_distance_from_the_best_is_an_interval),
        cmocka_unit_test(a_certified_best_is_one_number),
        cmocka_unit_test(csv_quotes_what_must_be),
        cmocka_unit_test(csv_has_a_rectangle),
        cmocka_unit_test(text_says_what_matters),
        cmocka_unit_test(text_has_min_heaps),
        cmocka_unit_test(documents_have_min_heaps),
        cmocka_unit_test(text_fits_the_terminal),
        cmocka_unit_test(text_colour_is_only_added),
        cmocka_unit_test(text_escapes_names),
        cmocka_unit_test(text_says_that_none_passed),
    };
    return cmocka_run_group_tests_name("report formats", tests, NULL, NULL);
}
