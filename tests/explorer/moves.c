/* moves.c - see moves.h. */
#include "moves.h"

#define MOVES_COUNT(array) (sizeof(array) / sizeof(array)[0])

/* Who is called for each move, and for what heap. */
struct moves_tour {
    const struct moves *moves;
    struct state *state;
    moves_visit *visit;
    void *context;
};

static void moves_add_size(struct moves *moves, polished_size size_bytes)
{
    if (moves->size_count < MOVES_SIZES)
        moves->sizes[moves->size_count++] = size_bytes;
}

void moves_open(struct moves *moves, polished_size step,
                polished_size region_bytes, uint32_t owner_count,
                bool is_coarse)
{
    static const polished_size rare[] = {
        0, POLISHED_SIZE_MAX, POLISHED_SIZE_MAX - 7, POLISHED_SIZE_MAX - 23,
        POLISHED_SIZE_MAX / 2 + 1};

    *moves = (struct moves){.step = step, .owner_count = owner_count};
    for (polished_size size = step; size <= region_bytes; size += step)
        moves_add_size(moves, size);
    if (!is_coarse) {
        moves_add_size(moves, 1);
        moves_add_size(moves, step + 1);
        moves_add_size(moves, region_bytes - 1);
    }
    moves_add_size(moves, region_bytes + 1);
    for (size_t i = 0; i < MOVES_COUNT(rare); i++)
        moves_add_size(moves, rare[i]);
}

static void moves_try(const struct moves_tour *tour,
                      const struct operation_call *call)
{
    tour->visit(tour->context, call);
}

/* One request, for each owner that there is. */
static void moves_request(const struct moves_tour *tour,
                          const struct polished_request *request)
{
    struct operation_call call = {.kind = OPERATION_ALLOC, .request = *request};

    for (; call.owner < tour->moves->owner_count; call.owner++)
        moves_try(tour, &call);
}

/* The largest that there is, and one byte more. */
static void moves_largest(const struct moves_tour *tour,
                          struct polished_request request)
{
    request.size_bytes = polished_largest(&tour->state->oracle.heap, &request);
    if (request.size_bytes != 0)
        moves_request(tour, &request);
    request.size_bytes++;
    moves_request(tour, &request);
}

static void moves_alloc(const struct moves_tour *tour)
{
    static const polished_size aligns[] = {1, 16, 32, 64};
    static const polished_size rare[] = {0, 3, 256, POLISHED_SIZE_MAX,
                                         POLISHED_SIZE_MAX / 2 + 1};
    const struct moves *moves = tour->moves;

    for (size_t i = 0; i < MOVES_COUNT(aligns); i++) {
        struct polished_request request = {0, aligns[i], 0, 0};

        for (size_t j = 0; j < moves->size_count; j++) {
            request.size_bytes = moves->sizes[j];
            moves_request(tour, &request);
        }
        moves_largest(tour, request);
    }
    for (size_t i = 0; i < MOVES_COUNT(rare); i++)
        moves_request(tour,
                      &(struct polished_request){moves->step, rare[i], 0, 0});
    if (moves->owner_count > 1)
        moves_try(tour, &(struct operation_call){.kind = OPERATION_ALLOC,
                                                 .request = {1, 1, 0, 0},
                                                 .owner = moves->owner_count});
}

static void moves_limits(const struct moves_tour *tour)
{
    const struct polished_region *data = &tour->state->oracle.heap.data;
    const uint64_t middle = data->bus_base + data->size_bytes / 2;
    const struct polished_request asked[] = {
        {0, 1, middle + 3, 0},         {0, 1, middle - 32, 0},
        {0, 1, data->bus_base + 1, 0}, {0, 1, 0, 32},
        {0, 32, middle + 32, 64},      {0, 1, 0, 48},
    };

    for (size_t i = 0; i < MOVES_COUNT(asked); i++) {
        struct polished_request request = asked[i];

        for (size_t j = 0; j < tour->moves->size_count; j++) {
            request.size_bytes = tour->moves->sizes[j];
            moves_request(tour, &request);
        }
        if (data->bus_base != 0)
            moves_largest(tour, request);
    }
}

static void moves_realloc(const struct moves_tour *tour, size_t index)
{
    static const polished_size aligns[] = {1, 32};
    const struct moves *moves = tour->moves;
    struct operation_call call = {.kind = OPERATION_REALLOC, .index = index};

    for (size_t i = 0; i < MOVES_COUNT(aligns); i++)
        for (size_t j = 0; j < moves->size_count; j++) {
            call.request.size_bytes = moves->sizes[j];
            call.request.align_bytes = aligns[i];
            moves_try(tour, &call);
        }
    call.request.align_bytes = 3;
    moves_try(tour, &call);
}

/* Sizes that no such block can have been asked for. */
static void moves_claim(const struct moves_tour *tour,
                        const struct oracle_block *block)
{
    static const polished_size more[] = {1, 16, 64};
    struct operation_call call = {.kind = OPERATION_MISUSE,
                                  .offset = block->offset,
                                  .owner = block->owner};

    for (size_t i = 0; i < MOVES_COUNT(more); i++) {
        call.told_bytes = block->usable_bytes + more[i];
        moves_try(tour, &call);
    }
    call.told_bytes = POLISHED_SIZE_MAX;
    moves_try(tour, &call);
    call.told_bytes = POLISHED_SIZE_MAX / 2 + 1;
    moves_try(tour, &call);
}

