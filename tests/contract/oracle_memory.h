/* contract/oracle_memory.h - what the files of the oracle share. */
#ifndef CONTRACT_ORACLE_MEMORY_H
#define CONTRACT_ORACLE_MEMORY_H

#include "oracle.h"

/* No block. */
#define ORACLE_NONE SIZE_MAX

/* Before a call: remember; after it: has it kept the promises of all calls? */
void oracle_begin(struct oracle *oracle);
void oracle_end(struct oracle *oracle, enum polished_status status);

/* The call was refused: so all is as it was. */
void oracle_refused(struct oracle *oracle);

/* Memory was changed otherwise than by a call. */
void oracle_changed(struct oracle *oracle);

/* Between begin and the call: hide what it must not touch, which is every
   block but one; from those that promise not to touch data, all of that if
   the exempt one is ORACLE_NONE.  oracle_end shows it again. */
void oracle_hide(struct oracle *oracle, size_t exempt);
void oracle_show(struct oracle *oracle);

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

/* Does a block hold what was written when it began at this offset? */
void oracle_expect_filled(struct oracle *oracle,
                          const struct oracle_block *block,
                          polished_size filled_at, polished_size size_bytes);

/* Enter a new block into the model; take one out. */
void oracle_add(struct oracle *oracle, polished_size offset,
                polished_size size_bytes, polished_size align_bytes);
void oracle_drop(struct oracle *oracle, size_t index);

/* The order by offset: the block behind the last comes in, one goes out,
   before live[] changes; or all of it is found anew when it is needed. */
void oracle_order_add(struct oracle *oracle);
void oracle_order_drop(struct oracle *oracle, size_t index);
void oracle_order_forget(struct oracle *oracle);

/* Write into a block, from so many bytes behind its start on. */
void oracle_fill(struct oracle *oracle, const struct oracle_block *block,
                 polished_size from);

/* Data as it was before this call. */
const unsigned char *oracle_saved_data(const struct oracle *oracle);

/* What lies behind data belongs to somebody else. */
void oracle_expect_margin(const struct oracle *oracle);

#endif
