# Measurements, each by a target of its own.
EXTRA_DIST += bench/bench_record.sh
.PHONY: bench-record
if RECORDER
bench-record: polished-record polished-record.la
	$(srcdir)/bench/bench_record.sh
else
bench-record:
	@echo "bench-record: configured without the recorder"
endif
