# Benchmarks: built on demand, never part of check.
EXTRA_PROGRAMS += bench/bench_trace
bench_bench_trace_SOURCES = bench/bench_trace.c
bench_bench_trace_CPPFLAGS = $(AM_CPPFLAGS) $(CJSON_CFLAGS)
bench_bench_trace_LDADD = libtrace.la $(CJSON_LIBS)
CLEANFILES += bench/bench_trace

.PHONY: bench-trace
bench-trace: bench/bench_trace
	bench/bench_trace
