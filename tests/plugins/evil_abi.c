/* evil_abi.c - a row of another version of the contract. */
#include "polished/policy.h"

const struct polished_ops polished_plugin = {
    .abi = 7u << 16 | 88,
    .name = "evil",
};
