# Fuzz targets.  Every one has a twin without an engine, replay_NAME, which
# make check runs over its corpus with any compiler.  fuzz_alloc and fuzz_tiny
# serve every policy: see fuzz_alloc.c.
fuzz_replays = \
	%D%/replay_alloc \
	%D%/replay_tiny \
	%D%/replay_corrupt \
	%D%/replay_diff \
	%D%/replay_map \
	%D%/replay_json \
	%D%/replay_trace \
	%D%/replay_roundtrip \
	%D%/replay_cli
fuzz_targets = \
	%D%/fuzz_alloc \
	%D%/fuzz_tiny \
	%D%/fuzz_corrupt \
	%D%/fuzz_diff \
	%D%/fuzz_map \
	%D%/fuzz_json \
	%D%/fuzz_trace \
	%D%/fuzz_roundtrip \
	%D%/fuzz_cli
check_PROGRAMS += $(fuzz_replays)
EXTRA_PROGRAMS += $(fuzz_targets) %D%/soak
CLEANFILES += $(fuzz_targets) %D%/soak
if FUZZING
noinst_PROGRAMS += $(fuzz_targets)
endif
fuzz_cppflags = $(AM_CPPFLAGS) -I$(srcdir)/tests/contract \
	-I$(srcdir)/tests/unit -I$(srcdir)/fuzz $(CJSON_CFLAGS)

# What drives heaps; once more with small sizes.
EXTRA_LIBRARIES = %D%/libdrive.a %D%/libdrive-tiny.a
CLEANFILES += $(EXTRA_LIBRARIES)
%C%_libdrive_a_SOURCES = $(drive_sources)
%C%_libdrive_a_CPPFLAGS = $(fuzz_cppflags)
%C%_libdrive_tiny_a_SOURCES = $(drive_sources)
%C%_libdrive_tiny_a_CPPFLAGS = $(fuzz_cppflags)
%C%_libdrive_tiny_a_CFLAGS = $(AM_CFLAGS) \
	-include $(top_srcdir)/src/core/tiny.h
fuzz_heap_libs = %D%/libdrive.a liballoc.la libcore.la
fuzz_trace_libs = libtrace.la $(CJSON_LIBS)
fuzz_dump = tests/unit/trace_dump.c tests/unit/trace_dump.h
fuzz_cli = src/cli/exit.h src/cli/help.c src/cli/message.c src/cli/message.h \
	src/cli/options.c src/cli/options.h src/cli/terminal.c \
	src/cli/terminal.h

# The engine brings main; its driver may be of C++.
fuzz_link = $(LIBTOOL) $(AM_V_lt) --tag=CC $(AM_LIBTOOLFLAGS) \
	$(LIBTOOLFLAGS) --mode=link $(FUZZ_LD) $(CFLAGS) $(SANITIZE_CFLAGS) \
	$(AM_LDFLAGS) $(LDFLAGS) $(LIB_FUZZING_ENGINE) -o $@

%C%_replay_alloc_SOURCES = %D%/fuzz.h %D%/fuzz_alloc.c %D%/life.c %D%/life.h \
	%D%/records.c %D%/replay.c
%C%_replay_alloc_CPPFLAGS = $(fuzz_cppflags)
%C%_replay_alloc_LDADD = $(fuzz_heap_libs)
%C%_fuzz_alloc_SOURCES = %D%/fuzz.h %D%/fuzz_alloc.c %D%/life.c %D%/life.h \
	%D%/records.c
%C%_fuzz_alloc_CPPFLAGS = $(fuzz_cppflags)
%C%_fuzz_alloc_LDADD = $(fuzz_heap_libs)
%C%_fuzz_alloc_LINK = $(fuzz_link)
%C%_replay_tiny_SOURCES = %D%/fuzz.h %D%/fuzz_alloc.c %D%/life.c %D%/life.h \
	%D%/records.c %D%/replay.c
%C%_replay_tiny_CPPFLAGS = $(fuzz_cppflags)
%C%_replay_tiny_LDADD = %D%/libdrive-tiny.a libpolished-tiny.a
%C%_fuzz_tiny_SOURCES = %D%/fuzz.h %D%/fuzz_alloc.c %D%/life.c %D%/life.h \
	%D%/records.c
%C%_fuzz_tiny_CPPFLAGS = $(fuzz_cppflags)
%C%_fuzz_tiny_LDADD = %D%/libdrive-tiny.a libpolished-tiny.a
%C%_fuzz_tiny_LINK = $(fuzz_link)
%C%_replay_corrupt_SOURCES = %D%/fuzz.h %D%/fuzz_corrupt.c %D%/life.c \
	%D%/life.h %D%/records.c %D%/replay.c
%C%_replay_corrupt_CPPFLAGS = $(fuzz_cppflags)
%C%_replay_corrupt_LDADD = $(fuzz_heap_libs)
%C%_fuzz_corrupt_SOURCES = %D%/fuzz.h %D%/fuzz_corrupt.c %D%/life.c \
	%D%/life.h %D%/records.c