static void moves_blocks(const struct moves_tour *tour)
{
    const struct oracle *oracle = &tour->state->oracle;

    for (size_t i = 0; i < oracle->count; i++) {
        const struct oracle_block block = oracle->live[i];
        struct operation_call call = {.kind = OPERATION_FREE, .index = i};

        moves_try(tour, &call);
        call.told_bytes = block.size_bytes;
        moves_try(tour, &call);
        moves_realloc(tour, i);
        if (oracle_knows_borders(oracle))
            moves_claim(tour, &block);
    }
}

static bool moves_is_block(const struct oracle *oracle, polished_size offset,
                           uint32_t owner)
{
    for (size_t i = 0; i < oracle->count; i++)
        if (oracle->live[i].offset == offset && oracle->live[i].owner == owner)
            return true;
    return false;
}

static int moves_see_top(void *context, const struct polished_block *block)
{
    polished_size *top = context;

    if (block->kind == POLISHED_USED)
        *top = block->offset_bytes + block->size_bytes;
    return 0;
}

/* Every place where no block begins; only above all blocks, where a policy
   does not know where they do. */
static void moves_misuse(const struct moves_tour *tour)
{
    const struct oracle *oracle = &tour->state->oracle;
    struct operation_call call = {.kind = OPERATION_MISUSE};
    polished_size first = 0;

    if (!oracle_knows_borders(oracle))
        polished_walk(&oracle->heap, moves_see_top, &first);
    for (; call.owner < tour->moves->owner_count; call.owner++) {
        for (polished_size at = first; at < oracle->heap.data.size_bytes + 2;
             at += at % 8 == 0 || at % 8 == 7 ? 1 : 6) {
            call.offset = at;
            if (!moves_is_block(oracle, at, call.owner))
                moves_try(tour, &call);
        }
        call.offset = POLISHED_SIZE_MAX;
        moves_try(tour, &call);
    }
}

static void moves_reserve(const struct moves_tour *tour)
{
    polished_size data_bytes = tour->state->oracle.heap.data.size_bytes;
    struct operation_call call = {.kind = OPERATION_RESERVE};

    for (polished_size at = 0; at <= data_bytes; at += tour->moves->step)
        for (size_t i = 0; i < tour->moves->size_count; i++) {
            polished_size size_bytes = tour->moves->sizes[i];

            if (size_bytes > data_bytes - at && i % 4 != 0)
                continue; /* all refused for one reason: some will do */
            call.offset = at;
            call.request.size_bytes = size_bytes;
            moves_try(tour, &call);
        }
    call.offset = 1;
    call.request.size_bytes = 1;
    moves_try(tour, &call);
}

static void moves_extend(const struct moves_tour *tour)
{
    const struct oracle *oracle = &tour->state->oracle;
    polished_size room_bytes =
        oracle->data_bytes - oracle->heap.data.size_bytes;
    const polished_size more[] = {0, tour->moves->step, room_bytes};

    for (size_t i = 0; i < MOVES_COUNT(more); i++)
        if (more[i] <= room_bytes)
            moves_try(tour,
                      &(struct operation_call){.kind = OPERATION_EXTEND,
                                               .request = {more[i], 1, 0, 0}});
}

static void moves_extra(const struct moves_tour *tour,
                        const struct polished_extra *extra)
{
    const polished_size step = tour->moves->step;
    const polished_size a[] = {0, 1, step, POLISHED_SIZE_MAX};
    const polished_size b[] = {0, 2 * step};
    const polished_size *answer = tour->state->answer;
    const polished_size near[][2] = {{answer[0], answer[1]},
                                     {answer[0], answer[1] + 1},
                                     {POLISHED_SIZE_MAX, answer[1]}};
    struct operation_call call = {.kind = OPERATION_EXTRA,
                                  .extra = extra->name};

    for (size_t i = 0; i < MOVES_COUNT(near) && tour->state->rule->mark; i++) {
        call.a = near[i][0];
        call.b = near[i][1];
        moves_try(tour, &call);
    }
    for (size_t i = 0; i < 8 && !tour->state->rule->mark; i++) {
        call.a = a[i / 2];
        call.b = b[i % 2];
        moves_try(tour, &call);
    }
}

void moves_each(const struct moves *moves, struct state *state,
                moves_visit *visit, void *context)
{
    const struct moves_tour tour = {moves, state, visit, context};
    const struct polished_ops *ops = state->oracle.heap.ops;
    const struct polished_extra *extra = ops->extras;

    moves_alloc(&tour);
    moves_limits(&tour);
    moves_blocks(&tour);
    moves_misuse(&tour);
    if (ops->reserve)
        moves_reserve(&tour);
    moves_extend(&tour);
    moves_try(&tour, &(struct operation_call){.kind = OPERATION_RESET});
    for (uint32_t owner = 0; ops->destroy && owner <= moves->owner_count;
         owner++)
        moves_try(&tour, &(struct operation_call){.kind = OPERATION_DESTROY,
                                                  .owner = owner});
    for (; extra && extra->name; extra++)
        moves_extra(&tour, extra);
}
