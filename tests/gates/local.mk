# The house rules, as tests: they read the sources, and run in any build.
gate_tests = \
	%D%/budget.t \
	%D%/freestanding.t \
	%D%/headers.t \
	%D%/layers.t \
	%D%/narrow.t \
	%D%/regressions.t \
	%D%/rows.t \
	%D%/symbols.t
dist_check_SCRIPTS += $(gate_tests)
TESTS += $(gate_tests)
EXTRA_DIST += %D%/functions.awk %D%/narrow.c %D%/narrow_sizes.c %D%/tap.sh
