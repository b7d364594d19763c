/*
 * trace/recording.c - the recorder's raw log, read as a trace.
 *
 * Addresses become small numbers: an id is used again when its block is
 * gone.  What the program was not seen to do is left out or made good:
 *
 *     a free of an address never seen          left out, counted
 *     a realloc of an address never seen       an alloc
 *     an address that is allocated while it    the older block is freed first;
 *     is alive: its free was stamped late, or  a free that follows at once is
 *     never seen                               the late one, and left out
 *     a realloc that failed, or was cut off    left out
 *     a realloc to 0 bytes                     a free, and an alloc of 0 if it
 *                                              gave a block
 */
#include "config.h"

#include "trace/recording.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "trace/format.h"
#include "trace/recording_blocks.h"
#include "trace/recording_log.h"

enum {
    RECORDING_ALIGN = 16,
    RECORDING_LATE = 1 << 18, /* ticks, on most machines about 1 ms */
    RECORDING_MOST = 3        /* events of one record */
};

/* The block whose realloc has begun in a stream. */
struct recording_resize {
    uint64_t address, id;
};

struct recording_state {
    FILE *spool; /* the whole log: it cannot be read in one pass */
    void *map;
    size_t map_bytes;
    const struct wire_header *header;
    struct recording_log log;
    struct recording_blocks blocks;
    struct recording_resize *resizes; /* one for each stream */
    uint64_t unknown_frees, early_ends;
    struct trace_event pending[RECORDING_MOST];
    size_t pending_at, pending_count;
    bool has_threads, out_of_memory;
};

static int recording_bid(const unsigned char *first, size_t count)
{
    return count >= WIRE_MAGIC_BYTES &&
                   memcmp(first, WIRE_MAGIC, WIRE_MAGIC_BYTES) == 0
               ? 100
               : 0;
}

static bool recording_spool(struct trace_reader *reader,
                            struct recording_state *state)
{
    struct trace_input *input = &reader->input;
    state->spool = tmpfile();
    if (state->spool == NULL)
        return trace_fail_errno(&reader->error, "make a temporary file");
    do {
        size_t count = input->end - input->begin;
        if (fwrite(input->data + input->begin, 1, count, state->spool) != count)
            return trace_fail_errno(&reader->error, "write a temporary file");
        input->begin = input->end;
        state->map_bytes += count;
    } while (trace_input_more(input, &reader->error));
    if (reader->error.kind != TRACE_FINE)
        return false;
    if (fflush(state->spool) != 0)
        return trace_fail_errno(&reader->error, "write a temporary file");
    state->map = mmap(NULL, state->map_bytes, PROT_READ, MAP_SHARED,
                      fileno(state->spool), 0);
    if (state->map == MAP_FAILED) {
        state->map = NULL;
        return trace_fail_errno(&reader->error, "map a temporary file");
    }
    return true;
}

static bool recording_check(struct trace_reader *reader,
                            const struct recording_state *state)
{
    reader->error.line = reader->error.column = 1;
    if (state->map_bytes < WIRE_HEADER_BYTES)
        return trace_fail(&reader->error, TRACE_BAD,
                          "the header of the recording is cut off");
    if (state->header->byte_order != WIRE_BYTE_ORDER)
        return trace_fail(&reader->error, TRACE_BAD,
                          "recorded on a machine of the other byte order");
    if (state->header->version != WIRE_VERSION)
        return trace_fail(&reader->error, TRACE_BAD,
                          "a recording of version %u, not %u",
                          state->header->version, WIRE_VERSION);
    reader->error.line = reader->error.column = 0;
    return true;
}

/* Append an argument; what is not plain text becomes a question mark. */
static size_t recording_append(char *to, const char *from, size_t count)
{
    for (size_t i = 0; i < count; i++)
        to[i] = from[i] >= ' ' && from[i] <= '~' ? from[i] : '?';
    return count;
}

