# Blocks and events -> numbers.
noinst_LTLIBRARIES += libmeasure.la
libmeasure_la_SOURCES = \
	%D%/census.c %D%/census.h \
	%D%/histogram.c \
	%D%/layout.c %D%/layout.h \
	%D%/metric.c %D%/metric.h \
	%D%/tally.h
