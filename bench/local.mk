# Measurements: built on demand, never part of check.
EXTRA_PROGRAMS += bench/bench_trace bench/bench_replay bench/bench_frames
CLEANFILES += bench/bench_trace bench/bench_replay bench/bench_frames
EXTRA_DIST += bench/bench_record.sh

bench_bench_trace_SOURCES = bench/bench_trace.c
bench_bench_trace_CPPFLAGS = $(AM_CPPFLAGS) $(CJSON_CFLAGS)
bench_bench_trace_LDADD = libtrace.la $(CJSON_LIBS)

bench_bench_replay_SOURCES = bench/bench_replay.c
bench_bench_replay_LDADD = libsim.la libhost.la libmeasure.la libtrace.la \
	liballoc.la libcore.la

bench_bench_frames_SOURCES = bench/bench_frames.c
bench_bench_frames_LDADD = libpolished.la

.PHONY: bench bench-trace bench-replay bench-frames bench-record
bench: bench-trace bench-replay bench-frames bench-record

bench-trace: bench/bench_trace
	bench/bench_trace

bench-replay: bench/bench_replay
	bench/bench_replay

bench-frames: bench/bench_frames
	bench/bench_frames

if RECORDER
bench-record: polished-record polished-record.la
	$(srcdir)/bench/bench_record.sh
else
bench-record:
	@echo "bench-record: configured without the recorder"
endif
