#include "config.h"

#include "sim/arena.h"

#include <inttypes.h>
#include <stdio.h>

#include "sim/pages.h"

/* bytes 0: as many as the policy wants for its data. */
struct arena_control {
    void *pages;
    polished_size bytes;
};

/* Cut the control of every layer, the outermost first, from the region. */
static bool arena_carve(const struct sim_spec *spec,
                        struct polished_region *data,
                        struct arena_control *controls)
{
    for (unsigned i = 0; i < spec->layer_count; i++) {
        controls[i].pages =
            polished_carve(data, spec->layers[i].ops, spec->layers[i].knobs);
        if (controls[i].pages == NULL)
            return false;
    }
    return true;
}

/* A heap that will be extended has its control elsewhere, as has one of the
   host's: it costs the memory nothing. */
static bool arena_apart(const struct sim_spec *spec,
                        const struct polished_region *data,
                        uint64_t extend_bytes, struct arena_control *controls)
{
    for (unsigned i = 0; i < spec->layer_count; i++) {
        polished_size bytes = spec->layers[i].ops->control_bytes(
            spec->layers[i].knobs, data->size_bytes + extend_bytes);

        controls[i].pages = bytes == 0 ? NULL : sim_pages(bytes);
        controls[i].bytes = bytes;
        if (controls[i].pages == NULL)
            return false;
    }
    return true;
}

static enum polished_status arena_init(struct sim_arena *arena,
                                       const struct sim_spec *spec,
                                       struct polished_region data,
                                       const struct arena_control *controls)
{
    for (unsigned i = spec->layer_count; i-- > 0;) {
        struct polished_setup setup = {
            .ops = spec->layers[i].ops,
            .data = data,
            .control = controls[i].pages,
            .control_bytes = controls[i].bytes,
            .knobs = spec->layers[i].knobs,
            .source = i + 1 < spec->layer_count ? &arena->heaps[i + 1] : NULL,
        };
        enum polished_status status = polished_init(&arena->heaps[i], &setup);

        if (status != POLISHED_OK)
            return status;
    }
    return POLISHED_OK;
}

/* Holes are taken from the innermost heap: the others draw from around them. */
static struct polished_heap *arena_innermost(struct sim_arena *arena)
{
    struct polished_heap *heap = arena->heap;

    while (heap->source != NULL)
        heap = heap->source;
    return heap;
}

/* A hole widened to whole granules, and with it those that it then touches. */
static size_t arena_hole(const struct sim_memory *memory, size_t at,
                         uint64_t granule_bytes, struct sim_piece *hole)
{
    uint64_t skew_bytes = memory->bus_base & (granule_bytes - 1);
    uint64_t first = UINT64_MAX, end = 0;

    for (; at < memory->hole_count; at++) {
        const struct sim_piece *next = &memory->holes[at];
        uint64_t from =
            (next->offset_bytes + skew_bytes) & ~(granule_bytes - 1);
        uint64_t to = next->offset_bytes + next->size_bytes + skew_bytes +
                      granule_bytes - 1;

        if (first != UINT64_MAX && from > end)
            break;
        first = first < from ? first : from;
        end = to & ~(granule_bytes - 1);
    }
    hole->offset_bytes = first < skew_bytes ? 0 : first - skew_bytes;
    hole->size_bytes = end - skew_bytes - hole->offset_bytes;
    return at;
}

static enum polished_status arena_reserve(struct sim_arena *arena,
                                          uint64_t granule_bytes)
{
    const struct sim_memory *memory = arena->memory;
    enum polished_status status = POLISHED_OK;
    struct polished_heap *heap = arena_innermost(arena);
    uint64_t data_bytes = heap->data.size_bytes;

    for (size_t i = 0; i < memory->hole_count && status == POLISHED_OK;) {
        struct sim_piece hole;

        i = arena_hole(memory, i, granule_bytes, &hole);
        /* Control must not have been cut from beyond the last hole. */
        if (hole.offset_bytes >= data_bytes ||
            hole.size_bytes > data_bytes - hole.offset_bytes)
            return POLISHED_BAD_SIZE;
        status = polished_reserve(heap, hole.offset_bytes, hole.size_bytes);
    }
    return status;
}

