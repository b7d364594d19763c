/* trace/marks.c - a stack of marks, one per label. */
#include "trace/marks.h"

#include <stdlib.h>
#include <string.h>

enum { MARKS_LEAST = 16 };

static bool marks_is_valid(const struct trace_marks *marks,
                           const struct trace_mark *mark)
{
    return marks->places[mark->label] == mark->place;
}

/* Labels are numbered as they appear: an array is the map. */
static bool marks_know(struct trace_marks *marks, trace_string label)
{
    size_t count = marks->place_count ? marks->place_count : MARKS_LEAST;
    uint64_t *places;

    if (label < marks->place_count)
        return true;
    while (count <= label)
        count *= 2;
    places = realloc(marks->places, count * sizeof *places);
    if (!places)
        return false;
    memset(places + marks->place_count, 0,
           (count - marks->place_count) * sizeof *places);
    marks->places = places;
    marks->place_count = count;
    return true;
}

/* Drop what is void, so that the stack is bounded by the labels. */
static void marks_compact(struct trace_marks *marks)
{
    size_t kept = 0;

    for (size_t i = 0; i < marks->count; i++)
        if (marks_is_valid(marks, &marks->stack[i]))
            marks->stack[kept++] = marks->stack[i];
    marks->count = kept;
}

static bool marks_reserve(struct trace_marks *marks)
{
    size_t capacity = marks->capacity ? marks->capacity * 2 : MARKS_LEAST;
    struct trace_mark *stack;

    if (marks->count == marks->capacity &&
        marks->count > 2 * marks->valid_count)
        marks_compact(marks);
    if (marks->count < marks->capacity)
        return true;
    stack = realloc(marks->stack, capacity * sizeof *stack);
    if (!stack)
        return false;
    marks->stack = stack;
    marks->capacity = capacity;
    return true;
}

bool trace_marks_set(struct trace_marks *marks, trace_string label,
                     uint64_t place)
{
    if (!marks_know(marks, label) || !marks_reserve(marks))
        return false;
    marks->valid_count += marks->places[label] == 0;
    marks->places[label] = place;
    marks->stack[marks->count++] = (struct trace_mark){place, label};
    return true;
}

/* Forget every mark behind a place. */
static void marks_pop(struct trace_marks *marks, uint64_t place)
{
    while (marks->count > 0 && marks->stack[marks->count - 1].place > place) {
        struct trace_mark *mark = &marks->stack[--marks->count];

        if (!marks_is_valid(marks, mark))
            continue;
        marks->places[mark->label] = 0;
        marks->valid_count--;
    }
}

uint64_t trace_marks_rewind(struct trace_marks *marks, trace_string label)
{
    uint64_t place = label < marks->place_count ? marks->places[label] : 0;

    if (place > 0)
        marks_pop(marks, place);
    return place;
}

void trace_marks_reset(struct trace_marks *marks)
{
    marks_pop(marks, 0);
}

void trace_marks_close(struct trace_marks *marks)
{
    free(marks->places);
    free(marks->stack);
    memset(marks, 0, sizeof *marks);
}
