/*
 * sim/spec.h - which policy, with which knobs, over which other one.
 *
 *     NAME[:KNOB=VALUE,...]     best-fit
 *                               slab:pages=(buddy:grain_bytes=4096)
 *     PATH[:KNOB=VALUE,...]     ./mine.so:grain_bytes=64
 *                               ./libmalloc.so.2
 *
 * A name with a / or .so in it is a path, and a spec with a path is foreign.
 *
 * A policy that draws from another heap, and is not told which, draws from
 * what sim_usual_source() says.
 */
#ifndef SIM_SPEC_H
#define SIM_SPEC_H

#include <stdbool.h>

#include "host/host.h"
#include "polished/heap.h"
#include "sim/result.h"

enum { SIM_NESTED = 8 };

/* A chain of policies, from the outermost to its source's source. */
struct sim_spec {
    struct sim_layer {
        const struct polished_ops *ops;
        polished_size knobs[POLISHED_KNOBS];
        unsigned told; /* bit k: the spec gave knob k its value */
    } layers[SIM_NESTED];
    unsigned layer_count;
    const struct host_row *host;  /* how to treat the outermost; may be NULL */
    char preload[SIM_SPEC_BYTES]; /* the malloc to run under; "": none */
    bool missing; /* it is refused because a file cannot be read */
};

/* Does it name a file? */
bool sim_spec_is_foreign(const char *text);

/* What its policy is called: by itself, or a malloc after its file. */
void sim_spec_name(const struct sim_spec *spec, char *name, size_t name_bytes);

/*
 * false: message says what is wrong.  Policies of a foreign spec are loaded,
 * which runs their code: only a child that may crash calls this for one.
 */
bool sim_spec_parse(const char *text, struct sim_spec *spec, char *message,
                    size_t message_bytes);

/*
 * Let a policy that tells owners apart have room for so many, if its knob
 * "heaps" was not told how many there are.
 */
void sim_spec_heaps(struct sim_spec *spec, uint64_t heaps);

#endif
