/*
 * sim/operation_trace.h - what a fuzzer found, as a trace.
 *
 * The operations are done to a heap of their own, for what they mean depends
 * on it; each call that can be told in a trace becomes an event, and with
 * --misuse it will be answered in the same way.  Left out is what only the
 * front sees: sizes of 0, alignments that are no powers of two.
 */
#ifndef SIM_OPERATION_TRACE_H
#define SIM_OPERATION_TRACE_H

#include <stdio.h>

#include "polished/heap.h"
#include "trace/trace.h"

/*
 * Write the program of operations for this policy as a trace of that format.
 * The policy is NULL: the program says itself which.  false: *error says why.
 */
bool sim_operation_trace(const struct polished_ops *ops, const uint8_t *bytes,
                         size_t size, FILE *out, const char *format,
                         struct trace_error *error);

#endif
