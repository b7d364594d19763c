/* subject.c - see subject.h. */
#include "subject.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

/* Least values are for all knobs but those of a policy of pages that are no
   sizes. */
static bool subject_shrinks(const struct polished_ops *ops,
                            const struct polished_knob *knob)
{
    return !(ops->caps & POLISHED_PAGES) || knob->form == POLISHED_POWER_OF_TWO;
}

/* Fill in usual or least values; true if there is any difference. */
static bool subject_knobs(const struct polished_ops *ops, bool is_least,
                          polished_size values[POLISHED_KNOBS])
{
    bool differs = false;

    for (int i = 0; ops && ops->knobs && ops->knobs[i].name; i++) {
        const struct polished_knob *knob = &ops->knobs[i];

        values[i] =
            is_least && subject_shrinks(ops, knob) ? knob->least : knob->usual;
        differs = differs || knob->least != knob->usual;
    }
    return differs;
}

static bool subject_has_pages(const struct polished_ops *ops,
                              const struct polished_ops *source_ops)
{
    uint32_t caps = ops->caps | (source_ops ? source_ops->caps : 0);

    return (caps & POLISHED_PAGES) != 0;
}

/* Add a policy over a source, or over none, in both ways. */
static void subject_add(struct subject *subjects, size_t *count,
                        const struct polished_ops *ops,
                        const struct polished_ops *source_ops)
{
    for (int least = 0; least < 2; least++) {
        struct subject *subject = &subjects[*count];
        bool differs = subject_knobs(ops, least, subject->knobs);

        differs =
            subject_knobs(source_ops, least, subject->source_knobs) || differs;
        if (least && !differs)
            return;
        /* The usual pages are too large for the regions of the cases. */
        if (!least && subject_has_pages(ops, source_ops))
            continue;
        subject->ops = ops;
        subject->source_ops = source_ops;
        snprintf(subject->name, sizeof subject->name, "%s%s%s%s", ops->name,
                 source_ops ? " over " : "", source_ops ? source_ops->name : "",
                 least ? ", least" : "");
        ++*count;
    }
}

struct subject *subjects_make(const struct polished_ops *const *rows,
                              size_t *count)
{
    struct subject *subjects;
    size_t row_count = 0;

    while (rows[row_count])
        row_count++;
    subjects = calloc(2 * row_count * row_count + 1, sizeof *subjects);
    if (!subjects)
        abort();
    *count = 0;
    for (size_t i = 0; i < row_count; i++) {
        if (!(rows[i]->caps & POLISHED_SOURCE)) {
            subject_add(subjects, count, rows[i], NULL);
            continue;
        }
        for (size_t j = 0; j < row_count; j++)
            if (POLISHED_CAN_FEED(rows[j]->caps))
                subject_add(subjects, count, rows[i], rows[j]);
    }
    return subjects;
}
