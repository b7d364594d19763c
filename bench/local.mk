# Measurements: built on demand, never part of check.
EXTRA_PROGRAMS += bench/bench_trace bench/bench_replay bench/bench_frames \
	bench/bench_policies bench/bench_count bench/bench_pairs
CLEANFILES += bench/bench_trace bench/bench_replay bench/bench_frames \
	bench/bench_policies bench/bench_count bench/bench_pairs
EXTRA_DIST += bench/README.md bench/bench_compare.sh bench/bench_policies.sh \
	bench/bench_pipeline.sh bench/bench_record.sh bench/floor.sh \
	bench/inputs.sh bench/table.awk bench/workloads.sh

bench_bench_trace_SOURCES = bench/bench_trace.c
bench_bench_trace_CPPFLAGS = $(AM_CPPFLAGS) $(CJSON_CFLAGS)
bench_bench_trace_LDADD = libtrace.la $(CJSON_LIBS)

bench_bench_replay_SOURCES = bench/bench_replay.c
bench_bench_replay_LDADD = libsim.la libhost.la libmeasure.la libtrace.la \
	liballoc.la libcore.la

# All policies once more, in one unit, to be bound at compile time.
bench/policies.inc: src/alloc/local.mk
	$(AM_V_GEN)$(MKDIR_P) bench && for file in $(alloc_sources); do \
	    case $$file in *.c) echo "#include \"$$file\"" ;; esac; \
	done >$@
CLEANFILES += bench/policies.inc
bench_policy_sources = bench/loops.c bench/workload.c bench/workload.h
bench_policy_flags = $(FREESTANDING_CFLAGS) -fhosted -std=gnu11
bench_policy_libs = libsim.la libhost.la libmeasure.la libtrace.la \
	liballoc.la libcore.la -ldl
bench/bench_policies-loops.$(OBJEXT): bench/policies.inc

bench_bench_policies_SOURCES = bench/bench_policies.c $(bench_policy_sources)
bench_bench_policies_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/bench -I$(srcdir) -I.
bench_bench_policies_CFLAGS = $(bench_policy_flags)
bench_bench_policies_LDADD = $(bench_policy_libs)

bench_bench_count_SOURCES = bench/bench_count.c $(bench_policy_sources)
bench_bench_count_CPPFLAGS = $(bench_bench_policies_CPPFLAGS)
bench_bench_count_CFLAGS = $(bench_policy_flags)
bench_bench_count_LDADD = $(bench_policy_libs)
bench/bench_count-loops.$(OBJEXT): bench/policies.inc

bench_bench_pairs_SOURCES = bench/bench_pairs.c $(bench_policy_sources)
bench_bench_pairs_CPPFLAGS = $(bench_bench_policies_CPPFLAGS)
bench_bench_pairs_CFLAGS = $(bench_policy_flags)
bench_bench_pairs_LDADD = $(bench_policy_libs)
bench/bench_pairs-loops.$(OBJEXT): bench/policies.inc

bench_bench_frames_SOURCES = bench/bench_frames.c
bench_bench_frames_LDADD = libpolished.la

.PHONY: bench bench-compare bench-frames bench-pairs bench-pipeline \
	bench-policies bench-record bench-replay bench-trace
bench: bench-policies bench-pairs bench-trace bench-replay bench-frames \
	bench-record

bench-policies: bench/bench_policies bench/bench_count polished-trace
	srcdir='$(srcdir)' AWK='$(AWK)' $(srcdir)/bench/bench_policies.sh

# Two commits: make bench-compare A=main B=HEAD
bench-compare: polished-trace
	srcdir='$(srcdir)' AWK='$(AWK)' CC='$(CC)' \
	    CFLAGS='$(CFLAGS) $(libtrace_cflags)' \
	    LIBS='$(libtrace_la_LIBADD) $(LIBS) -ldl -lm' \
	    $(srcdir)/bench/bench_compare.sh '$(A)' '$(B)'
libtrace_cflags = $(CJSON_CFLAGS) $(ZLIB_CFLAGS) $(ZSTD_CFLAGS) $(LZMA_CFLAGS)

bench-trace: bench/bench_trace
	bench/bench_trace

bench-replay: bench/bench_replay polished-sim
	bench/bench_replay

bench-pairs: bench/bench_pairs
	bench/bench_pairs

bench-pipeline: polished-sim polished-trace
	$(srcdir)/bench/bench_pipeline.sh

bench-frames: bench/bench_frames
	bench/bench_frames

if RECORDER
bench-record: polished-record polished-record.la
	$(srcdir)/bench/bench_record.sh
else
bench-record:
	@echo "bench-record: configured without the recorder"
endif
