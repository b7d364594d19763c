/* trace/json_header.c - the header from JSON. */
#include "config.h"

#include "trace/json_header.h"

#include <cJSON.h>
#include <stdlib.h>

#include "trace/fail.h"
#include "trace/json_mark.h"

/* The walk over the tree visits every value, as the marks do. */
struct header_walk {
    struct json_header *head;
    struct trace_header *header;
    struct trace_error *error;
    size_t next; /* mark */
    bool late;
};

struct header_key {
    const char *name;
    bool (*take)(struct header_walk *walk, const struct header_key *key,
                 const struct json_mark *mark, const cJSON *value, void *into);
    size_t offset; /* of the member in *into */
    bool late;     /* may stand behind the events */
    bool needed;
};

static void *header_at(void *into, const struct header_key *key)
{
    return (char *)into + key->offset;
}

static bool header_bad(struct header_walk *walk, uint64_t line, uint64_t column,
                       const char *key, const char *what)
{
    walk->error->line = line;
    walk->error->column = column;
    return trace_fail(walk->error, TRACE_BAD, "\"%s\" %s", key, what);
}

static bool header_bad_value(struct header_walk *walk,
                             const struct header_key *key,
                             const struct json_mark *mark, const char *what)
{
    return header_bad(walk, mark->line, mark->column, key->name, what);
}

/* The exact integer, from the text that cJSON has made a double. */
static bool header_number(struct header_walk *walk,
                          const struct json_mark *mark, uint64_t *number)
{
    struct json_scan scan = {0};

    scan.begin = (unsigned char *)walk->head->text + mark->text;
    scan.end = (unsigned char *)walk->head->text + walk->head->used_bytes + 1;
    scan.line = mark->line;
    scan.line_offset = 1 - mark->column;
    scan.error = walk->error;
    return trace_json_count_slow(&scan, scan.begin, number) != NULL;
}

static bool header_take_count(struct header_walk *walk,
                              const struct header_key *key,
                              const struct json_mark *mark, const cJSON *value,
                              void *into)
{
    (void)value;
    return header_number(walk, mark, header_at(into, key));
}

static bool header_take_size(struct header_walk *walk,
                             const struct header_key *key,
                             const struct json_mark *mark, const cJSON *value,
                             void *into)
{
    uint64_t *size_bytes = header_at(into, key);

    if (!header_take_count(walk, key, mark, value, into))
        return false;
    return *size_bytes > 0 ||
           header_bad_value(walk, key, mark, "must be above 0");
}

static bool header_take_power(struct header_walk *walk,
                              const struct header_key *key,
                              const struct json_mark *mark, const cJSON *value,
                              void *into)
{
    uint64_t *power = header_at(into, key);

    if (!header_take_count(walk, key, mark, value, into))
        return false;
    return (*power > 0 && (*power & (*power - 1)) == 0) ||
           header_bad_value(walk, key, mark, "must be a power of two");
}

static bool header_take_bool(struct header_walk *walk,
                             const struct header_key *key,
                             const struct json_mark *mark, const cJSON *value,
                             void *into)
{
    int *flag = header_at(into, key);

    if (!cJSON_IsBool(value))
        return header_bad_value(walk, key, mark, "must be true or false");
    *flag = cJSON_IsTrue(value);
    return true;
}

static bool header_take_text(struct header_walk *walk,
                             const struct header_key *key,
                             const struct json_mark *mark, const cJSON *value,
                             void *into)
{
    char **text = header_at(into, key);

    if (!cJSON_IsString(value))
        return header_bad_value(walk, key, mark, "must be a string");
    *text = strdup(value->valuestring);
    return *text || trace_no_memory(walk->error);
}

static bool header_take_format(struct header_walk *walk,
                               const struct header_key *key,
                               const struct json_mark *mark, const cJSON *value,
                               void *into)
{
    (void)into;
    return (cJSON_IsString(value) &&
            strcmp(value->valuestring, "polished-trace") == 0) ||
           header_bad_value(walk, key, mark, "must be \"polished-trace\"");
}

static bool header_take_version(struct header_walk *walk,
                                const struct header_key *key,
                                const struct json_mark *mark,
                                const cJSON *value, void *into)
{
    uint64_t version;

    (void)value;
    (void)into;
    if (!header_number(walk, mark, &version))
        return false;
    return version == 1 ||
           header_bad_value(walk, key, mark,
                            "must be 1, the only one known here");
}

static const struct header_key header_memory_keys[] = {
    {"base", header_take_count, offsetof(struct trace_memory, base), true,
     true},
    {"size", header_take_size, offsetof(struct trace_memory, size_bytes), true,
     true},
    {"reserved", header_take_bool, offsetof(struct trace_memory, reserved),
     true, false},
    {NULL, NULL, 0, false, false},
};

static const char *header_memory_name(size_t index)
{
    return header_memory_keys[index].name;
}

