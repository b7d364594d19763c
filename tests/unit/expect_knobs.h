/* expect_knobs.h - the knobs that a policy is to have, each of them. */
#ifndef EXPECT_KNOBS_H
#define EXPECT_KNOBS_H

#include "polished/polished.h"
#include "unit.h"

/* What they mean may be told in other words; a name of NULL ends them. */
static inline void expect_knobs(const struct polished_knob *knob,
                                const struct polished_knob *expected)
{
    for (; expected->name; expected++, knob++) {
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
