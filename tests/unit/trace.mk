# The room trace: one program per source file with logic.
trace_unit_tests = %D%/test_trace_json
if HAVE_CMOCKA
check_PROGRAMS += $(trace_unit_tests)
TESTS += $(trace_unit_tests)
endif
trace_unit_libs = libtrace.la $(CMOCKA_LIBS) $(CJSON_LIBS)
trace_unit_cppflags = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(CJSON_CFLAGS)
trace_unit_dump = %D%/trace_dump.c %D%/trace_dump.h

%C%_test_trace_json_SOURCES = %D%/test_trace_json.c $(trace_unit_dump)
%C%_test_trace_json_CPPFLAGS = $(trace_unit_cppflags)
%C%_test_trace_json_LDADD = $(trace_unit_libs)
