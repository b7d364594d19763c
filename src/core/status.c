/* status.c - statuses in words. */
#include "polished/status.h"

const char *polished_status_name(enum polished_status status)
{
    static const char *const names[POLISHED_STATUS_COUNT] = {
        [POLISHED_OK] = "ok",
        [POLISHED_NO_MEMORY] = "no memory",
        [POLISHED_QUOTA] = "quota exceeded",
        [POLISHED_BAD_SIZE] = "bad size",
        [POLISHED_BAD_ALIGN] = "bad alignment",
        [POLISHED_BAD_KNOB] = "bad knob",
        [POLISHED_NOT_OWNED] = "not owned",
        [POLISHED_INTERIOR] = "interior pointer",
        [POLISHED_DOUBLE_FREE] = "double free",
        [POLISHED_BAD_ORDER] = "bad order",
        [POLISHED_SIZE_MISMATCH] = "size mismatch",
        [POLISHED_OVERLAP] = "overlap",
        [POLISHED_CONSTRAINT] = "contradicting constraints",
        [POLISHED_LIMIT] = "beyond the policy's limit",
        [POLISHED_UNSUPPORTED] = "unsupported",
        [POLISHED_CORRUPT] = "corrupt",
    };

    if ((unsigned)status >= POLISHED_STATUS_COUNT)
        return "unknown status";
    return names[status];
}
