#include "search_sample.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"
#include "search/check.h"

enum search_build sample_build(struct search_blocks *blocks,
                               uint64_t align_bytes, const char *events)
{
    struct search_builder builder;

    search_build_begin(&builder, align_bytes);
    for (; *events != '\0';
         events += strcspn(events, " "), events += *events == ' ') {
        char *end;
        struct trace_event event = {
            .op = events[0] == 'a'   ? TRACE_ALLOC
                  : events[0] == 'r' ? TRACE_REALLOC
                                     : TRACE_FREE,
            .id = strtoull(events + 1, &end, 10),
        };
        if (*end == ':')
            event.size_bytes = strtoull(end + 1, &end, 10);
        if (*end == '@') {
            event.align_bytes = strtoull(end + 1, &end, 10);
            event.has = TRACE_HAS_ALIGN;
        }
        search_build_add(&builder, &event);
    }
    return search_build_end(&builder, blocks);
}

uint64_t sample_next(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return *state >> 33;
}

void sample_random(struct search_blocks *blocks, uint64_t seed, unsigned count,
                   unsigned live, unsigned most)
{
    struct search_builder builder;
    unsigned alive = 0, made = 0;

    search_build_begin(&builder, 1);
    while (made < count) {
        struct trace_event event = {.op = TRACE_FREE, .has = 0};
        if (alive < live && (alive == 0 || sample_next(&seed) % 2 == 0)) {
            event = (struct trace_event){
                .op = TRACE_ALLOC,
                .id = alive++,
                .size_bytes = 1 + sample_next(&seed) % most,
                .align_bytes = sample_next(&seed) % 8 == 0 ? 4 : 1,
                .has = TRACE_HAS_ALIGN,
            };
            made++;
        } else if (sample_next(&seed) % 2 == 0) {
            event.id = --alive;
        } else {
            event.op = TRACE_REALLOC;
            event.id = sample_next(&seed) % alive;
            event.size_bytes = 1 + sample_next(&seed) % most;
            made++;
        }
        search_build_add(&builder, &event);
    }
    assert_int_equal(search_build_end(&builder, blocks), SEARCH_BUILT);
}

void sample_assert_placement(const struct search_blocks *blocks,
                             const uint64_t *offsets, uint64_t height)
{
    struct search_placed *placed = calloc(blocks->count + 1, sizeof *placed);
    struct search_findings found;

    assert_non_null(placed);
    for (size_t i = 0; i < blocks->count; i++) {
        const struct search_block *block = &blocks->blocks[i];
        assert_int_equal(offsets[i] % block->align_bytes, 0);
        placed[i] = (struct search_placed){block->lower, block->upper,
                                           offsets[i], block->size_bytes};
    }
    assert_true(search_check(&found, placed, blocks->count));
    assert_false(found.overlap);
    assert_int_equal(found.height_bytes, height);
    assert_int_equal(found.load_bytes, blocks->load_bytes);
    free(placed);
}
