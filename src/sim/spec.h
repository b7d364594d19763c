/*
 * sim/spec.h - which policy, with which knobs, over which other one.
 *
 *     NAME[:KNOB=VALUE,...]     best-fit
 *                               slab:pages=(buddy:grain_bytes=4096)
 *
 * A policy that draws from another heap, and is not told which, draws from
 * sim_usual_source().
 */
#ifndef SIM_SPEC_H
#define SIM_SPEC_H

#include <stdbool.h>

#include "host/host.h"
#include "polished/heap.h"

enum { SIM_NESTED = 8 };

/* A chain of policies, from the outermost to its source's source. */
struct sim_spec {
    struct sim_layer {
        const struct polished_ops *ops;
        polished_size knobs[POLISHED_KNOBS];
    } layers[SIM_NESTED];
    unsigned layer_count;
    const struct host_row *host; /* how to treat the outermost; may be NULL */
};

/* false: message says what is wrong. */
bool sim_spec_parse(const char *text, struct sim_spec *spec, char *message,
                    size_t message_bytes);

#endif
