# The room of the traces.
noinst_LTLIBRARIES += libtrace.la
libtrace_la_CPPFLAGS = $(AM_CPPFLAGS) $(CJSON_CFLAGS) $(ZLIB_CFLAGS) \
	$(ZSTD_CFLAGS) $(LZMA_CFLAGS)
libtrace_la_LIBADD = $(CJSON_LIBS) $(ZLIB_LIBS) $(ZSTD_LIBS) $(LZMA_LIBS)
libtrace_la_SOURCES = \
	%D%/ages.c %D%/ages.h \
	%D%/digits.c %D%/digits.h \
	%D%/event.h \
	%D%/fail.c %D%/fail.h \
	%D%/format.c %D%/format.def %D%/format.h \
	%D%/gzip.c \
	%D%/idmap.c %D%/idmap.h \
	%D%/input.c %D%/input.h \
	%D%/json.c \
	%D%/json_collect.c \
	%D%/json_event.c %D%/json_event.h \
	%D%/json_header.c %D%/json_header.h \
	%D%/json_header_print.c \
	%D%/json_mark.h \
	%D%/json_print.c %D%/json_print.h \
	%D%/json_scan.c %D%/json_scan.h \
	%D%/json_shape.c %D%/json_shape.h \
	%D%/json_stream.c %D%/json_stream.h \
	%D%/json_string.c \
	%D%/json_words.c %D%/json_words.h \
	%D%/jsonl.c \
	%D%/line.c %D%/line.h \
	%D%/live.c %D%/live.h %D%/live_end.c %D%/live_own.h \
	%D%/live_run.c \
	%D%/marks.c %D%/marks.h \
	%D%/memory_replay.c \
	%D%/memory_replay_write.c %D%/memory_replay_write.h \
	%D%/packing.c \
	%D%/packing_write.c %D%/packing_write.h \
	%D%/ptrace.c %D%/ptrace.h \
	%D%/ptrace_read.h %D%/ptrace_record.c \
	%D%/ptrace_write.c %D%/ptrace_write.h \
	%D%/reader.c \
	%D%/recording.c %D%/recording.h \
	%D%/recording_blocks.c %D%/recording_blocks.h \
	%D%/recording_log.c %D%/recording_log.h \
	%D%/rep.c \
	%D%/rep_write.c %D%/rep_write.h \
	%D%/rules.c %D%/rules.h \
	%D%/source.c \
	%D%/strings.c %D%/strings.h \
	%D%/trace.h \
	%D%/wire.h \
	%D%/writer.c \
	%D%/xz.c \
	%D%/zstd.c
