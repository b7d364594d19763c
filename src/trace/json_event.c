/* trace/json_event.c - the members of an event, by a table. */
#include "trace/json_event.h"

#include "trace/fail.h"
#include "trace/rules.h"

enum {
    SEEN_HAS = 0xfff,
    SEEN_FALSE = 1 << 30, /* "zero" is false, which says nothing */
    SEEN_ALWAYS = TRACE_STATES_OP | TRACE_ALWAYS | SEEN_FALSE,
    /* Numbers, and what has few values: nearly every event. */
    SEEN_SHAPED = TRACE_STATES_OP | TRACE_STATES_ID | TRACE_STATES_SIZE |
                  TRACE_HAS_ALIGN | TRACE_HAS_ZERO | TRACE_HAS_HEAP |
                  TRACE_HAS_THREAD | TRACE_HAS_TIME
};

enum event_kind {
    KIND_OP,
    KIND_COUNT,
    KIND_POWER, /* of two */
    KIND_ABOVE, /* 1 and more */
    KIND_DELTA,
    KIND_BOOL,
    KIND_TEXT
};

static const struct event_key {
    const char *name;
    unsigned bit;
    uint8_t kind;
    uint8_t offset;
} event_keys[] = {
#define KEY(name, bit, kind, member)                                           \
    {                                                                          \
        name, bit, kind, (uint8_t)offsetof(struct trace_event, member)         \
    }
    KEY("op", TRACE_STATES_OP, KIND_OP, op),
    KEY("id", TRACE_STATES_ID, KIND_COUNT, id),
    KEY("size", TRACE_STATES_SIZE, KIND_COUNT, size_bytes),
    KEY("align", TRACE_HAS_ALIGN, KIND_POWER, align_bytes),
    KEY("zero", TRACE_HAS_ZERO, KIND_BOOL, op),
    KEY("below", TRACE_HAS_BELOW, KIND_ABOVE, below),
    KEY("boundary", TRACE_HAS_BOUNDARY, KIND_POWER, boundary),
    KEY("heap", TRACE_HAS_HEAP, KIND_COUNT, heap),
    KEY("thread", TRACE_HAS_THREAD, KIND_COUNT, thread),
    KEY("time", TRACE_HAS_TIME, KIND_COUNT, time_ns),
    KEY("site", TRACE_HAS_SITE, KIND_TEXT, site),
    KEY("label", TRACE_STATES_LABEL, KIND_TEXT, label),
    KEY("name", TRACE_STATES_NAME, KIND_TEXT, label),
    KEY("delta", TRACE_HAS_DELTA, KIND_DELTA, delta_bytes),
    KEY("claim", TRACE_HAS_CLAIM, KIND_COUNT, claim_bytes),
    KEY("a", TRACE_HAS_A, KIND_COUNT, a),
    KEY("b", TRACE_HAS_B, KIND_COUNT, b),
#undef KEY
    {NULL, 0, 0, 0},
};

static const char *event_key_name(size_t index)
{
    return event_keys[index].name;
}

void trace_json_events_make(struct json_events *events,
                            struct trace_strings *strings, bool misuse)
{
    trace_json_words_make(&events->keys, event_key_name, 3);
    trace_json_words_make(&events->ops, trace_op_name, 4);
    events->shapes = (struct json_shapes){0};
    events->strings = strings;
    for (size_t op = 0; op < TRACE_OP_COUNT; op++) {
        const struct trace_rule *rule = &trace_rules[op];
        unsigned takes = trace_rule_takes(op, misuse);

        events->needs[op] = rule->needs | TRACE_STATES_OP;
        events->refuses[op] = takes ? ~(takes | SEEN_ALWAYS) : ~0u;
    }
}

/* The lists of words, for messages. */
static const struct event_list {
    const char *what, *one;
    const char *(*name)(size_t index);
} event_key_list = {"key", "a key", event_key_name},
  event_op_list = {"operation", "an operation", trace_op_name};

static const unsigned char *event_unknown(struct json_scan *scan,
                                          const unsigned char *at,
                                          const struct event_list *list,
                                          const char *text, size_t length)
{
    const char *near = trace_nearest(text, length, list->name);
    int shown = length < 40 ? (int)length : 40;

    if (near)
        return trace_json_bad(scan, at,
                              "unknown %s \"%.*s\", did you mean \"%s\"?",
                              list->what, shown, text, near);
    return trace_json_bad(scan, at, "unknown %s \"%.*s\"", list->what, shown,
                          text);
}

