/* trace/gzip.c - unpacking gzip, one member after the other. */
#include "config.h"

#include "trace/input.h"

#include "trace/fail.h"

#ifdef HAVE_ZLIB

#include <stdlib.h>
#include <zlib.h>

enum { GZIP_CHUNK = 1 << 16, GZIP_WRAPPED = 16 + MAX_WBITS };

struct gzip_source {
    struct trace_source source;
    struct trace_source *inner;
    z_stream stream;
    bool inside; /* a member has begun and not ended */
    bool failed;
    unsigned char packed[GZIP_CHUNK];
};

static ssize_t gzip_bad(struct gzip_source *gzip, struct trace_error *error)
{
    const char *why = gzip->stream.msg;

    gzip->failed = true;
    trace_fail(error, TRACE_BAD, "the gzip data are damaged: %s",
               why ? why : "they end too early");
    return -1;
}

/* More packed bytes.  1: there are, 0: none are left, -1: failure. */
static int gzip_feed(struct gzip_source *gzip, struct trace_error *error)
{
    ssize_t got;

    if (gzip->stream.avail_in > 0)
        return 1;
    got = gzip->inner->read(gzip->inner, gzip->packed, GZIP_CHUNK, error);
    if (got <= 0)
        return (int)got;
    gzip->stream.next_in = gzip->packed;
    gzip->stream.avail_in = (uInt)got;
    return 1;
}

static ssize_t gzip_read(struct trace_source *source, void *to, size_t capacity,
                         struct trace_error *error)
{
    struct gzip_source *gzip = (struct gzip_source *)source;
    z_stream *stream = &gzip->stream;

    if (gzip->failed)
        return -1;
    stream->next_out = to;
    stream->avail_out = (uInt)capacity;
    while (stream->avail_out == capacity) {
        int fed = gzip_feed(gzip, error), status;

        if (fed == 0 && gzip->inside)
            return gzip_bad(gzip, error);
        if (fed <= 0)
            return fed;
        status = inflate(stream, Z_NO_FLUSH);
        gzip->inside = status != Z_STREAM_END;
        if (status == Z_STREAM_END)
            inflateReset(stream);
        else if (status != Z_OK && status != Z_BUF_ERROR)
            return gzip_bad(gzip, error);
    }
    return (ssize_t)(capacity - stream->avail_out);
}

static void gzip_close(struct trace_source *source)
{
    struct gzip_source *gzip = (struct gzip_source *)source;

    inflateEnd(&gzip->stream);
    gzip->inner->close(gzip->inner);
    free(gzip);
}

struct trace_source *trace_source_gzip(struct trace_source *inner,
                                       struct trace_error *error)
{
    struct gzip_source *gzip = calloc(1, sizeof *gzip);

    if (!gzip || inflateInit2(&gzip->stream, GZIP_WRAPPED) != Z_OK) {
        free(gzip);
        inner->close(inner);
        trace_no_memory(error);
        return NULL;
    }
    gzip->source.read = gzip_read;
    gzip->source.close = gzip_close;
    gzip->inner = inner;
    return &gzip->source;
}

#else

struct trace_source *trace_source_gzip(struct trace_source *inner,
                                       struct trace_error *error)
{
    inner->close(inner);
    trace_fail(error, TRACE_IO,
               "is packed with gzip, and this program was built without "
               "zlib (package zlib1g-dev)");
    return NULL;
}

#endif
