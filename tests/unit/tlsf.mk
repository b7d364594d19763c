# tlsf, half-fit and buddy; buddy once more with few orders.
tlsf_unit_tests = %D%/test_tlsf %D%/test_tlsf_list %D%/test_tlsf_region \
	%D%/test_tlsf_edges %D%/test_tlsf_edges_tiny %D%/test_tlsf_search \
	%D%/test_tlsf_damage %D%/test_buddy %D%/test_buddy_tiny \
	%D%/test_buddy_run %D%/test_buddy_run_tiny
if HAVE_CMOCKA
check_PROGRAMS += $(tlsf_unit_tests)
TESTS += $(tlsf_unit_tests)
endif

tlsf_unit_heap = %D%/tlsf_heap.h %D%/tlsf_both.h %D%/damage.h %D%/unit.h

%C%_test_tlsf_SOURCES = %D%/test_tlsf.c %D%/steps.h %D%/tlsf_both.h %D%/unit.h
%C%_test_tlsf_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
%C%_test_tlsf_LDADD = libpolished.la $(CMOCKA_LIBS)
%C%_test_tlsf_list_SOURCES = %D%/test_tlsf_list.c %D%/tlsf_both.h %D%/unit.h
%C%_test_tlsf_list_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
%C%_test_tlsf_list_LDADD = libpolished.la $(CMOCKA_LIBS)
%C%_test_tlsf_region_SOURCES = %D%/test_tlsf_region.c %D%/tlsf_both.h \
	%D%/unit.h
%C%_test_tlsf_region_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
%C%_test_tlsf_region_LDADD = libpolished.la $(CMOCKA_LIBS)
%C%_test_tlsf_edges_SOURCES = %D%/test_tlsf_edges.c $(tlsf_unit_heap)
%C%_test_tlsf_edges_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
%C%_test_tlsf_edges_LDADD = libpolished.la $(CMOCKA_LIBS)
%C%_test_tlsf_edges_tiny_SOURCES = %D%/test_tlsf_edges.c $(tlsf_unit_heap)
%C%_test_tlsf_edges_tiny_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) \
	-include $(top_srcdir)/src/core/tiny.h
%C%_test_tlsf_edges_tiny_LDADD = libpolished-tiny.a $(CMOCKA_LIBS)
%C%_test_tlsf_search_SOURCES = %D%/test_tlsf_search.c $(tlsf_unit_heap)
%C%_test_tlsf_search_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
%C%_test_tlsf_search_LDADD = libpolished.la $(CMOCKA_LIBS)
%C%_test_tlsf_damage_SOURCES = %D%/test_tlsf_damage.c $(tlsf_unit_heap)
%C%_test_tlsf_damage_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
%C%_test_tlsf_damage_LDADD = libpolished.la $(CMOCKA_LIBS)
%C%_test_buddy_SOURCES = %D%/test_buddy.c %D%/expect_row.h \
	%D%/steps.h %D%/unit.h
%C%_test_buddy_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
%C%_test_buddy_LDADD = libpolished.la $(CMOCKA_LIBS)
%C%_test_buddy_tiny_SOURCES = %D%/test_buddy.c %D%/expect_row.h \
	%D%/steps.h %D%/unit.h
%C%_test_buddy_tiny_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
%C%_test_buddy_tiny_LDADD = libpolished-tiny.a $(CMOCKA_LIBS)
%C%_test_buddy_run_SOURCES = %D%/test_buddy_run.c %D%/buddy_parts.h \
	%D%/damage.h %D%/unit.h
%C%_test_buddy_run_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
%C%_test_buddy_run_LDADD = libpolished.la $(CMOCKA_LIBS)
%C%_test_buddy_run_tiny_SOURCES = %D%/test_buddy_run.c %D%/buddy_parts.h \
	%D%/damage.h %D%/unit.h
%C%_test_buddy_run_tiny_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) \
	-include $(top_srcdir)/src/core/tiny.h
%C%_test_buddy_run_tiny_LDADD = libpolished-tiny.a $(CMOCKA_LIBS)
