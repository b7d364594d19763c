/*
 * search/model.h - where a policy would put blocks, if there were no headers
 * and the heap had no end: offsets and nothing else.
 *
 * The heap grows only if no hole fits.  A call takes time proportional to the
 * number of holes.
 */
#ifndef SEARCH_MODEL_H
#define SEARCH_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Names of the policies that there are models of, ended by NULL. */
extern const char *const search_models[];

struct search_hole {
    uint64_t begin, size;
};

/* All zero but for the policy, an index in search_models: empty. */
struct search_model {
    size_t policy;
    struct search_hole *holes; /* by address */
    size_t count, room;
    uint64_t end;    /* of the highest block that there is */
    uint64_t extent; /* the highest end that there was */
    uint64_t cursor; /* next-fit: the end of the last block made */
};

/* false: out of memory. */
bool search_model_alloc(struct search_model *model, uint64_t size,
                        uint64_t *offset);
bool search_model_free(struct search_model *model, uint64_t offset,
                       uint64_t size);
void search_model_close(struct search_model *model);

#endif
