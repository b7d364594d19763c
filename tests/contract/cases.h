/*
 * contract/cases.h - the cases of the contract test.  Each is run for every
 * subject that a table of policies makes; *state is the subject.
 */
#ifndef CONTRACT_CASES_H
#define CONTRACT_CASES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "subject.h"

/* What a heap of a subject is made from; and of a policy that draws from no
   other, with the usual knobs. */
struct oracle_plan subject_plan(const struct subject *subject,
                                polished_size size_bytes);
struct oracle_plan case_plan(const struct polished_ops *ops,
                             polished_size size_bytes);

/* Open the plan, which has to work. */
void case_open(struct oracle *oracle, const struct oracle_plan *plan);

/* Does a refused request leave the heap as it was?  And which status? */
enum polished_status case_refused(struct oracle *oracle,
                                  polished_size size_bytes,
                                  polished_size align_bytes);

/* Run every case for each of these rows, which end with NULL; the answer is
   how many failed. */
int cases_run(const struct polished_ops *const *policies);

/* A group's setup: what the oracle finds broken is a failure of the test. */
int case_watch(void **state);

/* X(name): the cases in the order they are run. */
#define CASES(X)                                                               \
    X(row_is_complete)                                                         \
    X(sizes_of_every_kind)                                                     \
    X(alignments_up_to_the_region)                                             \
    X(regions_of_every_size_and_residue)                                       \
    X(region_at_the_end_of_addresses)                                          \
    X(late_memory_is_as_good_as_early)                                         \
    X(extend_byte_by_byte)                                                     \
    X(fill_to_the_brim_and_back)                                               \
    X(largest_is_the_largest)                                                  \
    X(reset_frees_all_and_forgets)                                             \
    X(misuse_is_refused_everywhere)                                            \
    X(wrong_sizes_are_refused)                                                 \
    X(realloc_keeps_what_fits)                                                 \
    X(reserve_takes_just_what_is_free)                                         \
    X(limits_are_kept)                                                         \
    X(marks_are_kept_and_go_stale)                                             \
    X(unbacked_data_is_refused_or_never_touched)                               \
    X(lives_at_random)                                                         \
    X(lives_repeat_at_another_base)                                            \
    X(slack_is_true)

#define CASE_DECLARE(name) void name(void **state);
CASES(CASE_DECLARE)
#undef CASE_DECLARE

#endif
