# Questions that take many replays, and the workloads that provoke them.
noinst_LTLIBRARIES += libsearch.la
libsearch_la_SOURCES = \
	%D%/blame.c %D%/blame.h \
	%D%/blocks.c %D%/blocks.h \
	%D%/bound.c %D%/bound.h \
	%D%/canon.c %D%/canon.h \
	%D%/check.c %D%/check.h \
	%D%/classes.c \
	%D%/emit.c %D%/emit.h \
	%D%/gaps.c %D%/gaps.h \
	%D%/generate.c %D%/generate.def %D%/generate.h \
	%D%/generate_best_fit_attack.c \
	%D%/generate_comb.c \
	%D%/generate_producer_consumer.c \
	%D%/generate_profile.c \
	%D%/generate_ramp_plateau.c \
	%D%/generate_random.c \
	%D%/generate_sawtooth.c \
	%D%/generate_sieve.c \
	%D%/incumbent.c %D%/incumbent.h \
	%D%/lives.c %D%/lives.h \
	%D%/local_search.c \
	%D%/meetings.c %D%/meetings.h \
	%D%/min_heap.c %D%/min_heap.h \
	%D%/min_heaps.c %D%/min_heaps.h \
	%D%/model.c %D%/model.h \
	%D%/optimum.c %D%/optimum.h \
	%D%/order.c %D%/order.h \
	%D%/pool.c %D%/pool.h \
	%D%/program.c %D%/program.h \
	%D%/random.h \
	%D%/resume.c %D%/resume.h \
	%D%/seen.c %D%/seen.h \
	%D%/reduce.c %D%/reduce.h \
	%D%/span.c %D%/span.h \
	%D%/sweep.c %D%/sweep.h \
	%D%/symptom.c %D%/symptom.h \
	%D%/tape.c %D%/tape.h \
	%D%/tape_without.c \
	%D%/trial.c %D%/trial.h \
	%D%/worst.c %D%/worst.h \
	%D%/worst_seed.c
