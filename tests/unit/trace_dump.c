/* trace_dump.c - a trace as plain text, to compare what was read. */
#include "config.h"

#include "trace_dump.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "trace/format.h"
#include "trace/rules.h"

const char dump_everything[] =
    "{\"format\":\"polished-trace\",\"version\":1,\"name\":\"\\u00e9\\ud83d"
    "\\ude00\",\"source\":\"by hand\",\"spec\":\"slab:pages=(buddy)\","
    "\"align\":32,\"memory\":[{\"base\":\"0x100000\",\"size\":1048576},"
    "{\"base\":1572864,\"size\":65536,\"reserved\":true}],\"events\":[\n"
    "{\"op\":\"alloc\",\"id\":1,\"size\":64,\"align\":64,\"zero\":true},\n"
    "{\"size\":0,\"zero\":false,\"id\":2,\"op\":\"alloc\"},\n"
    " {\"op\" : \"realloc\" , \"id\":1,\"size\":128 } ,\n"
    "{\"op\":\"alloc\",\"id\":\"0xFFFFFFFFFFFFFFFF\","
    "\"size\":18446744073709551615,\"below\":\"0x1000000\","
    "\"boundary\":65536,\"heap\":7,\"thread\":3,\"time\":123456789012,"
    "\"site\":\"main.c:3\\n\"},\n"
    "{\"op\":\"free\",\"id\":1,\"thread\":3,\"time\":123456789000,"
    "\"heap\":0},{\"op\":\"free\",\"id\":2,\"thread\":4},\n"
    "{\"op\":\"mark\",\"label\":\"boot \\\"done\\\"\"},\n"
    "{\"op\":\"alloc\",\"id\":3,\"size\":9007199254740993},\n"
    "{\"op\":\"rewind\",\"label\":\"boot \\\"done\\\"\"},\n"
    "{\"op\":\"alloc\",\"id\":300,\"size\":70000,\"site\":\"main.c:3\\n\"},\n"
    "{\"op\":\"realloc\",\"id\":300,\"size\":5,\"delta\":8,\"claim\":7},\n"
    "{\"op\":\"free\",\"id\":300,\"delta\":-9223372036854775808},\n"
    "{\"op\":\"extend\",\"size\":4096,\"time\":0},\n"
    "{\"op\":\"extra\",\"name\":\"trim\",\"a\":1,\"b\":2},\n"
    "{\"op\":\"extra\",\"name\":\"\"},\n"
    "{\"op\":\"destroy\",\"heap\":7},{\"op\":\"reset\"}\n]}\n";

/* A source of bytes in memory, in small pieces. */
struct dump_source {
    struct trace_source source;
    struct dump_bytes left;
};

static size_t dump_next_chunk(struct dump_bytes *left)
{
    if (left->chunk > 0)
        return left->chunk;
    left->seed = left->seed * 1103515245u + 12345u;
    return 1 + (left->seed >> 16) % 97;
}

static ssize_t dump_read(struct trace_source *source, void *to, size_t capacity,
                         struct trace_error *error)
{
    struct dump_bytes *left = &((struct dump_source *)source)->left;
    size_t count = dump_next_chunk(left);

    (void)error;
    if (count > left->count)
        count = left->count;
    if (count > capacity)
        count = capacity;
    memcpy(to, left->bytes, count);
    left->bytes = (const char *)left->bytes + count;
    left->count -= count;
    return (ssize_t)count;
}

static void dump_close(struct trace_source *source)
{
    free(source);
}

static struct trace_reader *dump_open(const struct dump_bytes *from,
                                      unsigned flags, struct trace_error *error)
{
    struct dump_source *source = malloc(sizeof *source);

    source->source.read = dump_read;
    source->source.close = dump_close;
    source->left = *from;
    memset(error, 0, sizeof *error);
    return trace_open_source(&source->source,
                             flags & DUMP_MISUSE ? TRACE_MISUSE : 0, error);
}

static void dump_header(FILE *out, const struct trace_header *header)
{
    fprintf(out, "name=%s source=%s spec=%s align=%llu dense=%d\n",
            header->name ? header->name : "(none)",
            header->source ? header->source : "(none)",
            header->spec ? header->spec : "(none)",
            (unsigned long long)header->align_bytes, header->dense);
    for (size_t i = 0; i < header->memory_count; i++)
        fprintf(out, "memory %llu+%llu%s\n",
                (unsigned long long)header->memory[i].base,
                (unsigned long long)header->memory[i].size_bytes,
                header->memory[i].reserved ? " reserved" : "");
}

