noinst_LTLIBRARIES += libreport.la
libreport_la_SOURCES = \
	%D%/advice.c %D%/advice.h \
	%D%/csv.c \
	%D%/json.c \
	%D%/json_blame.c \
	%D%/json_build.c %D%/json_build.h \
	%D%/json_explain.c \
	%D%/json_failure.c \
	%D%/number.c %D%/number.h \
	%D%/plain.c %D%/plain.h \
	%D%/report.c %D%/report.def %D%/report.h \
	%D%/strip.c %D%/strip.h \
	%D%/table.c %D%/table.h \
	%D%/text.c %D%/text.h \
	%D%/text_best.c \
	%D%/text_blame.c \
	%D%/text_explain.c \
	%D%/text_heap.c \
	%D%/text_table.c \
	%D%/value.c %D%/value.h \
	%D%/wrap.c
libreport_la_CFLAGS = $(AM_CFLAGS) $(CJSON_CFLAGS)
libreport_la_LIBADD = $(CJSON_LIBS) -lm
