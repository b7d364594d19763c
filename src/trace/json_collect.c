/* trace/json_collect.c - the text of a header, and where its values stand. */
#include "trace/json_header.h"

#include <stdlib.h>

#include "trace/fail.h"
#include "trace/input.h"
#include "trace/json_mark.h"

static bool collect_grow(void **array, size_t *capacity, size_t wanted,
                         size_t item_bytes)
{
    size_t grown = *capacity ? *capacity : 64;
    void *moved;

    if (wanted <= *capacity)
        return true;
    while (grown < wanted)
        grown *= 2;
    moved = realloc(*array, grown * item_bytes);
    if (!moved)
        return false;
    *array = moved;
    *capacity = grown;
    return true;
}

/* Note where a value stands, in the trace and in the text to be. */
static bool collect_visit(struct json_visitor *visitor, struct json_scan *scan,
                          const unsigned char *key, const unsigned char *value)
{
    struct json_header *head = (struct json_header *)visitor;
    struct json_mark *mark;

    scan->bad = value;
    if (!collect_grow((void **)&head->marks, &head->mark_capacity,
                      head->mark_count + 1, sizeof *head->marks))
        return trace_no_memory(scan->error);
    mark = &head->marks[head->mark_count++];
    mark->text = head->used_bytes + 1 + (size_t)(value - head->member);
    mark->line = scan->line;
    mark->column = trace_json_column(scan, value);
    mark->key_line = scan->line;
    mark->key_column = key ? trace_json_column(scan, key) : mark->column;
    return true;
}

void trace_json_header_make(struct json_header *head)
{
    head->visitor.visit = collect_visit;
}

void trace_json_header_clear(struct json_header *head)
{
    head->used_bytes = head->mark_count = 0;
    head->has_op = false;
}

void trace_json_header_close(struct json_header *head)
{
    free(head->text);
    free(head->marks);
}

/* Append ",member" to the text, whose first comma becomes the brace. */
static bool collect_append(struct json_header *head, struct json_scan *scan,
                           const unsigned char *member, size_t bytes)
{
    scan->bad = member;
    if (head->used_bytes + bytes >= TRACE_LONGEST) {
        trace_json_bad(scan, member, "the header is longer than %d bytes",
                       TRACE_LONGEST);
        return false;
    }
    if (!collect_grow((void **)&head->text, &head->capacity_bytes,
                      head->used_bytes + bytes + TRACE_INPUT_PAD, 1))
        return trace_no_memory(scan->error);
    head->text[head->used_bytes] = ',';
    memcpy(head->text + head->used_bytes + 1, member, bytes);
    head->used_bytes += bytes + 1;
    memset(head->text + head->used_bytes, 0, TRACE_INPUT_PAD - 1);
    return true;
}

const unsigned char *trace_json_header_member(struct json_header *head,
                                              struct json_scan *scan,
                                              const unsigned char *at)
{
    const unsigned char *value = at, *behind;

    head->member = at;
    if (*at == '"' && memcmp(at, "\"op\"", 4) == 0)
        head->has_op = true;
    if (!trace_json_key(scan, &value) ||
        !collect_visit(&head->visitor, scan, at, value))
        return NULL;
    behind = trace_json_value(scan, value, &head->visitor);
    if (!behind || !collect_append(head, scan, at, (size_t)(behind - at)))
        return NULL;
    return behind;
}

const unsigned char *trace_json_header_object(struct json_header *head,
                                              struct json_scan *scan,
                                              const unsigned char *at)
{
    if (*at != '{')
        return trace_json_expected(scan, at, "a header");
    at = trace_json_space(scan, at + 1);
    if (*at == '}')
        return at + 1;
    for (;; at = trace_json_space(scan, at + 1)) {
        at = trace_json_header_member(head, scan, at);
        if (!at)
            return NULL;
        at = trace_json_space(scan, at);
        if (*at == '}')
            return at + 1;
        if (*at != ',')
            return trace_json_expected(scan, at, "',' or '}'");
    }
}
