/* trace/reader.c - opening a trace and reading it, whatever its format. */
#include "config.h"

#include "trace/trace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "trace/format.h"

/* Events of one trace_read, so that their places need little room. */
enum { READER_BATCH = 4096 };

static bool reader_recognise(struct trace_reader *reader)
{
    struct trace_input *input = &reader->input;
    struct trace_error *error = &reader->error;

    trace_input_want(input, TRACE_FIRST, error);
    if (error->kind != TRACE_FINE)
        return false;
    error->line = error->column = 1;
    if (input->end == 0)
        return trace_fail(error, TRACE_BAD, "the file is empty");
    reader->format = trace_format_bid(input->data, input->end);
    if (!reader->format)
        return trace_fail(error, TRACE_BAD, "not a trace of any known format");
    error->line = error->column = 0;
    return reader->format->open(reader);
}

static struct trace_reader *reader_new(unsigned flags)
{
    struct trace_reader *reader = calloc(1, sizeof *reader);

    if (!reader)
        return NULL;
    reader->flags = flags;
    reader->place_count = READER_BATCH;
    reader->places = malloc(READER_BATCH * sizeof *reader->places);
    if (!reader->places) {
        free(reader);
        return NULL;
    }
    return reader;
}

struct trace_reader *trace_open_source(struct trace_source *source,
                                       unsigned flags,
                                       struct trace_error *error)
{
    struct trace_reader *reader = reader_new(flags);

    if (!reader) {
        source->close(source);
        trace_no_memory(error);
        return NULL;
    }
    if (trace_input_open(&reader->input, source, &reader->error) &&
        reader_recognise(reader))
        return reader;
    *error = reader->error;
    trace_close(reader);
    return NULL;
}

struct trace_reader *trace_open_fd(int fd, const char *path, unsigned flags,
                                   struct trace_error *error)
{
    struct trace_source *source;

    (void)path;
    memset(error, 0, sizeof *error);
    source = trace_source_open(fd, error);
    return source ? trace_open_source(source, flags, error) : NULL;
}

struct trace_reader *trace_open(const char *path, unsigned flags,
                                struct trace_error *error)
{
    bool is_stdin = strcmp(path, "-") == 0;
    int fd = is_stdin ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);

    memset(error, 0, sizeof *error);
    if (fd < 0) {
        trace_fail_errno(error, "open");
        return NULL;
    }
    return trace_open_fd(fd, path, flags, error);
}

const struct trace_header *trace_header_of(const struct trace_reader *reader)
{
    return &reader->header;
}

const char *trace_format_name(const struct trace_reader *reader)
{
    return reader->format->name;
}

size_t trace_read(struct trace_reader *reader, struct trace_event *events,
                  size_t capacity)
{
    size_t count;

    if (reader->error.kind != TRACE_FINE)
        return 0;
    if (capacity > reader->place_count)
        capacity = reader->place_count;
    count = reader->format->read(reader, events, capacity);
    reader->event_count += count;
    return count;
}

const struct trace_error *trace_failed(const struct trace_reader *reader)
{
    return reader->error.kind == TRACE_FINE ? NULL : &reader->error;
}

void trace_where(const struct trace_reader *reader, size_t index,
                 uint64_t *line, uint64_t *column)
{
    *line = reader->places[index].line;
    *column = reader->places[index].column;
}

const char *trace_text(const struct trace_reader *reader, trace_string number)
{
    return reader->strings.texts[number];
}

uint32_t trace_text_count(const struct trace_reader *reader)
{
    return reader->strings.count;
}

void trace_header_close(struct trace_header *header)
{
    free(header->name);
    free(header->source);
    free(header->spec);
    free(header->memory);
    memset(header, 0, sizeof *header);
}

void trace_close(struct trace_reader *reader)
{
    if (!reader)
        return;
    if (reader->format)
        reader->format->close(reader);
    trace_input_close(&reader->input);
    trace_header_close(&reader->header);
    trace_strings_close(&reader->strings);
    free(reader->places);
    free(reader);
}