/* A word that is not known by its letters may be when unescaped. */
static const unsigned char *event_word_slow(struct json_scan *scan,
                                            const unsigned char *at,
                                            const struct event_list *list,
                                            unsigned *index)
{
    const unsigned char *behind;
    const char *text;
    size_t length;

    if (*at != '"')
        return trace_json_expected(scan, at, list->one);
    behind = trace_json_string(scan, at, &text, &length);
    if (!behind)
        return NULL;
    for (unsigned i = 0; list->name(i); i++)
        if (strlen(list->name(i)) == length &&
            memcmp(list->name(i), text, length) == 0) {
            *index = i;
            return behind;
        }
    return event_unknown(scan, at, list, text, length);
}

static inline const unsigned char *event_key_at(const struct json_words *keys,
                                                struct json_scan *scan,
                                                const unsigned char *at,
                                                unsigned *index)
{
    const struct json_word *word;

    if (*at != '"')
        return trace_json_expected(scan, at, event_key_list.one);
    word = trace_json_words_find(keys, at + 1);
    if (!word)
        return event_word_slow(scan, at, &event_key_list, index);
    *index = word->index;
    return at + word->length + 2;
}

static inline const unsigned char *event_op(const struct json_events *events,
                                            struct json_scan *scan,
                                            const unsigned char *at,
                                            struct trace_event *event)
{
    const struct json_word *word = trace_json_words_find(&events->ops, at + 1);
    unsigned index = 0;

    if (*at == '"' && word) {
        event->op = (uint8_t)word->index;
        return at + word->length + 2;
    }
    at = event_word_slow(scan, at, &event_op_list, &index);
    event->op = (uint8_t)index;
    return at;
}

static const unsigned char *event_text(const struct json_events *events,
                                       struct json_scan *scan,
                                       const unsigned char *at,
                                       trace_string *number)
{
    const unsigned char *behind;
    const char *text;
    size_t length;

    behind = trace_json_string(scan, at, &text, &length);
    if (behind &&
        !trace_strings_intern(events->strings, text, length, number)) {
        scan->bad = at;
        trace_no_memory(scan->error);
        return NULL;
    }
    return behind;
}

static const unsigned char *event_range(struct json_scan *scan,
                                        const unsigned char *at,
                                        const struct event_key *key,
                                        uint64_t *count)
{
    const unsigned char *behind = trace_json_count(scan, at, count);

    if (behind && *count == 0)
        return trace_json_bad(scan, at, "\"%s\" must be above 0", key->name);
    if (behind && key->kind == KIND_POWER && (*count & (*count - 1)) != 0)
        return trace_json_bad(scan, at, "\"%s\" must be a power of two",
                              key->name);
    return behind;
}

static inline void *event_at(struct trace_event *event,
                             const struct event_key *key)
{
    return (char *)event + key->offset;
}

/* Values but counts and operations. */
static const unsigned char *
event_rare(const struct json_events *events, struct json_scan *scan,
           const unsigned char *at, const struct event_key *key,
           struct trace_event *event, unsigned *seen)
{
    void *member = event_at(event, key);
    bool zero = true;

    switch (key->kind) {
    case KIND_POWER:
    case KIND_ABOVE:
        return event_range(scan, at, key, member);
    case KIND_DELTA:
        return trace_json_delta(scan, at, member);
    case KIND_TEXT:
        return event_text(events, scan, at, member);
    default:
        at = trace_json_bool(scan, at, &zero);
        *seen |= zero ? 0 : SEEN_FALSE;
        return at;
    }
}

static const unsigned char *event_count(struct json_events *events,
                                        struct json_scan *scan,
                                        const unsigned char *at,
                                        const struct event_key *key,
                                        struct trace_event *event)
{
    const unsigned char *behind =
        trace_json_count(scan, at, event_at(event, key));

    if (events->number_count < JSON_SHAPE_NUMBERS)
        events->numbers[events->number_count] =
            (struct json_number){at, behind, key->offset};
    events->number_count++;
    return behind;
}

