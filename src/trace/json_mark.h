/* trace/json_mark.h - where a value of a header stands. */
#ifndef TRACE_JSON_MARK_H
#define TRACE_JSON_MARK_H

#include <stddef.h>
#include <stdint.h>

struct json_mark {
    size_t text;                   /* where the value begins in head->text */
    uint64_t line, column;         /* of the value */
    uint64_t key_line, key_column; /* of its key, if it has one */
};

#endif
