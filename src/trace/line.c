/* trace/line.c - lines and the numbers in them. */
#include "trace/line.h"

#include <string.h>

bool trace_line_bad(const struct trace_line *line, const unsigned char *at,
                    const char *what)
{
    struct trace_error *error = &line->reader->error;

    error->line = line->number;
    error->column = (uint64_t)(at - line->start) + 1;
    return trace_fail(error, TRACE_BAD, "%s", what);
}

bool trace_line_next(struct trace_line *line)
{
    struct trace_input *input = &line->reader->input;
    const unsigned char *end = NULL;
    size_t seen = 0;

    line->number++;
    for (;;) {
        size_t pending = input->end - input->begin;

        line->start = line->at = input->data + input->begin;
        if (pending > seen)
            end = memchr(line->at + seen, '\n', pending - seen);
        seen = pending;
        if (end || input->ended)
            break;
        if (pending > TRACE_LONGEST)
            return trace_line_bad(line, line->start,
                                  "longer than 1048576 bytes");
        trace_input_more(input, &line->reader->error);
        if (line->reader->error.kind != TRACE_FINE)
            return false;
    }
    line->end = end ? end : input->data + input->end;
    input->begin = (size_t)(line->end - input->data) + (end != NULL);
    return line->at < line->end || end;
}

bool trace_line_more(struct trace_line *line)
{
    while (line->at < line->end && trace_line_is_blank(*line->at))
        line->at++;
    return line->at < line->end;
}

bool trace_line_number(struct trace_line *line, const char *expected,
                       unsigned char also, uint64_t *number)
{
    const unsigned char *start;
    bool fits;

    trace_line_more(line);
    start = line->at;
    line->at = trace_digits(start, number, &fits);
    if (line->at == start || (line->at < line->end && *line->at != also &&
                              !trace_line_is_blank(*line->at)))
        return trace_line_bad(line, line->at, expected);
    return fits || trace_line_bad(line, start, "a number above 2^64 - 1");
}