static int arena_sum(void *context, const struct polished_block *block)
{
    if (block->kind == POLISHED_USED)
        *(uint64_t *)context += block->size_bytes;
    return 0;
}

/* A hole may begin where no block of the policy can: then what its granule
   has before the hole is lost. */
static enum polished_status arena_holes(struct sim_arena *arena)
{
    enum polished_status status;

    arena->hole_bytes = 0;
    if (arena->memory->hole_count == 0 ||
        (arena->host != NULL && arena->host->unbounded))
        return POLISHED_OK;
    status = arena_reserve(arena, 1);
    for (uint64_t granule_bytes = 2; status == POLISHED_BAD_ALIGN &&
                                     granule_bytes <= arena->memory->congruence;
         granule_bytes *= 2) {
        polished_reset(arena->heap);
        status = arena_reserve(arena, granule_bytes);
    }
    if (status == POLISHED_OK)
        polished_walk(arena->heap, arena_sum, &arena->hole_bytes);
    return status;
}

static bool arena_unbounded(const struct sim_spec *spec)
{
    return spec->host != NULL && spec->host->unbounded;
}

enum polished_status sim_arena_reset(struct sim_arena *arena)
{
    enum polished_status status = polished_reset(arena->heap);

    return status == POLISHED_OK ? arena_holes(arena) : status;
}

uint64_t sim_arena_data(const struct sim_spec *spec,
                        const struct sim_memory *memory, void *base)
{
    struct arena_control controls[SIM_NESTED] = {0};
    struct polished_region data = {.base = base,
                                   .size_bytes = memory->span_bytes,
                                   .bus_base = memory->bus_base};

    return arena_carve(spec, &data, controls) ? data.size_bytes : 0;
}

enum polished_status sim_arena_in(struct sim_arena *arena,
                                  const struct sim_spec *spec,
                                  const struct sim_memory *memory, void *base,
                                  uint64_t extend_bytes, char *why,
                                  size_t why_bytes)
{
    struct polished_region data = {.base = base,
                                   .size_bytes = memory->span_bytes,
                                   .bus_base = memory->bus_base};
    struct arena_control controls[SIM_NESTED] = {0};
    enum polished_status status;
    bool apart = extend_bytes != 0 || spec->host != NULL;

    *arena = (struct sim_arena){.heap = &arena->heaps[0],
                                .host = spec->host,
                                .memory = memory,
                                .memory_bytes = memory->total_bytes,
                                .largest_piece_bytes = memory->largest_bytes};
    if (arena_unbounded(spec)) {
        data = host_address_space();
        arena->memory_bytes = arena->largest_piece_bytes = data.size_bytes;
    }
    if (!(apart ? arena_apart(spec, &data, extend_bytes, controls)
                : arena_carve(spec, &data, controls))) {
        snprintf(why, why_bytes, "%" PRIu64 " bytes do not hold its state",
                 memory->span_bytes);
        return POLISHED_BAD_SIZE;
    }
    arena->control_bytes = apart ? 0 : memory->span_bytes - data.size_bytes;
    status = arena_init(arena, spec, data, controls);
    if (status != POLISHED_OK) {
        snprintf(why, why_bytes, "it cannot manage %" PRIu64 " bytes: %s",
                 memory->span_bytes, polished_status_name(status));
        return status;
    }
    status = arena_holes(arena);
    if (status != POLISHED_OK)
        snprintf(why, why_bytes, "the memory map has holes: %s",
                 polished_status_name(status));
    return status;
}

enum polished_status sim_arena_make(struct sim_arena *arena,
                                    const struct sim_spec *spec,
                                    const struct sim_memory *memory,
                                    uint64_t extend_bytes, char *why,
                                    size_t why_bytes)
{
    void *base = NULL;

    if (!arena_unbounded(spec)) {
        base = sim_pages_at(memory->span_bytes + extend_bytes, memory->bus_base,
                            memory->congruence);
        if (base == NULL) {
            snprintf(why, why_bytes, "the system maps no %" PRIu64 " bytes",
                     memory->span_bytes);
            return POLISHED_NO_MEMORY;
        }
    }
    return sim_arena_in(arena, spec, memory, base, extend_bytes, why,
                        why_bytes);
}
