/* expect_row.h - which knobs a policy has: their ends are seldom tried. */
#ifndef EXPECT_ROW_H
#define EXPECT_ROW_H

#include <string.h>

#include "polished/policy.h"
#include "unit.h"

/* The knobs that are expected end with one that has no name. */
static inline void expect_knobs(const struct polished_ops *ops,
                                const struct polished_knob *expected)
{
    const struct polished_knob *knob = ops->knobs;

    for (; expected->name; knob++, expected++) {
        assert_non_null(knob->name);
        assert_string_equal(knob->name, expected->name);
        assert_int_equal(knob->least, expected->least);
        assert_int_equal(knob->most, expected->most);
        assert_int_equal(knob->usual, expected->usual);
        assert_int_equal(knob->form, expected->form);
    }
    assert_null(knob->name);
}

#endif
