/* drive.c - see drive.h. */
#include "drive.h"

#include <string.h>

#include "drive_extra.h"

void drive_forget(struct drive *drive)
{
    memset(&drive->book, 0, sizeof drive->book);
    drive->decisions = drive->calls = 0;
    drive->has_extended = drive->has_rewound = drive->has_quota = false;
    drive->is_over = false;
}

enum polished_status drive_open(struct drive *drive,
                                const struct polished_ops *ops,
                                const struct operation_setup *setup,
                                unsigned char fill)
{
    const struct oracle_plan plan = {.ops = ops,
                                     .knobs = setup->knobs,
                                     .source_ops = setup->source_ops,
                                     .source_knobs = setup->source_knobs,
                                     .size_bytes = setup->size_bytes,
                                     .more_bytes = setup->more_bytes,
                                     .bus_base = setup->bus_base,
                                     .dirt = fill};

    drive_forget(drive);
    if ((ops->caps & POLISHED_SOURCE) && !setup->source_ops)
        return POLISHED_BAD_KNOB;
    return oracle_open(&drive->oracle, &plan);
}

void drive_close(struct drive *drive)
{
    oracle_close(&drive->oracle);
}

static void drive_note(struct drive *drive, uint64_t answer)
{
    drive->decisions =
        (drive->decisions ^ answer) * UINT64_C(0x100000001b3) + 1;
}

static polished_size drive_room(const struct oracle *oracle)
{
    return oracle->data_bytes - oracle->heap.data.size_bytes;
}

void drive_add(struct drive *drive, uint32_t owner)
{
    const struct oracle_block *newest =
        &drive->oracle.live[drive->oracle.count - 1];
    const struct operation_block block = {newest->offset, newest->size_bytes,
                                          newest->align_bytes, owner};

    operation_book_add(&drive->book, &block);
    drive_note(drive, newest->offset);
}

static enum polished_status drive_alloc(struct drive *drive,
                                        const struct operation_call *call)
{
    enum polished_status status =
        oracle_request(&drive->oracle, &call->request);

    if (status == POLISHED_OK)
        drive_add(drive, call->owner);
    return status;
}

static enum polished_status drive_reserve(struct drive *drive,
                                          const struct operation_call *call)
{
    enum polished_status status =
        oracle_reserve(&drive->oracle, call->offset, call->request.size_bytes);

    if (status == POLISHED_OK)
        drive_add(drive, call->owner);
    return status;
}

static enum polished_status drive_realloc(struct drive *drive,
                                          const struct operation_call *call)
{
    enum polished_status status = oracle_change(
        &drive->oracle, call->index, &call->request, call->told_bytes != 0);

    if (status != POLISHED_OK)
        return status;
    operation_book_change(&drive->book, call->index,
                          drive->oracle.live[call->index].offset,
                          &call->request);
    drive_note(drive, drive->oracle.live[call->index].offset);
    return status;
}

static enum polished_status drive_free(struct drive *drive,
                                       const struct operation_call *call)
{
    enum polished_status status =
        oracle_free(&drive->oracle, call->index, call->told_bytes != 0);

    if (status == POLISHED_OK)
        operation_book_drop(&drive->book, call->index);
    return status;
}

static enum polished_status drive_extend(struct drive *drive,
                                         const struct operation_call *call)
{
    enum polished_status status =
        oracle_extend(&drive->oracle, call->request.size_bytes);

    drive->has_extended = drive->has_extended || status == POLISHED_OK;
    return status;
}

static enum polished_status drive_reset(struct drive *drive,
                                        const struct operation_call *call)
{
    (void)call;
    oracle_reset(&drive->oracle);
    operation_book_drop_all(&drive->book);
    return POLISHED_OK;
}

static enum polished_status drive_destroy(struct drive *drive,
                                          const struct operation_call *call)
{
    enum polished_status status = oracle_destroy(&drive->oracle, call->owner);

    if (status == POLISHED_OK)
        operation_book_drop_owner(&drive->book, call->owner);
    return status;
}

static enum polished_status drive_misuse(struct drive *drive,
                                         const struct operation_call *call)
{
    struct oracle *oracle = &drive->oracle;
    enum polished_status status;

    if (call->misuse == OPERATION_CLAIM) {
        status = oracle_claim(oracle, call->index, call->told_bytes,
                              call->is_resize);
        if (status == POLISHED_OK && !call->is_resize)
            operation_book_drop(&drive->book, call->index);
        return status;
    }
    if (!oracle_knows_borders(oracle) &&
        call->offset < oracle->heap.data.size_bytes)
        return POLISHED_UNSUPPORTED;
    if (call->misuse == OPERATION_FORGED &&
        call->offset - oracle->live[call->index].offset >= ORACLE_HEAD &&
        oracle->live[call->index].offset >= ORACLE_HEAD)
        drive->is_over =
            oracle_forge(oracle, call->index, call->offset, call->is_resize);
    else
        oracle_misuse(oracle, call->offset, call->told_bytes);
    return POLISHED_NOT_OWNED;
}

bool drive_step(struct drive *drive, const struct operation *operation)
{
    static enum polished_status (*const kinds[OPERATION_KIND_COUNT])(
        struct drive * drive, const struct operation_call *call) = {
        [OPERATION_ALLOC] = drive_alloc,
        [OPERATION_RESERVE] = drive_reserve,
        [OPERATION_REALLOC] = drive_realloc,
        [OPERATION_FREE] = drive_free,
        [OPERATION_EXTEND] = drive_extend,
        [OPERATION_RESET] = drive_reset,
        [OPERATION_DESTROY] = drive_destroy,
        [OPERATION_EXTRA] = drive_extra,
        [OPERATION_MISUSE] = drive_misuse,
    };
    struct polished_heap *heap = &drive->oracle.heap;
    const struct operation_view view =
        operation_book_view(&drive->book, heap, drive_room(&drive->oracle));
    struct operation_call call;

    if (drive->is_over || !operation_resolve(operation, &view, &call))
        return false;
    heap->owner = call.owner;
    drive_note(drive, kinds[call.kind](drive, &call));
    drive->calls++;
    ORACLE_EXPECT(&drive->oracle, drive->is_over || drive->oracle.count ==
                                                        drive->book.live_count);
    return true;
}
