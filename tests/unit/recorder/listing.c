/* recorder/listing.c - print any trace as JSON Lines: listing FILE. */
#include <config.h>

#include "trace/trace.h"

int main(int argc, char **argv)
{
    struct trace_event events[256];
    struct trace_error error;
    size_t count;
    struct trace_reader *reader =
        argc == 2 ? trace_open(argv[1], 0, &error) : NULL;
    if (reader == NULL)
        return 3;
    struct trace_writer *writer =
        trace_create(stdout, "jsonl", trace_header_of(reader), &error);
    while ((count = trace_read(reader, events, 256)) > 0)
        trace_write(writer, events, count);
    int failed = trace_failed(reader) != NULL;
    trace_close(reader);
    return trace_finish(writer, &error) && !failed ? 0 : 3;
}
