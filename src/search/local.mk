# Questions that take many replays, and the workloads that provoke them.
noinst_LTLIBRARIES += libsearch.la
libsearch_la_SOURCES = \
	%D%/emit.c %D%/emit.h \
	%D%/generate.c %D%/generate.def %D%/generate.h \
	%D%/generate_best_fit_attack.c \
	%D%/generate_comb.c \
	%D%/generate_producer_consumer.c \
	%D%/generate_profile.c \
	%D%/generate_ramp_plateau.c \
	%D%/generate_random.c \
	%D%/generate_sawtooth.c \
	%D%/generate_sieve.c \
	%D%/model.c %D%/model.h \
	%D%/pool.c %D%/pool.h \
	%D%/random.h
