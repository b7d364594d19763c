/* trace/zstd.c - unpacking zstd. */
#include "config.h"

#include "trace/input.h"

#include "trace/fail.h"

#ifdef HAVE_ZSTD

#include <stdlib.h>
#include <zstd.h>

enum { ZSTD_CHUNK = 1 << 16 };

struct zstd_source {
    struct trace_source source;
    struct trace_source *inner;
    ZSTD_DStream *stream;
    ZSTD_inBuffer in;
    bool inside; /* a frame has begun and not ended */
    bool failed;
    unsigned char packed[ZSTD_CHUNK];
};

static ssize_t zstd_bad(struct zstd_source *zstd, const char *why,
                        struct trace_error *error)
{
    zstd->failed = true;
    trace_fail(error, TRACE_BAD, "the zstd data are damaged: %s", why);
    return -1;
}

/* More packed bytes.  1: there are, 0: none are left, -1: failure. */
static int zstd_feed(struct zstd_source *zstd, struct trace_error *error)
{
    ssize_t got;

    if (zstd->in.pos < zstd->in.size)
        return 1;
    got = zstd->inner->read(zstd->inner, zstd->packed, ZSTD_CHUNK, error);
    if (got <= 0)
        return (int)got;
    zstd->in.size = (size_t)got;
    zstd->in.pos = 0;
    return 1;
}

static ssize_t zstd_read(struct trace_source *source, void *to, size_t capacity,
                         struct trace_error *error)
{
    struct zstd_source *zstd = (struct zstd_source *)source;
    ZSTD_outBuffer out = {to, capacity, 0};

    if (zstd->failed)
        return -1;
    while (out.pos == 0) {
        int fed = zstd_feed(zstd, error);
        size_t status;

        /* With nothing fed, what the frame still holds back may come. */
        if (fed < 0 || (fed == 0 && !zstd->inside))
            return fed;
        status = ZSTD_decompressStream(zstd->stream, &out, &zstd->in);
        if (ZSTD_isError(status))
            return zstd_bad(zstd, ZSTD_getErrorName(status), error);
        if (fed == 0 && out.pos == 0 && status != 0)
            return zstd_bad(zstd, "they end too early", error);
        zstd->inside = status != 0;
    }
    return (ssize_t)out.pos;
}

static void zstd_close(struct trace_source *source)
{
    struct zstd_source *zstd = (struct zstd_source *)source;

    ZSTD_freeDStream(zstd->stream);
    zstd->inner->close(zstd->inner);
    free(zstd);
}

struct trace_source *trace_source_zstd(struct trace_source *inner,
                                       struct trace_error *error)
{
    struct zstd_source *zstd = calloc(1, sizeof *zstd);

    if (!zstd || !(zstd->stream = ZSTD_createDStream())) {
        free(zstd);
        inner->close(inner);
        trace_no_memory(error);
        return NULL;
    }
    zstd->source.read = zstd_read;
    zstd->source.close = zstd_close;
    zstd->inner = inner;
    zstd->in.src = zstd->packed;
    return &zstd->source;
}

#else

struct trace_source *trace_source_zstd(struct trace_source *inner,
                                       struct trace_error *error)
{
    inner->close(inner);
    trace_fail(error, TRACE_IO,
               "is packed with zstd, and this program was built without "
               "libzstd (package libzstd-dev)");
    return NULL;
}

#endif