%C%_fuzz_corrupt_CPPFLAGS = $(fuzz_cppflags)
%C%_fuzz_corrupt_LDADD = $(fuzz_heap_libs)
%C%_fuzz_corrupt_LINK = $(fuzz_link)
%C%_replay_diff_SOURCES = %D%/fuzz.h %D%/fuzz_diff.c %D%/replay.c
%C%_replay_diff_CPPFLAGS = $(fuzz_cppflags)
%C%_replay_diff_LDADD = $(fuzz_heap_libs)
%C%_fuzz_diff_SOURCES = %D%/fuzz.h %D%/fuzz_diff.c
%C%_fuzz_diff_CPPFLAGS = $(fuzz_cppflags)
%C%_fuzz_diff_LDADD = $(fuzz_heap_libs)
%C%_fuzz_diff_LINK = $(fuzz_link)
%C%_replay_map_SOURCES = %D%/fuzz.h %D%/fuzz_map.c %D%/replay.c
%C%_replay_map_CPPFLAGS = $(fuzz_cppflags)
%C%_replay_map_LDADD = liballoc.la libcore.la
%C%_fuzz_map_SOURCES = %D%/fuzz.h %D%/fuzz_map.c
%C%_fuzz_map_CPPFLAGS = $(fuzz_cppflags)
%C%_fuzz_map_LDADD = liballoc.la libcore.la
%C%_fuzz_map_LINK = $(fuzz_link)
%C%_replay_json_SOURCES = %D%/fuzz.h %D%/fuzz_json.c \
	tests/unit/trace_agree.c tests/unit/trace_agree.h %D%/replay.c
%C%_replay_json_CPPFLAGS = $(fuzz_cppflags)
%C%_replay_json_LDADD = $(fuzz_trace_libs)
%C%_fuzz_json_SOURCES = %D%/fuzz.h %D%/fuzz_json.c tests/unit/trace_agree.c \
	tests/unit/trace_agree.h
%C%_fuzz_json_CPPFLAGS = $(fuzz_cppflags)
%C%_fuzz_json_LDADD = $(fuzz_trace_libs)
%C%_fuzz_json_LINK = $(fuzz_link)
%C%_replay_trace_SOURCES = %D%/fuzz.h %D%/fuzz_trace.c $(fuzz_dump) \
	%D%/replay.c
%C%_replay_trace_CPPFLAGS = $(fuzz_cppflags)
%C%_replay_trace_LDADD = $(fuzz_trace_libs)
%C%_fuzz_trace_SOURCES = %D%/fuzz.h %D%/fuzz_trace.c $(fuzz_dump)
%C%_fuzz_trace_CPPFLAGS = $(fuzz_cppflags)
%C%_fuzz_trace_LDADD = $(fuzz_trace_libs)
%C%_fuzz_trace_LINK = $(fuzz_link)
%C%_replay_roundtrip_SOURCES = %D%/fuzz.h %D%/fuzz_roundtrip.c $(fuzz_dump) \
	%D%/replay.c
%C%_replay_roundtrip_CPPFLAGS = $(fuzz_cppflags)
%C%_replay_roundtrip_LDADD = $(fuzz_trace_libs)
%C%_fuzz_roundtrip_SOURCES = %D%/fuzz.h %D%/fuzz_roundtrip.c $(fuzz_dump)
%C%_fuzz_roundtrip_CPPFLAGS = $(fuzz_cppflags)
%C%_fuzz_roundtrip_LDADD = $(fuzz_trace_libs)
%C%_fuzz_roundtrip_LINK = $(fuzz_link)
%C%_replay_cli_SOURCES = %D%/fuzz.h %D%/fuzz_cli.c $(fuzz_cli) %D%/replay.c
%C%_replay_cli_CPPFLAGS = $(fuzz_cppflags)
%C%_replay_cli_LDADD = $(cli_libs) $(CJSON_LIBS)
%C%_fuzz_cli_SOURCES = %D%/fuzz.h %D%/fuzz_cli.c $(fuzz_cli)
%C%_fuzz_cli_CPPFLAGS = $(fuzz_cppflags)
%C%_fuzz_cli_LDADD = $(cli_libs) $(CJSON_LIBS)
%C%_fuzz_cli_LINK = $(fuzz_link)
%C%_soak_SOURCES = %D%/fuzz.h %D%/life.c %D%/life.h %D%/soak.c
%C%_soak_CPPFLAGS = $(fuzz_cppflags)
%C%_soak_LDADD = $(fuzz_heap_libs)

dist_check_SCRIPTS += %D%/corpus.t %D%/convert.t
TESTS += %D%/corpus.t %D%/convert.t
EXTRA_DIST += .clusterfuzzlite .github/workflows/cflite_batch.yml \
	.github/workflows/cflite_cron.yml .github/workflows/cflite_pr.yml \
	%D%/build.sh %D%/check_build.sh %D%/corpus %D%/json.dict \
	%D%/cli.dict %D%/fuzz.options %D%/run.sh %D%/seeds.py

# So many seconds for each target; for each policy, of those that serve all.
FUZZ_SECONDS = 10
fuzz-targets: $(fuzz_targets)
fuzz: $(fuzz_targets)
	FUZZ_SECONDS='$(FUZZ_SECONDS)' $(SHELL) $(srcdir)/fuzz/run.sh \
	    '$(srcdir)' '$(builddir)'

SOAK_OPERATIONS = 1e6
SOAK_SEED = 1
soak-policies: %D%/soak
	for name in $$(sed -n 's/^POLISHED_ROW(polished_\(.*\))/\1/p' \
	    $(srcdir)/include/polished/policies.def | tr _ -); do \
	    fuzz/soak $$name $(SOAK_OPERATIONS) $(SOAK_SEED) || exit 1; \
	done
soak: soak-policies
.PHONY: fuzz fuzz-targets soak soak-policies
