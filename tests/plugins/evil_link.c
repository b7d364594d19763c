/* evil_link.c - needs what nobody has. */
#include "polished/policy.h"

extern polished_size evil_nobody(const polished_size *, polished_size);

const struct polished_ops polished_plugin = {
    .abi = POLISHED_ABI,
    .name = "evil",
    .control_bytes = evil_nobody,
};