/* "polished-record PROGRAM ARG...", and the base name of PROGRAM. */
static bool recording_name(struct trace_reader *reader,
                           const struct wire_header *wire)
{
    static const char self[] = "polished-record";
    size_t room = sizeof wire->command, count = wire->command_bytes;
    char *text = malloc(sizeof self + 1 + room);
    const char *command = wire->command;
    count = count < room ? count : room;
    if (text == NULL)
        return trace_no_memory(&reader->error);
    size_t used = recording_append(text, self, sizeof self - 1);
    for (size_t at = 0, length; at < count; at += length + 1) {
        length = strnlen(command + at, count - at);
        text[used++] = ' ';
        used += recording_append(text + used, command + at, length);
    }
    text[used] = '\0';
    reader->header.source = text;
    size_t first = strnlen(command, count), begin = first;
    while (begin > 0 && command[begin - 1] != '/')
        begin--;
    char *name = calloc(1, first - begin + 1);
    if (name == NULL)
        return trace_no_memory(&reader->error);
    recording_append(name, command + begin, first - begin);
    reader->header.name = name;
    return true;
}

static bool recording_open(struct trace_reader *reader)
{
    struct recording_state *state = calloc(1, sizeof *state);
    reader->state = state;
    if (state == NULL)
        return trace_no_memory(&reader->error);
    if (!recording_spool(reader, state))
        return false;
    state->header = state->map;
    if (!recording_check(reader, state) ||
        !recording_name(reader, state->header))
        return false;
    reader->header.align_bytes = RECORDING_ALIGN;
    state->has_threads = state->header->thread_count > 1;
    if (!recording_log_open(&state->log, state->map, state->map_bytes))
        return trace_no_memory(&reader->error);
    state->resizes =
        calloc(state->log.stream_count + 1, sizeof state->resizes[0]);
    return state->resizes != NULL || trace_no_memory(&reader->error);
}

static struct trace_event *recording_emit(struct recording_state *state,
                                          const struct recording_record *record,
                                          enum trace_op op, uint64_t id)
{
    struct trace_event *event = &state->pending[state->pending_count++];
    memset(event, 0, sizeof *event);
    event->op = (uint8_t)op;
    event->id = id;
    event->size_bytes = op == TRACE_FREE ? 0 : record->size_bytes;
    if (state->has_threads) {
        event->has |= TRACE_HAS_THREAD;
        event->thread = record->thread;
    }
    return event;
}

static void recording_end(struct recording_state *state,
                          const struct recording_record *record, uint64_t id)
{
    recording_emit(state, record, TRACE_FREE, id);
    recording_blocks_give_id(&state->blocks, id);
}

/* Give the record's address to id. */
static void recording_place(struct recording_state *state,
                            const struct recording_record *record, uint64_t id)
{
    struct recording_block *block =
        recording_blocks_find(&state->blocks, record->address);
    bool late = block != NULL;
    if (late) {
        state->early_ends++;
        recording_end(state, record, block->id);
        block->id = id;
    } else {
        block = recording_blocks_add(&state->blocks, record->address, id);
    }
    if (block == NULL) {
        state->out_of_memory = true;
        return;
    }
    block->ticks = record->ticks;
    block->late = late && record->ticks > 0;
}

static void recording_alloc(struct recording_state *state,
                            const struct recording_record *record)
{
    uint64_t id = recording_blocks_take_id(&state->blocks);
    if (id == 0) {
        state->out_of_memory = true;
        return;
    }
    recording_place(state, record, id);
    struct trace_event *event = recording_emit(state, record, TRACE_ALLOC, id);
    if (record->op == WIRE_CALLOC)
        event->has |= TRACE_HAS_ZERO;
    if (record->op == WIRE_ALIGNED) {
        event->has |= TRACE_HAS_ALIGN;
        event->align_bytes = record->align_bytes;
    }
}

static void recording_free(struct recording_state *state,
                           const struct recording_record *record)
{
    struct recording_block *block =
        recording_blocks_find(&state->blocks, record->address);
    if (block == NULL) {
        state->unknown_frees++;
        return;
    }
    if (block->late && record->ticks - block->ticks < RECORDING_LATE) {
        block->late = false;
        return;
    }
    recording_end(state, record, block->id);
    recording_blocks_remove(&state->blocks, block);
}

