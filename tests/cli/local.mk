# The programs, as users see them.
TESTS += %D%/run.t %D%/hostile.t %D%/documents.t
dist_check_SCRIPTS += %D%/run.t %D%/hostile.t %D%/documents.t
EXTRA_DIST += \
	%D%/examples.awk \
	%D%/split.awk \
	%D%/match.awk \
	%D%/nested.case \
	%D%/best.case \
	%D%/blame.case \
	%D%/completion.case \
	%D%/explain.case \
	%D%/frames.case \
	%D%/filter.case \
	%D%/generate.case \
	%D%/input.case \
	%D%/list.case \
	%D%/reduce.case \
	%D%/minheap.case \
	%D%/report.case \
	%D%/trace.case \
	%D%/usage.case \
	%D%/worst.case
