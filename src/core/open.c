/* open.c - making a heap: knobs, regions, control. */
#include "core/arith.h"
#include "core/front.h"

bool front_grow(const struct polished_region *region, polished_size more_bytes,
                polished_size *size_bytes)
{
    polished_size grown_bytes;

    if (!arith_add(region->size_bytes, more_bytes, &grown_bytes))
        return false;
    POLISHED_ASSERT(grown_bytes != 0);
    if (region->bus_base > UINT64_MAX - (grown_bytes - 1))
        return false;
    *size_bytes = grown_bytes;
    return true;
}

/* Is the value one that this knob may have? */
static bool open_knob_is_good(const struct polished_knob *knob,
                              polished_size value)
{
    if (knob->form == POLISHED_POLICY)
        return true;
    if (value < knob->least || value > knob->most)
        return false;
    return knob->form != POLISHED_POWER_OF_TWO || bits_is_power_of_two(value);
}

/* Fill values with the given knobs, or with the usual ones. */
static enum polished_status
open_read_knobs(const struct polished_ops *ops, const polished_size *given,
                polished_size values[POLISHED_KNOBS])
{
    const struct polished_knob *knob = ops->knobs;

    for (unsigned i = 0; knob && knob->name; knob++, i++) {
        if (i == POLISHED_KNOBS)
            return POLISHED_UNSUPPORTED;
        values[i] = given ? given[i] : knob->usual;
        if (!open_knob_is_good(knob, values[i]))
            return POLISHED_BAD_KNOB;
    }
    return POLISHED_OK;
}

/* Cut control_bytes from the end of a backed region, 16-aligned. */
static void *open_cut(struct polished_region *data, polished_size control_bytes)
{
    uintptr_t base = (uintptr_t)data->base;
    uintptr_t start;

    if (!data->base || control_bytes == 0 || control_bytes > data->size_bytes)
        return NULL;
    start = base + (uintptr_t)(data->size_bytes - control_bytes);
    start -= start % POLISHED_CONTROL_ALIGN;
    if (start < base)
        return NULL;
    data->size_bytes = start - base;
    return (unsigned char *)data->base + (start - base);
}

void *polished_carve(struct polished_region *data,
                     const struct polished_ops *ops, const polished_size *knobs)
{
    polished_size values[POLISHED_KNOBS];

    if (open_read_knobs(ops, knobs, values) != POLISHED_OK)
        return NULL;
    return open_cut(data, ops->control_bytes(values, data->size_bytes));
}

/* Can this policy manage that memory, as far as its row tells? */
static enum polished_status open_judge(const struct polished_setup *setup,
                                       const struct polished_region *data)
{
    uint32_t caps = setup->ops->caps;
    polished_size size_bytes;

    if (!(caps & POLISHED_SOURCE) != !setup->source)
        return POLISHED_BAD_KNOB;
    if (setup->source && !POLISHED_CAN_FEED(setup->source->ops->caps))
        return POLISHED_BAD_KNOB;
    if (!data->base && !(caps & (POLISHED_NO_TOUCH | POLISHED_SOURCE)))
        return POLISHED_UNSUPPORTED;
    if (data->size_bytes == 0)
        return POLISHED_BAD_SIZE;
    if (!front_grow(data, 0, &size_bytes))
        return POLISHED_LIMIT;
    if (data->base &&
        ((uintptr_t)data->base ^ data->bus_base) % POLISHED_CONTROL_ALIGN)
        return POLISHED_BAD_ALIGN;
    return POLISHED_OK;
}

/* Find the control of a heap: given, or cut from the end of its data. */
static enum polished_status
open_find_control(struct polished_heap *heap,
                  const struct polished_setup *setup,
                  const polished_size *knobs)
{
    polished_size need_bytes =
        setup->ops->control_bytes(knobs, heap->data.size_bytes);

    if (need_bytes == 0)
        return POLISHED_LIMIT;
    heap->control = setup->control;
    heap->control_bytes =
        setup->control_bytes ? setup->control_bytes : need_bytes;
    if (setup->control) {
        if ((uintptr_t)setup->control % POLISHED_CONTROL_ALIGN != 0)
            return POLISHED_BAD_ALIGN;
        return heap->control_bytes < need_bytes ? POLISHED_BAD_SIZE
                                                : POLISHED_OK;
    }
    if (!heap->data.base || heap->source)
        return POLISHED_UNSUPPORTED;
    heap->control_bytes = need_bytes;
    heap->control = open_cut(&heap->data, need_bytes);
    return heap->control && heap->data.size_bytes != 0 ? POLISHED_OK
                                                       : POLISHED_BAD_SIZE;
}

enum polished_status polished_init(struct polished_heap *heap,
                                   const struct polished_setup *setup)
{
    polished_size knobs[POLISHED_KNOBS] = {0};
    struct polished_heap made = {0};
    enum polished_status status;

    if (setup->ops->abi != POLISHED_ABI)
        return POLISHED_UNSUPPORTED;
    made.ops = setup->ops;
    made.data = setup->source ? setup->source->data : setup->data;
    made.source = setup->source;
    made.host = setup->host;
    status = open_read_knobs(setup->ops, setup->knobs, knobs);
    if (status == POLISHED_OK)
        status = open_judge(setup, &made.data);
    if (status == POLISHED_OK)
        status = open_find_control(&made, setup, knobs);
    if (status != POLISHED_OK)
        return status;
    made.slack_bytes = made.data.size_bytes;
    status = setup->ops->init(&made, knobs);
    if (status == POLISHED_OK)
        *heap = made;
    return status;
}

enum polished_status polished_open(struct polished_heap *heap,
                                   const struct polished_ops *ops,
                                   struct polished_region data,
                                   const polished_size *knobs)
{
    const struct polished_setup setup = {
        .ops = ops, .data = data, .knobs = knobs};

    return polished_init(heap, &setup);
}
