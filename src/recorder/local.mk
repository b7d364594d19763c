# The module that runs inside the recorded program, and its launcher.
if RECORDER
pkglib_LTLIBRARIES += polished-record.la
polished_record_la_SOURCES = \
	%D%/family.c \
	%D%/file.c \
	%D%/log.c \
	%D%/module.h \
	%D%/order.c \
	%D%/real.c \
	src/trace/wire.h
polished_record_la_CFLAGS = $(AM_CFLAGS) -fvisibility=hidden \
	-fno-builtin-malloc -fno-builtin-free -fno-builtin-calloc \
	-fno-builtin-realloc
polished_record_la_LDFLAGS = $(AM_LDFLAGS) -module -avoid-version -shared

bin_PROGRAMS += polished-record
polished_record_SOURCES = $(cli_common) \
	src/cli/record.c \
	src/cli/record.h \
	src/cli/record_advice.c \
	src/cli/record_children.c \
	src/cli/record_convert.c \
	src/cli/record_run.c
polished_record_CPPFLAGS = $(AM_CPPFLAGS) -DPKGLIBDIR='"$(pkglibdir)"'
polished_record_LDADD = $(cli_libs)

dist_man_MANS += docs/man/polished-record.1
docs/man/polished-record.1: docs/man/polished-record.h2m src/cli/record.c \
		$(help_sources) | polished-record$(EXEEXT)
	$(man_page)
endif
EXTRA_DIST += docs/man/polished-record.h2m
recorder_trace_libs = libtrace.la
