#include "config.h"

#include "host/host.h"
#include "polished/policies.h"
#include "sim/simulate.h"

#define POLISHED_ROW(symbol)    {&symbol, true},
#define HOST_ROW(symbol, usual) {&symbol##_ops, usual},
const struct sim_row sim_rows[] = {
#include "polished/policies.def"
#include "host/host.def"
    {NULL, false},
};
