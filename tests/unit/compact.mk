# polished-compact and its map; each once more with small constants.
compact_unit_tests = %D%/test_toggle %D%/test_toggle_tiny %D%/test_compact \
	%D%/test_compact_tiny %D%/test_compact_check \
	%D%/test_compact_check_tiny
if HAVE_CMOCKA
check_PROGRAMS += $(compact_unit_tests)
TESTS += $(compact_unit_tests)
endif

%C%_test_toggle_SOURCES = %D%/test_toggle.c %D%/unit.h
%C%_test_toggle_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
%C%_test_toggle_LDADD = $(CMOCKA_LIBS)
%C%_test_toggle_tiny_SOURCES = %D%/test_toggle.c %D%/unit.h
%C%_test_toggle_tiny_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) \
	-include $(top_srcdir)/src/core/tiny.h
%C%_test_toggle_tiny_LDADD = $(CMOCKA_LIBS)
%C%_test_compact_SOURCES = %D%/test_compact.c %D%/compact_heap.h %D%/steps.h \
	%D%/unit.h
%C%_test_compact_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
%C%_test_compact_LDADD = libpolished.la $(CMOCKA_LIBS)
%C%_test_compact_tiny_SOURCES = %D%/test_compact.c %D%/compact_heap.h %D%/steps.h \
	%D%/unit.h
%C%_test_compact_tiny_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
%C%_test_compact_tiny_LDADD = libpolished-tiny.a $(CMOCKA_LIBS)
%C%_test_compact_check_SOURCES = %D%/test_compact_check.c %D%/compact_heap.h \
	%D%/unit.h
%C%_test_compact_check_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
%C%_test_compact_check_LDADD = libpolished.la $(CMOCKA_LIBS)
%C%_test_compact_check_tiny_SOURCES = %D%/test_compact_check.c %D%/compact_heap.h \
	%D%/unit.h
%C%_test_compact_check_tiny_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
%C%_test_compact_check_tiny_LDADD = libpolished-tiny.a $(CMOCKA_LIBS)
