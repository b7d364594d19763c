# What policies share; freestanding.
noinst_LTLIBRARIES += libcore.la
core_sources = \
	%D%/arith.h \
	%D%/assert.h \
	%D%/bits.h \
	%D%/check.c \
	%D%/count.h \
	%D%/front.c \
	%D%/front.h \
	%D%/judged.h \
	%D%/map.c \
	%D%/memory.h \
	%D%/names.h \
	%D%/open.c \
	%D%/realloc.c \
	%D%/runs.c \
	%D%/runs.h \
	%D%/runs_find.c \
	%D%/runs_walk.c \
	%D%/status.c \
	%D%/text.h \
	%D%/walk.h \
	%D%/why.c
libcore_la_SOURCES = $(core_sources)
libcore_la_CFLAGS = $(FREESTANDING_CFLAGS)
EXTRA_DIST += %D%/tiny.h
