/*
 * core/names.h - what the linker sees of the names that files of core share.
 *
 * The library is linked into kernels that have a tree_insert of their own, so
 * every name in it begins with polished_; two underscores: it is not for
 * others.  Included by the compiler's command line; tests/gates/symbols.t
 * says which name is missing.
 */
#ifndef CORE_NAMES_H
#define CORE_NAMES_H

#define front_explain polished__front_explain
#define front_grow    polished__front_grow
#define runs_border   polished__runs_border
#define runs_bytes    polished__runs_bytes
#define runs_check    polished__runs_check
#define runs_clear    polished__runs_clear
#define runs_extend   polished__runs_extend
#define runs_give     polished__runs_give
#define runs_init     polished__runs_init
#define runs_is_free  polished__runs_is_free
#define runs_lengthen polished__runs_lengthen
#define runs_longest  polished__runs_longest
#define runs_next     polished__runs_next
#define runs_previous polished__runs_previous
#define runs_seek     polished__runs_seek
#define runs_state_of polished__runs_state_of
#define runs_sum_leaf polished__runs_sum_leaf
#define runs_sum_node polished__runs_sum_node
#define runs_take     polished__runs_take
#define runs_walk     polished__runs_walk

#endif