static void dump_numbers(FILE *out, const struct trace_event *event)
{
    const struct {
        unsigned bit;
        const char *name;
        uint64_t value;
    } rows[] = {
        {TRACE_HAS_ALIGN, "align", event->align_bytes},
        {TRACE_HAS_BELOW, "below", event->below},
        {TRACE_HAS_BOUNDARY, "boundary", event->boundary},
        {TRACE_HAS_HEAP, "heap", event->heap},
        {TRACE_HAS_THREAD, "thread", event->thread},
        {TRACE_HAS_TIME, "time", event->time_ns},
        {TRACE_HAS_DELTA, "delta", (uint64_t)event->delta_bytes},
        {TRACE_HAS_CLAIM, "claim", event->claim_bytes},
        {TRACE_HAS_A, "a", event->a},
        {TRACE_HAS_B, "b", event->b},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (event->has & rows[i].bit)
            fprintf(out, " %s=%llu", rows[i].name,
                    (unsigned long long)rows[i].value);
}

static void dump_event(FILE *out, const struct trace_reader *reader,
                       const struct trace_event *event)
{
    unsigned needs = trace_rules[event->op].needs;

    fprintf(out, "%s", trace_rules[event->op].name);
    if (needs & TRACE_STATES_ID)
        fprintf(out, " id=%llu", (unsigned long long)event->id);
    if (needs & TRACE_STATES_SIZE)
        fprintf(out, " size=%llu", (unsigned long long)event->size_bytes);
    if (needs & (TRACE_STATES_LABEL | TRACE_STATES_NAME))
        fprintf(out, " label=<%s>", trace_text(reader, event->label));
    dump_numbers(out, event);
    if (event->has & TRACE_HAS_SITE)
        fprintf(out, " site=<%s>", trace_text(reader, event->site));
    fprintf(out, "%s%s%s", event->has & TRACE_HAS_ZERO ? " zero" : "",
            event->has & TRACE_IS_STALE ? " stale" : "",
            event->has & TRACE_IS_IMPLIED ? " implied" : "");
}

static void dump_events(FILE *out, struct trace_reader *reader, unsigned flags)
{
    struct trace_event events[7];
    uint64_t line, column;
    size_t count;

    memset(events, 0xa5, sizeof events);
    while ((count = trace_read(reader, events, 7)) > 0)
        for (size_t i = 0; i < count; i++) {
            trace_where(reader, i, &line, &column);
            if (flags & DUMP_PLACES)
                fprintf(out, "%llu:%llu ", (unsigned long long)line,
                        (unsigned long long)column);
            dump_event(out, reader, &events[i]);
            fputc('\n', out);
        }
}

static void dump_fail(FILE *out, const struct trace_error *error)
{
    fprintf(out, "%llu:%llu:%llu: %s", (unsigned long long)error->line,
            (unsigned long long)error->column, (unsigned long long)error->event,
            error->what);
}

char *dump_trace(const struct dump_bytes *from, unsigned flags)
{
    struct trace_error error;
    struct trace_reader *reader = dump_open(from, flags, &error);
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    if (reader) {
        if (flags & DUMP_PLACES)
            fprintf(out, "%s\n", trace_format_name(reader));
        if (!(flags & DUMP_NO_HEADER))
            dump_header(out, trace_header_of(reader));
        dump_events(out, reader, flags);
        if (trace_failed(reader))
            error = *trace_failed(reader);
    }
    if (error.kind != TRACE_FINE)
        dump_fail(out, &error);
    trace_close(reader);
    fclose(out);
    return text;
}

char *dump_text(const char *text, unsigned flags)
{
    struct dump_bytes from = {text, strlen(text), SIZE_MAX, 0};

    return dump_trace(&from, flags);
}

static struct trace_error dump_drain(const struct dump_bytes *from,
                                     unsigned flags)
{
    static struct trace_event events[512];
    struct trace_error error;
    struct trace_reader *reader = dump_open(from, flags, &error);

    if (!reader)
        return error;
    while (trace_read(reader, events, 512) > 0)
        ;
    if (trace_failed(reader))
        error = *trace_failed(reader);
    trace_close(reader);
    return error;
}

char *dump_error(const struct dump_bytes *from, unsigned flags)
{
    struct trace_error error = dump_drain(from, flags);
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    if (error.kind != TRACE_FINE)
        dump_fail(out, &error);
    fclose(out);
    return text;
}

int dump_fault(const struct dump_bytes *from, unsigned flags)
{
    return dump_drain(from, flags).kind;
}

static void dump_copy(struct trace_reader *reader, struct trace_writer *writer)
{
    struct trace_event events[5];
    uint32_t texts = 0;
    size_t count;

    while ((count = trace_read(reader, events, 5)) > 0) {
        while (texts < trace_text_count(reader))
            trace_write_text(writer, trace_text(reader, texts++));
        trace_write(writer, events, count);
    }
}

char *dump_convert(const struct dump_bytes *from, unsigned flags,
                   const char *format, size_t *count)
{
    struct trace_error error;
    struct trace_reader *reader = dump_open(from, flags, &error);
    struct trace_writer *writer;
    char *text = NULL;
    FILE *out = open_memstream(&text, count);

    if (reader) {
        writer = trace_create(out, format, trace_header_of(reader), &error);
        dump_copy(reader, writer);
        trace_finish(writer, &error);
    }
    if (error.kind != TRACE_FINE)
        dump_fail(out, &error);
    trace_close(reader);
    fclose(out);
    return text;
}
