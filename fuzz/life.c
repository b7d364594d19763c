#include "life.h"

enum { LIFE_CONTROL_MOST = 1 << 22, LIFE_RECORDS_MOST = 1 << 12 };

bool life_read(struct life *life, const struct polished_ops *ops,
               const uint8_t *data, size_t size)
{
    size_t policy_count = 0;

    if (size < OPERATION_SETUP_BYTES)
        return false;
    while (polished_policies[policy_count])
        policy_count++;
    life->ops =
        ops ? ops
            : polished_policies[data[OPERATION_SETUP_BYTES - 1] % policy_count];
    operation_setup_decode(life->ops, polished_policies, data, &life->setup);
    life->records = data + OPERATION_SETUP_BYTES;
    life->count = (size - OPERATION_SETUP_BYTES) / OPERATION_RECORD_BYTES;
    if (life->count > LIFE_RECORDS_MOST)
        life->count = LIFE_RECORDS_MOST;
    return true;
}

bool life_is_large(const struct life *life)
{
    polished_size data_bytes = life->setup.size_bytes + life->setup.more_bytes;
    const struct polished_ops *source_ops = life->setup.source_ops;

    if (life->ops->control_bytes(life->setup.knobs, data_bytes) >
        LIFE_CONTROL_MOST)
        return true;
    return source_ops &&
           source_ops->control_bytes(life->setup.source_knobs, data_bytes) >
               LIFE_CONTROL_MOST;
}

bool life_step(const struct life *life, struct drive *drive, size_t index)
{
    struct operation operation;

    operation_decode(life->records + index * OPERATION_RECORD_BYTES,
                     &operation);
    return drive_step(drive, &operation);
}