static bool header_members(struct header_walk *walk, const cJSON *object,
                           const struct header_key *keys,
                           const char *(*name)(size_t index), unsigned *seen,
                           void *into);

static bool header_piece(struct header_walk *walk, const struct header_key *key,
                         const cJSON *item, struct trace_memory *piece)
{
    const struct json_mark *mark = &walk->head->marks[walk->next++];
    unsigned seen = 0;

    memset(piece, 0, sizeof *piece);
    if (!cJSON_IsObject(item))
        return header_bad_value(walk, key, mark, "must hold objects");
    if (!header_members(walk, item, header_memory_keys, header_memory_name,
                        &seen, piece))
        return false;
    for (size_t i = 0; header_memory_keys[i].name; i++)
        if (header_memory_keys[i].needed && !(seen & 1u << i))
            return header_bad(walk, mark->line, mark->column,
                              header_memory_keys[i].name,
                              "is missing from this piece of memory");
    if (piece->base + (piece->size_bytes - 1) < piece->base)
        return header_bad_value(walk, key, mark, "reaches beyond 2^64");
    return true;
}

static bool header_take_memory(struct header_walk *walk,
                               const struct header_key *key,
                               const struct json_mark *mark, const cJSON *value,
                               void *into)
{
    struct trace_header *header = into;
    size_t count = (size_t)cJSON_GetArraySize(value);
    const cJSON *item;

    if (!cJSON_IsArray(value))
        return header_bad_value(walk, key, mark, "must be an array");
    header->memory = calloc(count + 1, sizeof *header->memory);
    if (!header->memory)
        return trace_no_memory(walk->error);
    cJSON_ArrayForEach(
        item,
        value) if (!header_piece(walk, key, item,
                                 &header->memory
                                      [header->memory_count++])) return false;
    return true;
}

static const struct header_key header_keys[] = {
    {"format", header_take_format, 0, true, false},
    {"version", header_take_version, 0, true, false},
    {"name", header_take_text, offsetof(struct trace_header, name), true,
     false},
    {"source", header_take_text, offsetof(struct trace_header, source), true,
     false},
    {"spec", header_take_text, offsetof(struct trace_header, spec), false,
     false},
    {"align", header_take_power, offsetof(struct trace_header, align_bytes),
     false, false},
    {"memory", header_take_memory, 0, false, false},
    {"events", NULL, 0, false, false},
    {NULL, NULL, 0, false, false},
};

static const char *header_name(size_t index)
{
    return header_keys[index].name;
}

static bool header_unknown(struct header_walk *walk,
                           const struct json_mark *mark, const char *key,
                           const char *(*name)(size_t index))
{
    const char *near = trace_nearest(key, strlen(key), name);

    walk->error->line = mark->key_line;
    walk->error->column = mark->key_column;
    if (near)
        return trace_fail(walk->error, TRACE_BAD,
                          "unknown key \"%.40s\", did you mean \"%s\"?", key,
                          near);
    return trace_fail(walk->error, TRACE_BAD, "unknown key \"%.40s\"", key);
}

static bool header_member(struct header_walk *walk, const cJSON *value,
                          const struct header_key *keys,
                          const char *(*name)(size_t index), unsigned *seen,
                          void *into)
{
    const struct json_mark *mark = &walk->head->marks[walk->next++];
    unsigned row = 0;

    while (keys[row].name && strcmp(keys[row].name, value->string) != 0)
        row++;
    if (!keys[row].name)
        return header_unknown(walk, mark, value->string, name);
    if (*seen & 1u << row || !keys[row].take)
        return header_bad(walk, mark->key_line, mark->key_column,
                          keys[row].name, "stands here a second time");
    if (walk->late && !keys[row].late)
        return header_bad(walk, mark->key_line, mark->key_column,
                          keys[row].name, "must stand before the events");
    *seen |= 1u << row;
    return keys[row].take(walk, &keys[row], mark, value, into);
}

static bool header_members(struct header_walk *walk, const cJSON *object,
                           const struct header_key *keys,
                           const char *(*name)(size_t index), unsigned *seen,
                           void *into)
{
    const cJSON *member;

    cJSON_ArrayForEach(member,
                       object) if (!header_member(walk, member, keys, name,
                                                  seen, into)) return false;
    return true;
}

bool trace_json_header_take(struct json_header *head,
                            struct trace_header *header, bool late,
                            struct trace_error *error)
{
    struct header_walk walk = {head, header, error, 0, late};
    cJSON *tree;
    bool fine;

    if (head->used_bytes == 0)
        return true;
    head->text[0] = '{';
    head->text[head->used_bytes] = '}';
    tree = cJSON_ParseWithLength(head->text, head->used_bytes + 1);
    if (!tree)
        return trace_no_memory(error);
    fine = header_members(&walk, tree, header_keys, header_name, &head->seen,
                          header);
    cJSON_Delete(tree);
    trace_json_header_clear(head);
    return fine;
}

bool trace_json_header_is_ours(const struct json_header *head)
{
    return head->seen & 1;
}
