bin_PROGRAMS += polished-sim polished-trace

cli_libs = libreport.la libsearch.la libsim.la libhost.la \
	libmeasure.la libtrace.la \
	liballoc.la libcore.la

# What every program has.
cli_common = \
	%D%/exit.h \
	%D%/fault.c %D%/fault.h \
	%D%/help.c \
	%D%/message.c %D%/message.h \
	%D%/options.c %D%/options.h \
	%D%/output.c %D%/output.h \
	%D%/terminal.c %D%/terminal.h

polished_sim_SOURCES = $(cli_common) \
	%D%/best.c %D%/best.h \
	%D%/list.c %D%/list.h \
	%D%/progress.c %D%/progress.h \
	%D%/reports.c %D%/reports.h \
	%D%/sim.c
polished_sim_LDADD = $(cli_libs)

polished_trace_SOURCES = $(cli_common) \
	%D%/convert.c %D%/convert.h \
	%D%/generate.c %D%/generate.h \
	%D%/info.c %D%/info.h \
	%D%/info_json.c \
	%D%/progress.c %D%/progress.h \
	%D%/trace.c \
	%D%/verb.def %D%/verb.h \
	%D%/verb_convert.c \
	%D%/verb_filter.c \
	%D%/verb_generate.c \
	%D%/verb_info.c \
	%D%/verb_merge.c \
	%D%/verb_pack.c \
	%D%/verb_reduce.c \
	%D%/verb_verify.c \
	%D%/verb_worst.c \
	%D%/written.c %D%/written.h
polished_trace_CFLAGS = $(AM_CFLAGS) $(CJSON_CFLAGS)
polished_trace_LDADD = $(cli_libs) $(CJSON_LIBS)
