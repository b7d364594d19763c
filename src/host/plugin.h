/*
 * host/plugin.h - policies that come as shared objects.
 *
 * A file is first read, which is safe, and only then loaded, which runs its
 * code: whoever loads it is a process that may crash or hang.
 */
#ifndef HOST_PLUGIN_H
#define HOST_PLUGIN_H

#include <stddef.h>

#include "polished/policy.h"

enum host_file {
    HOST_FILE_POLICY,  /* exports polished_plugin */
    HOST_FILE_MALLOC,  /* exports malloc and free */
    HOST_FILE_NEITHER, /* is something else */
    HOST_FILE_MISSING  /* cannot be read */
};

/* What is this file?  For the last two message says it in words. */
enum host_file host_file_judge(const char *path, char *message,
                               size_t message_bytes);

/*
 * Load a HOST_FILE_POLICY, for good, and judge its row.  NULL: message says
 * why it is no use.
 */
const struct polished_ops *host_plugin_load(const char *path, char *message,
                                            size_t message_bytes);

#endif
