/*
 * contract/oracle.h - a heap under watch.
 *
 * Every call goes through the oracle, which knows from its own model what the
 * heap must hold, and after the call asks:
 *   - is the block in data, aligned, apart from all others, large enough?
 *   - do all blocks still hold what was written into them?
 *   - does the walk tile data, and show just the blocks that are alive?
 *   - did a refused call leave control, data and slack byte for byte alone?
 *   - was data left alone by a policy that promises so, and what lies behind
 *     data by every policy?
 *   - did it take no more steps than the policy states (caps.h)?
 *   - under AddressSanitizer or Valgrind: did the policy not even read what
 *     belongs to the caller?
 * It names no policy and uses no test framework: whoever finds a way to drive
 * a heap (test, fuzzer, explorer) drives it through here.
 */
#ifndef CONTRACT_ORACLE_H
#define CONTRACT_ORACLE_H

#include <stdbool.h>
#include <stddef.h>

#include "caps.h"
#include "polished/polished.h"

#define ORACLE_BLOCKS 1024
#define ORACLE_MARGIN 0xee /* what lies behind data */

struct oracle_block {
    polished_size offset;
    polished_size size_bytes;   /* as asked for */
    polished_size usable_bytes; /* as filled with a pattern */
    polished_size align_bytes;
    polished_size widest_bytes;   /* of all alignments it was asked for with */
    polished_size reserved_bytes; /* 0: it was not reserved */
    uint32_t owner;
};

/* How to make a heap. */
struct oracle_plan {
    const struct polished_ops *ops;
    const polished_size *knobs;
    const struct polished_ops *source_ops; /* NULL: no source */
    const polished_size *source_knobs;
    polished_size size_bytes;
    polished_size more_bytes; /* by how much it may be extended */
    uint64_t bus_base;        /* 0: 1 MiB; base is made to agree with it */
    unsigned char dirt;       /* what control is full of; 0: 0xa5 */
};

/* A heap's memory as it was. */
struct oracle_snapshot {
    struct polished_heap heaps[2];
    unsigned char *bytes; /* control, the source's control, data */
};

struct oracle {
    struct polished_heap heap, source;
    const char *name; /* of the policy, for messages */
    caps_rule *caps;  /* NULL: it states no bound */
    unsigned char *raw, *data, *controls[2];
    unsigned char *pattern;   /* what is written into blocks, for all data */
    polished_size data_bytes; /* of the memory behind data */
    struct oracle_snapshot before;
    struct oracle_snapshot *kept; /* the heap as it is, for the next call; or
                                     NULL, and that call saves it itself */
    const struct oracle_snapshot *reference; /* the heap before this call */
    uint64_t steps;                          /* of its own, before the call */
    bool is_shallow;    /* skip what costs time in proportion to data */
    bool is_seen;       /* the heap, byte for byte, was inspected */
    size_t count;       /* of live blocks, in the order of their making */
    size_t order_count; /* another than count: the order is not known */
    uint16_t order[ORACLE_BLOCKS]; /* of live, by offset */
    struct oracle_block live[ORACLE_BLOCKS];
};

/* Called when a promise is broken; a test sets it.  It must not return.  The
   default prints the message and aborts. */
extern void (*oracle_fail)(const char *message);

/* Make the heap of a plan; if that is refused, no close is needed. */
enum polished_status oracle_open(struct oracle *oracle,
                                 const struct oracle_plan *plan);
void oracle_close(struct oracle *oracle);

/* The calls; on POLISHED_OK the model follows.  index is of live[]. */
enum polished_status oracle_alloc(struct oracle *oracle,
                                  polished_size size_bytes,
                                  polished_size align_bytes);
enum polished_status oracle_request(struct oracle *oracle,
                                    const struct polished_request *request);
enum polished_status oracle_free(struct oracle *oracle, size_t index,
                                 bool is_told);
enum polished_status oracle_realloc(struct oracle *oracle, size_t index,
                                    polished_size size_bytes,
                                    polished_size align_bytes);
enum polished_status oracle_change(struct oracle *oracle, size_t index,
                                   const struct polished_request *request,
                                   bool is_told);
enum polished_status oracle_reserve(struct oracle *oracle, polished_size offset,
                                    polished_size size_bytes);
enum polished_status oracle_extend(struct oracle *oracle,
                                   polished_size more_bytes);
void oracle_reset(struct oracle *oracle);
enum polished_status oracle_destroy(struct oracle *oracle, uint32_t owner);

/* Call an extra; the model follows by what a walk shows. */
enum polished_status oracle_extra(struct oracle *oracle, const char *name,
                                  polished_size *a, polished_size *b);

/* A free and a resize that are misuse, and must be refused. */
void oracle_misuse(struct oracle *oracle, polished_size offset,
                   polished_size told_bytes);

/* Tell a wrong size of a live block.  Whoever knows its blocks refuses what
   does not fit into it; a smaller size may be taken for the true one. */
enum polished_status oracle_claim(struct oracle *oracle, size_t index,
                                  polished_size told_bytes, bool is_resize);

/* Write before `offset`, inside of a block, what stands before the block's own
   start, and free or resize that.  true: a policy that keeps heads in data took
   it, or saw damage; then no more can be said of this heap. */
#define ORACLE_HEAD 16
bool oracle_forge(struct oracle *oracle, size_t index, polished_size offset,
                  bool is_resize);

/* Free what is alive, newest first where order matters. */
void oracle_free_all(struct oracle *oracle);

/* Allocating what `largest` says works, and one byte more does not; then all
   is put back as it was. */
void oracle_prove_largest(struct oracle *oracle, polished_size align_bytes);

/* All that can be asked without a call. */
void oracle_inspect(struct oracle *oracle);

/* Does a policy know where its blocks begin and end? */
bool oracle_knows_borders(const struct oracle *oracle);

/* Keep and put back. */
void oracle_save(struct oracle *oracle, struct oracle_snapshot *snapshot);
void oracle_restore(struct oracle *oracle,
                    const struct oracle_snapshot *snapshot);
void oracle_expect_same(struct oracle *oracle,
                        const struct oracle_snapshot *snapshot);

#define ORACLE_EXPECT(oracle, truth)                                           \
    ((truth) ? (void)0 : oracle_broken(oracle, __FILE__, __LINE__, #truth))
void oracle_broken(const struct oracle *oracle, const char *file, int line,
                   const char *what);

#endif
