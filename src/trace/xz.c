/* trace/xz.c - unpacking xz, one stream after the other. */
#include "config.h"

#include "trace/input.h"

#include "trace/fail.h"

#ifdef HAVE_LZMA

#include <lzma.h>
#include <stdlib.h>

enum { XZ_CHUNK = 1 << 16 };

struct xz_source {
    struct trace_source source;
    struct trace_source *inner;
    lzma_stream stream;
    bool ended, failed;
    unsigned char packed[XZ_CHUNK];
};

static const char *xz_why(lzma_ret status)
{
    switch (status) {
    case LZMA_MEM_ERROR:
        return "they need more memory than there is";
    case LZMA_BUF_ERROR:
        return "they end too early";
    case LZMA_FORMAT_ERROR:
        return "they do not begin as they should";
    case LZMA_OPTIONS_ERROR:
        return "they use a method that is not known";
    default:
        return "a checksum or a length is wrong";
    }
}

static ssize_t xz_bad(struct xz_source *xz, lzma_ret status,
                      struct trace_error *error)
{
    xz->failed = true;
    trace_fail(error, TRACE_BAD, "the xz data are damaged: %s", xz_why(status));
    return -1;
}

static ssize_t xz_read(struct trace_source *source, void *to, size_t capacity,
                       struct trace_error *error)
{
    struct xz_source *xz = (struct xz_source *)source;
    lzma_stream *stream = &xz->stream;

    if (xz->failed)
        return -1;
    stream->next_out = to;
    stream->avail_out = capacity;
    while (!xz->ended && stream->avail_out == capacity) {
        lzma_ret status;
        ssize_t got = 1;

        if (stream->avail_in == 0) {
            got = xz->inner->read(xz->inner, xz->packed, XZ_CHUNK, error);
            if (got < 0)
                return got;
            stream->next_in = xz->packed;
            stream->avail_in = (size_t)got;
        }
        status = lzma_code(stream, got == 0 ? LZMA_FINISH : LZMA_RUN);
        xz->ended = status == LZMA_STREAM_END;
        if (status != LZMA_OK && status != LZMA_STREAM_END)
            return xz_bad(xz, status, error);
    }
    return (ssize_t)(capacity - stream->avail_out);
}

static void xz_close(struct trace_source *source)
{
    struct xz_source *xz = (struct xz_source *)source;

    lzma_end(&xz->stream);
    xz->inner->close(xz->inner);
    free(xz);
}

struct trace_source *trace_source_xz(struct trace_source *inner,
                                     struct trace_error *error)
{
    struct xz_source *xz = calloc(1, sizeof *xz);

    if (!xz || lzma_stream_decoder(&xz->stream, UINT64_MAX,
                                   LZMA_CONCATENATED) != LZMA_OK) {
        free(xz);
        inner->close(inner);
        trace_no_memory(error);
        return NULL;
    }
    xz->source.read = xz_read;
    xz->source.close = xz_close;
    xz->inner = inner;
    return &xz->source;
}

#else

struct trace_source *trace_source_xz(struct trace_source *inner,
                                     struct trace_error *error)
{
    inner->close(inner);
    trace_fail(error, TRACE_IO,
               "is packed with xz, and this program was built without "
               "liblzma (package liblzma-dev)");
    return NULL;
}

#endif
