/* sim/suit.h - can this policy serve this trace at all? */
#ifndef SIM_SUIT_H
#define SIM_SUIT_H

#include <stdbool.h>

#include "measure/census.h"
#include "sim/spec.h"

/* false: reason says why it would be pointless to try. */
bool sim_suited(const struct sim_spec *spec,
                const struct measure_census *census, char *reason,
                size_t reason_bytes);

#endif
