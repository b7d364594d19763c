#include "config.h"

#include "sim/spec.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "host/plugin.h"
#include "polished/policies.h"
#include "sim/simulate.h"
#include "sim/size.h"

/* What is being read, and where to complain. */
struct spec_reader {
    const char *at;
    struct sim_spec *spec;
    char *message;
    size_t message_bytes;
};

__attribute__((format(printf, 2, 3))) static bool
spec_refuse(struct spec_reader *reader, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(reader->message, reader->message_bytes, format, arguments);
    va_end(arguments);
    return false;
}

/* The next word, up to one of these signs of the grammar. */
static bool spec_word(struct spec_reader *reader, const char *signs,
                      char word[SIM_SPEC_BYTES])
{
    size_t letters = strcspn(reader->at, signs);

    if (letters == 0 || letters >= SIM_SPEC_BYTES)
        return spec_refuse(reader, "a name is expected at \"%s\"", reader->at);
    memcpy(word, reader->at, letters);
    word[letters] = '\0';
    reader->at += letters;
    return true;
}

static bool spec_unknown_policy(struct spec_reader *reader, const char *name)
{
    const char *nearest = NULL;
    unsigned least = SIM_FAR;

    for (const struct sim_row *row = sim_rows; row->ops != NULL; row++) {
        unsigned far = sim_distance(name, row->ops->name);

        if (far < least) {
            least = far;
            nearest = row->ops->name;
        }
    }
    if (nearest == NULL)
        return spec_refuse(reader,
                           "there is no policy \"%s\"; --list shows"
                           " them",
                           name);
    return spec_refuse(reader, "there is no policy \"%s\"; did you mean %s?",
                       name, nearest);
}

static const struct polished_ops *spec_policy(const char *name)
{
    for (const struct sim_row *row = sim_rows; row->ops != NULL; row++)
        if (strcmp(row->ops->name, name) == 0)
            return row->ops;
    return NULL;
}

/* Processes get pages; slabs and large blocks come from where both are had
   in bounded time and with little waste (docs/allocators.md). */
const struct polished_ops *sim_usual_source(const struct polished_ops *ops)
{
    return spec_policy(ops->caps & POLISHED_OWNERS ? "frame-bitmap" : "tlsf");
}

bool sim_spec_is_foreign(const char *text)
{
    return strchr(text, '/') != NULL || strstr(text, ".so") != NULL;
}

/* A malloc is no policy to look into: the row of this process's own stands
   for it, in a process where it is that. */
static const struct polished_ops *spec_malloc(struct spec_reader *reader,
                                              const char *path)
{
    if (reader->spec->layer_count != 0) {
        spec_refuse(reader, "%s is a malloc: no heap draws from it", path);
        return NULL;
    }
    snprintf(reader->spec->preload, sizeof reader->spec->preload, "%s", path);
    return &host_system_ops;
}

/* dlopen looks for a name without a slash elsewhere than here. */
static const struct polished_ops *spec_file(struct spec_reader *reader,
                                            const char *name)
{
    char path[SIM_SPEC_BYTES + 2], why[SIM_TEXT_BYTES];
    const struct polished_ops *ops = NULL;
    enum host_file kind;

    snprintf(path, sizeof path, "%s%s", strchr(name, '/') ? "" : "./", name);
    kind = host_file_judge(path, why, sizeof why);
    reader->spec->missing = kind == HOST_FILE_MISSING;
    if (kind == HOST_FILE_MALLOC)
        return spec_malloc(reader, name);
    if (kind == HOST_FILE_POLICY)
        ops = host_plugin_load(path, why, sizeof why);
    if (ops == NULL)
        spec_refuse(reader, "%s: %s", name, why);
    return ops;
}

/* NULL: the reader has said why. */
static const struct polished_ops *spec_named(struct spec_reader *reader,
                                             const char *name)
{
    const struct polished_ops *ops;

    if (sim_spec_is_foreign(name))
        return spec_file(reader, name);
    ops = spec_policy(name);
    if (ops == NULL)
        spec_unknown_policy(reader, name);
    return ops;
}

static bool spec_layer(struct spec_reader *reader);

/* Add a layer, with the usual values. */
static struct sim_layer *spec_add(struct spec_reader *reader,
                                  const struct polished_ops *ops)
{
    struct sim_spec *spec = reader->spec;
    struct sim_layer *layer = &spec->layers[spec->layer_count];

    if (spec->layer_count == SIM_NESTED) {
        spec_refuse(reader, "more than %d heaps over heaps", SIM_NESTED);
        return NULL;
    }
    layer->ops = ops;
    for (unsigned i = 0; ops->knobs != NULL && ops->knobs[i].name != NULL; i++)
        layer->knobs[i] = ops->knobs[i].usual;
    spec->layer_count++;
    return layer;
}

