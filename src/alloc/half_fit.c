/*
 * half_fit.c - segregated fit with one list per octave and blocks that are
 * powers of two: bounded time, and a bound on the memory it can ever need.
 *
 *     class    1 |  2  |   3  |   4   |     5     | ...
 *     grains   1 | 2 3 | 4..7 | 8..15 | 16 ... 31 | ...   of 16 bytes each
 *
 *     word     . 1 . . 1 . .      bit k: list k is not empty
 *                |     |
 *     head     block  block -> block
 *
 * A request, its head counted, is rounded up to 2^k grains.  Any block of
 * its class or above is large enough, and the lowest class that has one is
 * found by one look at one word of bits.  The block is cut to 2^k grains; the
 * rest, and what is freed, is merged with its neighbours at once and need be no
 * power of two.  It is tlsf (tlsf.c) without its second level.
 *
 * After Ogasawara, "An algorithm with constant execution time for dynamic
 * storage allocation" (1995), with the rounding of Kirienko's o1heap.  Where
 * nothing is left for the rounded request it is made once more as it came.
 * That takes nothing from the bound below: in a heap that large it never comes
 * to it.
 *
 * Time: O(1) as tlsf: at most 27 steps, and 51 where the alignment is above
 * 16.
 * Fails: when no block is as large as the request, or none but those behind
 * the first few of their class.
 * Keeps: 56 bytes and 4 for each octave in control, 128 bytes for 1 MiB of
 * data; in data 8 bytes per block, whose size is a power of two of at least
 * 32 bytes, unless it was the last resort.
 *
 * Worst case: if the blocks that live at once, heads and rounding not counted,
 * never take more than M bytes and none more than n times the smallest,
 * 2 M (1 + ceil(log2 n)) bytes are always enough (documentation of o1heap,
 * after Herter, "Timing-predictable memory allocation in hard real-time
 * systems", 2014).
 */
#include "alloc/tlsf.h"
#include "polished/policies.h"

static polished_size half_fit_control_bytes(const polished_size *knobs,
                                            polished_size data_bytes)
{
    (void)knobs;
    return tlsf_control_bytes_of(data_bytes, 0);
}

static enum polished_status half_fit_init(struct polished_heap *heap,
                                          const polished_size *knobs)
{
    (void)knobs;
    return tlsf_init_as(heap, 0);
}

const struct polished_ops polished_half_fit = {
    .abi = POLISHED_ABI,
    .caps = POLISHED_RECLAIMS | POLISHED_ANY_ORDER | POLISHED_EXACT_WALK |
            COUNT_CAPS(POLISHED_SLACK),
    .name = "half-fit",
    .summary = "powers of two in one list each: bounded time, bounded need",
    .control_bytes = half_fit_control_bytes,
    .init = half_fit_init,
    .alloc = tlsf_alloc_half,
    .free = tlsf_free_half,
    .resize = tlsf_resize,
    .usable = tlsf_usable,
    .extend = tlsf_extend,
    .reserve = tlsf_reserve,
    .reset = tlsf_reset,
    .walk = tlsf_walk,
    .largest = tlsf_largest,
    .check = tlsf_check_lists,
};
