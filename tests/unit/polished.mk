# polished: what the contract does not ask of every policy.
if HAVE_CMOCKA
thin_tests = %D%/test_bins %D%/test_polished %D%/test_thin \
	%D%/test_thin_largest %D%/test_thin_open %D%/test_thin_place \
	%D%/test_thin_region %D%/test_thin_victim %D%/test_thin_victim_tiny
check_PROGRAMS += $(thin_tests)
TESTS += $(thin_tests)
endif

%C%_test_bins_SOURCES = %D%/test_bins.c %D%/unit.h
%C%_test_bins_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
%C%_test_bins_LDADD = $(CMOCKA_LIBS)

%C%_test_polished_SOURCES = %D%/test_polished.c %D%/steps.h %D%/unit.h
%C%_test_polished_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
%C%_test_polished_LDADD = libpolished.la $(CMOCKA_LIBS)

%C%_test_thin_SOURCES = %D%/test_thin.c %D%/thin_heap.h %D%/damage.h \
	%D%/unit.h
%C%_test_thin_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
%C%_test_thin_LDADD = libpolished.la $(CMOCKA_LIBS)

%C%_test_thin_largest_SOURCES = %D%/test_thin_largest.c %D%/thin_heap.h \
	%D%/damage.h %D%/unit.h
%C%_test_thin_largest_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
%C%_test_thin_largest_LDADD = libpolished.la $(CMOCKA_LIBS)

%C%_test_thin_open_SOURCES = %D%/test_thin_open.c %D%/thin_heap.h \
	%D%/damage.h %D%/unit.h
%C%_test_thin_open_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
%C%_test_thin_open_LDADD = libpolished.la $(CMOCKA_LIBS)

%C%_test_thin_place_SOURCES = %D%/test_thin_place.c %D%/thin_heap.h \
	%D%/damage.h %D%/unit.h
%C%_test_thin_place_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
%C%_test_thin_place_LDADD = libpolished.la $(CMOCKA_LIBS)

%C%_test_thin_region_SOURCES = %D%/test_thin_region.c %D%/thin_heap.h \
	%D%/damage.h %D%/unit.h
%C%_test_thin_region_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
%C%_test_thin_region_LDADD = libpolished.la $(CMOCKA_LIBS)

%C%_test_thin_victim_SOURCES = %D%/test_thin_victim.c %D%/thin_heap.h \
	%D%/damage.h %D%/unit.h
%C%_test_thin_victim_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
%C%_test_thin_victim_LDADD = libpolished.la $(CMOCKA_LIBS)
%C%_test_thin_victim_tiny_SOURCES = %D%/test_thin_victim.c %D%/thin_heap.h \
	%D%/damage.h %D%/unit.h
%C%_test_thin_victim_tiny_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) \
	-include $(top_srcdir)/src/core/tiny.h
%C%_test_thin_victim_tiny_LDADD = libpolished-tiny.a $(CMOCKA_LIBS)