/* From here on the address may be given to others. */
static void recording_resize(struct recording_state *state,
                             const struct recording_record *record)
{
    struct recording_resize *resize = &state->resizes[record->stream];
    struct recording_block *block =
        recording_blocks_find(&state->blocks, record->address);
    resize->address = record->address;
    resize->id = block != NULL ? block->id : 0;
    if (block != NULL)
        recording_blocks_remove(&state->blocks, block);
}

static void recording_resized(struct recording_state *state,
                              const struct recording_record *record)
{
    struct recording_resize *resize = &state->resizes[record->stream];
    uint64_t id = resize->id;
    resize->id = 0;
    if (id != 0 && record->size_bytes == 0) {
        recording_end(state, record, id);
        id = 0;
    }
    if (id == 0) {
        recording_alloc(state, record);
        return;
    }
    recording_place(state, record, id);
    recording_emit(state, record, TRACE_REALLOC, id);
}

static void recording_unmoved(struct recording_state *state,
                              const struct recording_record *record)
{
    struct recording_resize *resize = &state->resizes[record->stream];
    struct recording_record kept = *record;
    uint64_t id = resize->id;
    resize->id = 0;
    kept.address = resize->address;
    if (id == 0)
        state->unknown_frees += record->freed;
    else if (record->freed)
        recording_end(state, record, id);
    else
        recording_place(state, &kept, id);
}

static void (*const recording_rows[])(struct recording_state *,
                                      const struct recording_record *) = {
    [WIRE_MALLOC] = recording_alloc,    [WIRE_FREE] = recording_free,
    [WIRE_CALLOC] = recording_alloc,    [WIRE_RESIZE] = recording_resize,
    [WIRE_RESIZED] = recording_resized, [WIRE_ALIGNED] = recording_alloc,
    [WIRE_CONTROL] = recording_unmoved,
};

/* The log is no text: its places are the numbers of its events. */
static size_t recording_read(struct trace_reader *reader,
                             struct trace_event *events, size_t capacity)
{
    struct recording_state *state = reader->state;
    struct recording_record record;
    size_t count = 0;
    while (count < capacity) {
        if (state->pending_at < state->pending_count) {
            reader->places[count] =
                (struct trace_place){1, reader->event_count + count + 1};
            events[count++] = state->pending[state->pending_at++];
            continue;
        }
        state->pending_at = state->pending_count = 0;
        if (!recording_log_next(&state->log, &record))
            break;
        if (record.address != 0 || record.op == WIRE_CONTROL)
            recording_rows[record.op](state, &record);
        if (state->out_of_memory) {
            trace_no_memory(&reader->error);
            break;
        }
    }
    return count;
}

static void recording_close(struct trace_reader *reader)
{
    struct recording_state *state = reader->state;
    if (state == NULL)
        return;
    recording_log_close(&state->log);
    recording_blocks_close(&state->blocks);
    if (state->map != NULL)
        munmap(state->map, state->map_bytes);
    if (state->spool != NULL)
        fclose(state->spool);
    free(state->resizes);
    free(state);
}

bool recording_facts_of(const struct trace_reader *reader,
                        struct recording_facts *facts)
{
    const struct recording_state *state = reader->state;
    memset(facts, 0, sizeof *facts);
    if (reader->format != &trace_format_recording)
        return false;
    facts->started_ns = state->header->started_ns;
    facts->pid = state->header->pid;
    facts->stop_errno = state->header->stop_errno;
    facts->thread_count = state->header->thread_count;
    facts->unknown_frees = state->unknown_frees;
    facts->early_ends = state->early_ends;
    return true;
}

const struct trace_format trace_format_recording = {
    .name = "recording",
    .summary = "polished-record's raw log of one process",
    .suffixes = "",
    .bid = recording_bid,
    .open = recording_open,
    .read = recording_read,
    .close = recording_close,
};
