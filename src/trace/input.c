/* trace/input.c - one buffer over a source of bytes. */
#include "trace/input.h"

#include <stdlib.h>
#include <string.h>

#include "trace/fail.h"

/* One read; small enough to stay in the second-level cache. */
enum { INPUT_CHUNK = 1 << 17, INPUT_CAPACITY = TRACE_LONGEST + INPUT_CHUNK };

bool trace_input_open(struct trace_input *input, struct trace_source *source,
                      struct trace_error *error)
{
    memset(input, 0, sizeof *input);
    input->source = source;
    input->data = malloc(INPUT_CAPACITY + TRACE_INPUT_PAD);
    if (!input->data) {
        trace_input_close(input);
        return trace_no_memory(error);
    }
    memset(input->data, 0, TRACE_INPUT_PAD);
    return true;
}

static void input_compact(struct trace_input *input)
{
    size_t kept = input->end - input->begin;

    if (input->begin == 0)
        return;
    memmove(input->data, input->data + input->begin, kept);
    input->offset += input->begin;
    input->begin = 0;
    input->end = kept;
    memset(input->data + kept, 0, TRACE_INPUT_PAD);
}

bool trace_input_more(struct trace_input *input, struct trace_error *error)
{
    size_t room;
    ssize_t got;

    if (input->ended)
        return false;
    input_compact(input);
    room = INPUT_CAPACITY - input->end;
    got = input->source->read(input->source, input->data + input->end,
                              room < INPUT_CHUNK ? room : INPUT_CHUNK, error);
    if (got < 0)
        got = 0;
    input->end += (size_t)got;
    input->ended = got == 0;
    memset(input->data + input->end, 0, TRACE_INPUT_PAD);
    return got > 0;
}

bool trace_input_want(struct trace_input *input, size_t count,
                      struct trace_error *error)
{
    while (input->end - input->begin < count)
        if (!trace_input_more(input, error))
            return false;
    return true;
}

void trace_input_close(struct trace_input *input)
{
    if (input->source)
        input->source->close(input->source);
    free(input->data);
    memset(input, 0, sizeof *input);
}
