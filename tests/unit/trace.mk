# The room trace: one program per source file with logic.
trace_unit_tests = %D%/test_trace_json %D%/test_trace_json_shape \
	%D%/test_trace_number \
	%D%/test_trace_rep \
	%D%/test_trace_memory_replay \
	%D%/test_trace_packing \
	%D%/test_trace_live \
	%D%/test_trace_live_run \
	%D%/test_trace_ptrace \
	%D%/test_trace_damage \
	%D%/test_trace_cjson \
	%D%/test_trace_open \
	%D%/test_trace_schema \
	%D%/test_trace_maps
if HAVE_CMOCKA
check_PROGRAMS += $(trace_unit_tests)
TESTS += $(trace_unit_tests)
endif
trace_unit_libs = libtrace.la $(CMOCKA_LIBS) $(CJSON_LIBS)
trace_unit_cppflags = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(CJSON_CFLAGS)
trace_unit_dump = %D%/trace_dump.c %D%/trace_dump.h %D%/trace_dump_check.c

%C%_test_trace_json_shape_SOURCES = %D%/test_trace_json_shape.c \
	$(trace_unit_dump)
%C%_test_trace_json_shape_CPPFLAGS = $(trace_unit_cppflags)
%C%_test_trace_json_shape_LDADD = $(trace_unit_libs)
%C%_test_trace_json_SOURCES = %D%/test_trace_json.c $(trace_unit_dump)
%C%_test_trace_json_CPPFLAGS = $(trace_unit_cppflags)
%C%_test_trace_json_LDADD = $(trace_unit_libs)
%C%_test_trace_number_SOURCES = %D%/test_trace_number.c $(trace_unit_dump)
%C%_test_trace_number_CPPFLAGS = $(trace_unit_cppflags)
%C%_test_trace_number_LDADD = $(trace_unit_libs)
%C%_test_trace_rep_SOURCES = %D%/test_trace_rep.c $(trace_unit_dump)
%C%_test_trace_rep_CPPFLAGS = $(trace_unit_cppflags)
%C%_test_trace_rep_LDADD = $(trace_unit_libs)
%C%_test_trace_memory_replay_SOURCES = %D%/test_trace_memory_replay.c \
	$(trace_unit_dump)
%C%_test_trace_memory_replay_CPPFLAGS = $(trace_unit_cppflags)
%C%_test_trace_memory_replay_LDADD = $(trace_unit_libs)
%C%_test_trace_packing_SOURCES = %D%/test_trace_packing.c $(trace_unit_dump)
%C%_test_trace_packing_CPPFLAGS = $(trace_unit_cppflags)
%C%_test_trace_packing_LDADD = $(trace_unit_libs)
%C%_test_trace_live_SOURCES = %D%/test_trace_live.c $(trace_unit_dump)
%C%_test_trace_live_CPPFLAGS = $(trace_unit_cppflags)
%C%_test_trace_live_LDADD = $(trace_unit_libs)
%C%_test_trace_live_run_CPPFLAGS = $(trace_unit_cppflags)
%C%_test_trace_live_run_LDADD = $(trace_unit_libs)
%C%_test_trace_ptrace_SOURCES = %D%/test_trace_ptrace.c $(trace_unit_dump)
%C%_test_trace_ptrace_CPPFLAGS = $(trace_unit_cppflags)
%C%_test_trace_ptrace_LDADD = $(trace_unit_libs)
%C%_test_trace_damage_SOURCES = %D%/test_trace_damage.c $(trace_unit_dump)
%C%_test_trace_damage_CPPFLAGS = $(trace_unit_cppflags)
%C%_test_trace_damage_LDADD = $(trace_unit_libs)
%C%_test_trace_cjson_SOURCES = %D%/test_trace_cjson.c $(trace_unit_dump) \
	%D%/trace_agree.c %D%/trace_agree.h
%C%_test_trace_cjson_CPPFLAGS = $(trace_unit_cppflags)
%C%_test_trace_cjson_LDADD = $(trace_unit_libs)
%C%_test_trace_open_SOURCES = %D%/test_trace_open.c $(trace_unit_dump)
%C%_test_trace_open_CPPFLAGS = $(trace_unit_cppflags) $(ZLIB_CFLAGS) \
	$(ZSTD_CFLAGS) $(LZMA_CFLAGS)
%C%_test_trace_open_LDADD = $(trace_unit_libs) $(ZLIB_LIBS) $(ZSTD_LIBS) \
	$(LZMA_LIBS)
%C%_test_trace_maps_SOURCES = %D%/test_trace_maps.c $(trace_unit_dump)
%C%_test_trace_maps_CPPFLAGS = $(trace_unit_cppflags)
%C%_test_trace_maps_LDADD = $(trace_unit_libs)
%C%_test_trace_schema_SOURCES = %D%/test_trace_schema.c $(trace_unit_dump)
%C%_test_trace_schema_CPPFLAGS = $(trace_unit_cppflags)
%C%_test_trace_schema_LDADD = $(trace_unit_libs)
