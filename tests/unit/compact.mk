# polished-compact and its map; each once more with small constants.
compact_unit_tests = %D%/test_toggle %D%/test_toggle_tiny %D%/test_compact \
	%D%/test_compact_tiny %D%/test_compact_alloc \
	%D%/test_compact_alloc_tiny %D%/test_compact_check \
	%D%/test_compact_check_tiny %D%/test_compact_free \
	%D%/test_compact_free_tiny %D%/test_compact_region \
	%D%/test_compact_region_tiny
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
%C%_test_compact_tiny_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) \
	-include $(top_srcdir)/src/core/tiny.h
%C%_test_compact_tiny_LDADD = libpolished-tiny.a $(CMOCKA_LIBS)
%C%_test_compact_alloc_SOURCES = %D%/test_compact_alloc.c %D%/compact_heap.h \
	%D%/damage.h %D%/unit.h
%C%_test_compact_alloc_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
%C%_test_compact_alloc_LDADD = libpolished.la $(CMOCKA_LIBS)
%C%_test_compact_alloc_tiny_SOURCES = %D%/test_compact_alloc.c %D%/compact_heap.h \
	%D%/damage.h %D%/unit.h
%C%_test_compact_alloc_tiny_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) \
	-include $(top_srcdir)/src/core/tiny.h
%C%_test_compact_alloc_tiny_LDADD = libpolished-tiny.a $(CMOCKA_LIBS)
%C%_test_compact_check_SOURCES = %D%/test_compact_check.c %D%/compact_heap.h \
	%D%/damage.h %D%/unit.h
%C%_test_compact_check_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
%C%_test_compact_check_LDADD = libpolished.la $(CMOCKA_LIBS)
%C%_test_compact_check_tiny_SOURCES = %D%/test_compact_check.c %D%/compact_heap.h \
	%D%/damage.h %D%/unit.h
%C%_test_compact_check_tiny_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) \
	-include $(top_srcdir)/src/core/tiny.h
%C%_test_compact_check_tiny_LDADD = libpolished-tiny.a $(CMOCKA_LIBS)
%C%_test_compact_free_SOURCES = %D%/test_compact_free.c %D%/compact_heap.h \
	%D%/damage.h %D%/unit.h
%C%_test_compact_free_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
%C%_test_compact_free_LDADD = libpolished.la $(CMOCKA_LIBS)
%C%_test_compact_free_tiny_SOURCES = %D%/test_compact_free.c %D%/compact_heap.h \
	%D%/damage.h %D%/unit.h
%C%_test_compact_free_tiny_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) \
	-include $(top_srcdir)/src/core/tiny.h
%C%_test_compact_free_tiny_LDADD = libpolished-tiny.a $(CMOCKA_LIBS)
%C%_test_compact_region_SOURCES = %D%/test_compact_region.c %D%/compact_heap.h \
	%D%/expect_walk.h %D%/unit.h
%C%_test_compact_region_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
%C%_test_compact_region_LDADD = libpolished.la $(CMOCKA_LIBS)
%C%_test_compact_region_tiny_SOURCES = %D%/test_compact_region.c %D%/compact_heap.h \
	%D%/expect_walk.h %D%/unit.h
%C%_test_compact_region_tiny_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) \
	-include $(top_srcdir)/src/core/tiny.h
%C%_test_compact_region_tiny_LDADD = libpolished-tiny.a $(CMOCKA_LIBS)
