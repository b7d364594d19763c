# Questions that take many replays.
noinst_LTLIBRARIES += libsearch.la
libsearch_la_SOURCES = \
	%D%/blocks.c %D%/blocks.h \
	%D%/canon.c %D%/canon.h \
	%D%/check.c %D%/check.h \
	%D%/classes.c \
	%D%/gaps.c %D%/gaps.h \
	%D%/incumbent.c %D%/incumbent.h \
	%D%/local_search.c \
	%D%/meetings.c %D%/meetings.h \
	%D%/optimum.c %D%/optimum.h \
	%D%/order.c %D%/order.h \
	%D%/span.c %D%/span.h \
	%D%/sweep.c %D%/sweep.h
