/* alloc/user.h - what the files of the processes' heaps share. */
#ifndef ALLOC_USER_H
#define ALLOC_USER_H

#include "alloc/cache.h"

/* How many bytes of pages an owner may have; 0: any number. */
void user_limit(struct polished_heap *heap, uint32_t owner,
                polished_size quota_bytes);

/* A zeroed slab for heap->owner: one that it keeps, or a page. */
enum polished_status user_refill(struct polished_heap *heap, uint32_t class,
                                 uint32_t *slot);

/* Runs: blocks of the source for one large object of heap->owner each. */
enum polished_status user_run_alloc(struct polished_heap *heap,
                                    const struct polished_request *request,
                                    polished_size *offset);
enum polished_status user_run_resize(struct polished_heap *heap, uint32_t slot,
                                     polished_size size_bytes,
                                     const struct polished_request *request);
polished_size user_run_largest(const struct polished_heap *heap,
                               const struct polished_request *request);

/* Give a slab or a run, which is in this list, back to the source, which
   judges the size unless it is 0. */
enum polished_status user_return(struct polished_heap *heap,
                                 struct cache_set *set, uint32_t *list,
                                 uint32_t slot, polished_size size_bytes);

extern const struct polished_extra user_extras[];

#endif
