/* evil_row.c - a row without what every row has. */
#include "polished/policy.h"

const struct polished_ops polished_plugin = {
    .abi = POLISHED_ABI,
    .name = "evil",
};
