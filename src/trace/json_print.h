/* trace/json_print.h - one event as characters. */
#ifndef TRACE_JSON_PRINT_H
#define TRACE_JSON_PRINT_H

#include "trace/format.h"

/* The event as an object, without a line end. */
bool trace_json_print_event(struct trace_writer *writer,
                            const struct trace_event *event);

/* number in decimal, or as "0x..." where others' doubles would round it; the
   place behind, at most JSON_PRINT_NUMBER bytes on. */
enum { JSON_PRINT_NUMBER = 20 };
unsigned char *trace_json_print_count(unsigned char *to, uint64_t number);

/* number in decimal, whatever its size. */
unsigned char *trace_json_print_decimal(unsigned char *to, uint64_t number);

#endif
