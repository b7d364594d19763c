/*
 * polished/policy.h - what a policy is: the contract for its author.
 *
 * A policy is one constant row of functions.  They speak of offsets in the
 * data region and never see a pointer of the caller's.  The front
 * (polished/heap.h) has checked every argument before a row is called: sizes
 * are 1 ... data.size_bytes, alignments are powers of two, limits reach only
 * policies with POLISHED_LIMITS, offsets lie inside data.  A policy asserts
 * this and never repeats it.
 *
 * The rules that hold for every row:
 * - A refused call changes nothing: control, data and slack are byte for byte
 *   as before, those of the source too.  Only steps may have grown.  (After
 *   CORRUPT all bets are off.)
 * - No locks, no globals, no printing, no statistics, no aborts.
 * - Every visit to a block, list node, table slot or bitmap word in alloc,
 *   free, resize, extend, reserve, destroy and reset counts one step, the same
 *   on every host and compiler.
 */
#ifndef POLISHED_POLICY_H
#define POLISHED_POLICY_H

#include "polished/block.h"
#include "polished/region.h"
#include "polished/request.h"
#include "polished/status.h"

struct polished_heap;

/*
 * What a policy can do, and what it needs.  One that GROWS, extended while it
 * has 64 bytes of slack or more, decides from then on as if data had had the
 * new size from the start; and its control is as large for all data.
 */
enum polished_cap {
    POLISHED_RECLAIMS = 1 << 0,     /* what is freed can be had again */
    POLISHED_ANY_ORDER = 1 << 1,    /* blocks may be freed in any order */
    POLISHED_NEEDS_SIZE = 1 << 2,   /* free and resize must be told the size */
    POLISHED_NO_TOUCH = 1 << 3,     /* never reads or writes data */
    POLISHED_LIMITS = 1 << 4,       /* takes `below` and `boundary` */
    POLISHED_OWNERS = 1 << 5,       /* tells owners apart */
    POLISHED_SOURCE = 1 << 6,       /* draws its memory from another heap */
    POLISHED_ONE_SIZE = 1 << 7,     /* every block has the same size */
    POLISHED_PAGES = 1 << 8,        /* hands out whole pages */
    POLISHED_EXACT_MISUSE = 1 << 9, /* tells every misuse, not only likely */
    POLISHED_EXACT_WALK = 1 << 10,  /* each live block is one USED block */
    POLISHED_SLACK = 1 << 11,       /* keeps slack_bytes */
    POLISHED_GROWS = 1 << 12        /* late memory is as good as early */
};

/* Which values of a knob make sense. */
enum polished_form {
    POLISHED_ANY,
    POLISHED_POWER_OF_TWO,
    POLISHED_POLICY /* the value is a heap to draw from: the heap's source */
};

/* A parameter that a user of the policy may choose. */
struct polished_knob {
    const char *name; /* with its unit: "grain_bytes"; NULL ends the list */
    const char *summary;
    polished_size least, most, usual; /* both ends allowed */
    enum polished_form form;
};

/*
 * May a SOURCE policy draw from one with these caps?  From any general or page
 * policy: it takes back in any order what it gave, and shows each block.
 */
#define POLISHED_CAN_FEED(caps)                                                \
    (((caps) & (POLISHED_RECLAIMS | POLISHED_ANY_ORDER | POLISHED_NEEDS_SIZE | \
                POLISHED_OWNERS | POLISHED_SOURCE | POLISHED_ONE_SIZE |        \
                POLISHED_EXACT_WALK)) ==                                       \
     (POLISHED_RECLAIMS | POLISHED_ANY_ORDER | POLISHED_EXACT_WALK))

/* A row has at most so many knobs. */
#define POLISHED_KNOBS 8

/* What control is aligned to, and modulo which base and bus_base agree. */
#define POLISHED_CONTROL_ALIGN 16