static bool spec_number(struct spec_reader *reader,
                        const struct polished_knob *knob, polished_size *value)
{
    uint64_t number;

    if (!sim_size_read(&reader->at, &number))
        return spec_refuse(reader, "%s needs a number, not \"%s\"", knob->name,
                           reader->at);
    if (number < knob->least || number > knob->most)
        return spec_refuse(
            reader, "%s must be from %" PRIu64 " to %" PRIu64 ", not %" PRIu64,
            knob->name, (uint64_t)knob->least, (uint64_t)knob->most, number);
    if (knob->form == POLISHED_POWER_OF_TWO && (number & (number - 1)) != 0)
        return spec_refuse(reader, "%s must be a power of two, not %" PRIu64,
                           knob->name, number);
    *value = (polished_size)number;
    return true;
}

/* A source: a spec in parentheses, or a bare name. */
static bool spec_source(struct spec_reader *reader)
{
    bool nested = *reader->at == '(';

    reader->at += nested;
    if (!spec_layer(reader))
        return false;
    if (nested && *reader->at++ != ')')
        return spec_refuse(reader, "a ) is missing");
    return true;
}

static bool spec_knob(struct spec_reader *reader, struct sim_layer *layer)
{
    const struct polished_ops *ops = layer->ops;
    char name[SIM_SPEC_BYTES];
    const struct polished_knob *knob = ops->knobs;

    if (!spec_word(reader, "=:,()", name))
        return false;
    while (knob != NULL && knob->name != NULL && strcmp(knob->name, name) != 0)
        knob++;
    if (knob == NULL || knob->name == NULL)
        return spec_refuse(reader, "%s has no knob \"%s\"", ops->name, name);
    if (*reader->at++ != '=')
        return spec_refuse(reader, "%s needs a value: %s=...", name, name);
    if (knob->form == POLISHED_POLICY)
        return spec_source(reader);
    layer->told |= 1u << (knob - ops->knobs);
    return spec_number(reader, knob, &layer->knobs[knob - ops->knobs]);
}

static bool spec_layer(struct spec_reader *reader)
{
    const struct polished_ops *ops;
    char name[SIM_SPEC_BYTES];
    struct sim_layer *layer;

    if (!spec_word(reader, ":,()", name))
        return false;
    ops = spec_named(reader, name);
    if (ops == NULL)
        return false;
    layer = spec_add(reader, ops);
    if (layer == NULL)
        return false;
    if (*reader->at != ':')
        return true;
    if (reader->spec->preload[0] != '\0')
        return spec_refuse(reader, "%s is a malloc: it has no knobs", name);
    do {
        reader->at++;
        if (!spec_knob(reader, layer))
            return false;
    } while (*reader->at == ',');
    return true;
}

/* May the one policy draw from the other? */
static bool spec_feeds(struct spec_reader *reader,
                       const struct polished_ops *ops,
                       const struct polished_ops *source)
{
    if (!(ops->caps & POLISHED_SOURCE))
        return spec_refuse(reader, "there are two heaps to draw from");
    if (!POLISHED_CAN_FEED(source->caps) || host_row_of(source) != NULL)
        return spec_refuse(reader,
                           "%s cannot draw from %s, but from a policy that"
                           " takes back blocks in any order",
                           ops->name, source->name);
    return true;
}

/* Each layer draws from the next, the last from none. */
static bool spec_chain(struct spec_reader *reader)
{
    struct sim_spec *spec = reader->spec;
    const struct polished_ops *last = spec->layers[spec->layer_count - 1].ops;

    if ((last->caps & POLISHED_SOURCE) &&
        spec_add(reader, sim_usual_source(last)) == NULL)
        return false;
    for (unsigned i = 0; i + 1 < spec->layer_count; i++)
        if (!spec_feeds(reader, spec->layers[i].ops, spec->layers[i + 1].ops))
            return false;
    return true;
}

bool sim_spec_parse(const char *text, struct sim_spec *spec, char *message,
                    size_t message_bytes)
{
    struct spec_reader reader = {text, spec, message, message_bytes};

    *spec = (struct sim_spec){0};
    if (!spec_layer(&reader))
        return false;
    if (*reader.at != '\0')
        return spec_refuse(&reader, "nothing is expected at \"%s\"", reader.at);
    if (!spec_chain(&reader))
        return false;
    spec->host = host_row_of(spec->layers[0].ops);
    return true;
}

void sim_spec_name(const struct sim_spec *spec, char *name, size_t name_bytes)
{
    const char *slash = strrchr(spec->preload, '/');
    const char *file = slash == NULL ? spec->preload : slash + 1;

    snprintf(name, name_bytes, "%s",
             spec->preload[0] == '\0' ? spec->layers[0].ops->name : file);
}

void sim_spec_heaps(struct sim_spec *spec, uint64_t heaps)
{
    struct sim_layer *layer = &spec->layers[0];
    const struct polished_knob *knob = layer->ops->knobs;

    if (!(layer->ops->caps & POLISHED_OWNERS) || knob == NULL)
        return;
    for (unsigned i = 0; knob[i].name != NULL; i++)
        if (strcmp(knob[i].name, "heaps") == 0 && !(layer->told >> i & 1) &&
            heaps > layer->knobs[i])
            layer->knobs[i] =
                (polished_size)(heaps < knob[i].most ? heaps : knob[i].most);
}
