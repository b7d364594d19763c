/* plugin.c - loading a policy, and judging its row before it is used. */
#include "config.h"

#include <dlfcn.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

#include "host/plugin.h"

__attribute__((format(printf, 3, 4))) static bool
plugin_refuse(char *message, size_t message_bytes, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(message, message_bytes, format, arguments);
    va_end(arguments);
    return false;
}

/* The version stands before all else, so that a row of any version has it. */
static bool plugin_judge_abi(const struct polished_ops *ops, char *message,
                             size_t message_bytes)
{
    return ops->abi == POLISHED_ABI ||
           plugin_refuse(message, message_bytes,
                         "was built for version %u of the contract with a row"
                         " of %u bytes; this program has version %u with %u",
                         ops->abi >> 16, ops->abi & 0xffff, POLISHED_ABI >> 16,
                         POLISHED_ABI & 0xffff);
}

/* A row may lack what "cannot" may be said of, nothing else. */
static bool plugin_judge_row(const struct polished_ops *ops, char *message,
                             size_t message_bytes)
{
    const struct {
        const char *name;
        bool is_there;
    } members[] = {
        {"name", ops->name != NULL},
        {"control_bytes", ops->control_bytes != NULL},
        {"init", ops->init != NULL},
        {"alloc", ops->alloc != NULL},
        {"reset", ops->reset != NULL},
        {"walk", ops->walk != NULL},
    };

    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        if (!members[i].is_there)
            return plugin_refuse(message, message_bytes,
                                 "its polished_plugin has no %s",
                                 members[i].name);
    return true;
}

static bool plugin_judge_knobs(const struct polished_ops *ops, char *message,
                               size_t message_bytes)
{
    const struct polished_knob *knob = ops->knobs;
    unsigned count = 0;

    for (; knob != NULL && knob->name != NULL; knob++, count++) {
        if (count == POLISHED_KNOBS)
            return plugin_refuse(message, message_bytes,
                                 "has more than %d knobs", POLISHED_KNOBS);
        if (knob->form != POLISHED_POLICY &&
            (knob->usual < knob->least || knob->usual > knob->most))
            return plugin_refuse(message, message_bytes,
                                 "the usual value of its knob %s is out of"
                                 " range",
                                 knob->name);
    }
    return true;
}

const struct polished_ops *host_plugin_load(const char *path, char *message,
                                            size_t message_bytes)
{
    void *module = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    const struct polished_ops *ops =
        module == NULL ? NULL : dlsym(module, "polished_plugin");

    if (ops == NULL) {
        plugin_refuse(message, message_bytes, "cannot be loaded: %s",
                      dlerror());
        return NULL;
    }
    return plugin_judge_abi(ops, message, message_bytes) &&
                   plugin_judge_row(ops, message, message_bytes) &&
                   plugin_judge_knobs(ops, message, message_bytes)
               ? ops
               : NULL;
}