/*
 * Something that this policy alone can do, reached by name.  a and b are what
 * the caller gives and, for an extra that answers, what it gets back; they are
 * as they were if the call is refused.  What they mean, its summary tells.
 */
struct polished_extra {
    const char *name; /* NULL ends the list */
    const char *summary;
    enum polished_status (*call)(struct polished_heap *heap, polished_size *a,
                                 polished_size *b);
};

/*
 * The row.  Members that may be NULL, for "cannot", are marked *; `usable` is
 * there wherever `free` can refuse, and `resize` too (it may still answer
 * POLISHED_UNSUPPORTED, but it has judged the offset first).
 *
 * knobs: one value per knob of the row, in its order, each within its range.
 *
 * control_bytes  bytes of state for a heap over data_bytes, or 0 if this
 *                policy cannot manage that much with these knobs.
 * init           heap->control (heap->control_bytes of it, 16-aligned, any
 *                content), heap->data and heap->source are set; make the heap
 *                empty.
 * alloc          set *offset to a block for request; leave it if refused.
 * free         * size_bytes is what the caller says the block's size is, 0 if
 *                it does not say.
 * resize       * give the block request->size_bytes without moving it;
 *                POLISHED_NO_MEMORY if it cannot grow where it is.
 * usable       * the bytes of the block that its owner may write.
 * extend       * more_bytes of memory follow directly behind data; the front
 *                lets data grow by them when this has succeeded.  What is less
 *                than a block stays OWN until more comes.  LIMIT if control
 *                (heap->control_bytes) is too small for it.
 * reserve      * allocate exactly [offset, offset + size_bytes); the block is
 *                freed like any other.  POLISHED_OVERLAP if it is not free,
 *                BAD_ALIGN if no block can start there, NO_MEMORY if what it
 *                would leave before it is too small to be kept.
 * destroy      * free all that belongs to this owner.
 * reset          free everything; the heap is as after init, but keeps what
 *                extend has added.
 * walk           visit every block in address order.  The blocks tile data
 *                without gap or overlap.  O(blocks).
 * largest      * the greatest size that alloc would accept now with this
 *                request's alignment and limits; 0 if none.
 * check        * verify the policy's own structures against each other.
 */
struct polished_ops {
    uint32_t abi; /* POLISHED_ABI */
    uint32_t caps;
    const char *name;
    const char *summary;
    const struct polished_knob *knobs;   /* * */
    const struct polished_extra *extras; /* * */
    polished_size (*control_bytes)(const polished_size *knobs,
                                   polished_size data_bytes);
    enum polished_status (*init)(struct polished_heap *heap,
                                 const polished_size *knobs);
    enum polished_status (*alloc)(struct polished_heap *heap,
                                  const struct polished_request *request,
                                  polished_size *offset);
    enum polished_status (*free)(struct polished_heap *heap,
                                 polished_size offset,
                                 polished_size size_bytes);
    enum polished_status (*resize)(struct polished_heap *heap,
                                   polished_size offset,
                                   polished_size size_bytes,
                                   const struct polished_request *request);
    enum polished_status (*usable)(const struct polished_heap *heap,
                                   polished_size offset,
                                   polished_size *size_bytes);
    enum polished_status (*extend)(struct polished_heap *heap,
                                   polished_size more_bytes);
    enum polished_status (*reserve)(struct polished_heap *heap,
                                    polished_size offset,
                                    polished_size size_bytes);
    enum polished_status (*destroy)(struct polished_heap *heap, uint32_t owner);
    enum polished_status (*reset)(struct polished_heap *heap);
    enum polished_status (*walk)(const struct polished_heap *heap,
                                 polished_visit *visit, void *context);
    polished_size (*largest)(const struct polished_heap *heap,
                             const struct polished_request *request);
    enum polished_status (*check)(const struct polished_heap *heap);
};

/* The version of this contract and the size of the row it was built with. */
#define POLISHED_ABI (1u << 16 | (uint32_t)sizeof(struct polished_ops))

#endif