/* One member; at its key. */
static inline const unsigned char *
event_member(struct json_events *events, struct json_scan *scan,
             const unsigned char *at, struct trace_event *event, unsigned *seen)
{
    const unsigned char *start = at;
    const struct event_key *key;
    unsigned index;

    at = event_key_at(&events->keys, scan, at, &index);
    if (!at)
        return NULL;
    key = &event_keys[index];
    if (*seen & key->bit)
        return trace_json_bad(scan, start, "the key \"%s\" a second time",
                              key->name);
    *seen |= key->bit;
    at = trace_json_space(scan, at);
    if (*at != ':')
        return trace_json_expected(scan, at, "':'");
    at = trace_json_space(scan, at + 1);
    if (key->kind == KIND_COUNT)
        return event_count(events, scan, at, key, event);
    if (key->kind == KIND_OP)
        return event_op(events, scan, at, event);
    return event_rare(events, scan, at, key, event, seen);
}

static const char *event_key_of(unsigned bits)
{
    size_t i = 0;

    while (event_keys[i].name && !(event_keys[i].bit & bits))
        i++;
    return event_keys[i].name;
}

/* Say what is wrong with an event whose members do not fit its op. */
static const unsigned char *event_misfit(struct json_scan *scan,
                                         const unsigned char *at, unsigned seen,
                                         unsigned refuses,
                                         const struct trace_rule *rule)
{
    unsigned missing = rule->needs & ~seen, extra = seen & refuses;

    if (!(seen & TRACE_STATES_OP))
        return trace_json_bad(scan, at, "an event needs \"op\"");
    if (rule->is_misuse && (refuses & TRACE_STATES_OP))
        return trace_json_bad(scan, at, "\"%s\" needs --misuse", rule->name);
    if (missing)
        return trace_json_bad(scan, at, "%s needs \"%s\"", rule->name,
                              event_key_of(missing));
    if (extra & rule->misuse)
        return trace_json_bad(scan, at, "\"%s\" needs --misuse",
                              event_key_of(extra & rule->misuse));
    if (extra)
        return trace_json_bad(scan, at, "%s takes no \"%s\"", rule->name,
                              event_key_of(extra));
    return trace_json_bad(scan, at, "realloc to 0 bytes: write a free");
}

static const unsigned char *event_members(struct json_events *events,
                                          struct json_scan *scan,
                                          const unsigned char *at,
                                          struct trace_event *event,
                                          unsigned *seen)
{
    at = trace_json_space(scan, at);
    if (*at == '}')
        return at + 1;
    for (;;) {
        at = event_member(events, scan, at, event, seen);
        if (!at)
            return NULL;
        at = trace_json_space(scan, at);
        if (*at == '}')
            return at + 1;
        if (*at != ',')
            return trace_json_expected(scan, at, "',' or '}'");
        at = trace_json_space(scan, at + 1);
    }
}

/* An event that was parsed; its numbers have been noted. */
static void event_learn(struct json_events *events, const unsigned char *start,
                        const unsigned char *end,
                        const struct trace_event *event, unsigned seen)
{
    if ((seen & ~SEEN_SHAPED) == 0)
        trace_json_shapes_learn(&events->shapes, start, end, events->numbers,
                                events->number_count, event);
}

const unsigned char *trace_json_event(struct json_events *events,
                                      struct json_scan *scan,
                                      const unsigned char *at,
                                      struct trace_event *event)
{
    const unsigned char *start = at;
    uint64_t line = scan->line, line_offset = scan->line_offset;
    unsigned seen = 0, needs, refuses;

    at = trace_json_shapes_read(&events->shapes, scan, start, event);
    if (at)
        return at;
    if (*start != '{')
        return trace_json_expected(scan, start, "an event");
    event->op = 0;
    events->number_count = 0;
    at = event_members(events, scan, start + 1, event, &seen);
    if (!at)
        return NULL;
    needs = events->needs[event->op];
    refuses = events->refuses[event->op];
    event->has = seen & SEEN_HAS;
    if (seen & SEEN_FALSE)
        event->has &= ~TRACE_HAS_ZERO;
    if ((seen & needs) == needs && !(seen & refuses) &&
        !(event->op == TRACE_REALLOC && event->size_bytes == 0)) {
        event_learn(events, start, at, event, seen);
        return at;
    }
    scan->line = line;
    scan->line_offset = line_offset;
    return event_misfit(scan, start, seen, refuses, &trace_rules[event->op]);
}
