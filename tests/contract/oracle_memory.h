/* contract/oracle_memory.h - what the files of the oracle share. */
#ifndef CONTRACT_ORACLE_MEMORY_H
#define CONTRACT_ORACLE_MEMORY_H

#include "oracle.h"

/* No block; all of them. */
#define ORACLE_NONE SIZE_MAX
#define ORACLE_ALL  (SIZE_MAX - 1)

/* Before a call: remember, and hide what it must not touch: every block but
   the exempt one. */
void oracle_begin(struct oracle *oracle, size_t exempt);

/* The call is over: has it kept the promises of all calls? */
void oracle_end(struct oracle *oracle, enum polished_status status);

/* Hide blocks but one; data too from those that promise not to touch it. */
void oracle_hide(struct oracle *oracle, size_t exempt);
void oracle_show(struct oracle *oracle);

/* Do that many bytes of a block still hold what was written? */
void oracle_expect_filled(struct oracle *oracle,
                          const struct oracle_block *block,
                          polished_size size_bytes);

/* So many calls, each on a block like this, have taken no more steps than the
   policy states. */
void oracle_expect_steps(const struct oracle *oracle, unsigned calls,
                         const struct oracle_block *block);

/* How many bytes of a block may be written. */
polished_size oracle_measure(struct oracle *oracle, polished_size offset,
                             polished_size asked_bytes);

/* A block as it should be: in data, aligned, apart from the others. */
void oracle_expect_placed(struct oracle *oracle,
                          const struct oracle_block *block);

/* Enter a block into the model, and fill it; remove one. */
void oracle_add(struct oracle *oracle, polished_size offset,
                polished_size size_bytes, polished_size align_bytes);
void oracle_fill(struct oracle *oracle, const struct oracle_block *block,
                 polished_size from);
void oracle_drop(struct oracle *oracle, size_t index);

/* Data as it was at the last oracle_save into oracle->before. */
const unsigned char *oracle_saved_data(const struct oracle *oracle);

/* What lies behind data belongs to somebody else. */
void oracle_expect_margin(const struct oracle *oracle);

#endif
