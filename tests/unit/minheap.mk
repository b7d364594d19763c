# search: how small may the heap be?
min_heap_tests = %D%/test_min_heap %D%/test_min_heap_scan \
	%D%/test_search_blame %D%/test_search_resume
if HAVE_CMOCKA
check_PROGRAMS += $(min_heap_tests)
TESTS += $(min_heap_tests)
endif
min_heap_sample = %D%/min_heap_sample.c %D%/min_heap_sample.h
min_heap_libs = libsearch.la libsim.la libhost.la libmeasure.la libtrace.la \
	liballoc.la libcore.la $(CMOCKA_LIBS)

tests_unit_test_min_heap_SOURCES = %D%/test_min_heap.c $(min_heap_sample)
tests_unit_test_min_heap_LDADD = $(min_heap_libs)
tests_unit_test_min_heap_scan_SOURCES = %D%/test_min_heap_scan.c \
	$(min_heap_sample)
tests_unit_test_min_heap_scan_LDADD = $(min_heap_libs)
tests_unit_test_min_heap_scan_CPPFLAGS = $(AM_CPPFLAGS)
if SANITIZE
tests_unit_test_min_heap_scan_CPPFLAGS += -DSCAN_ROUNDS=500
endif
tests_unit_test_search_blame_SOURCES = %D%/test_search_blame.c \
	$(min_heap_sample)
tests_unit_test_search_blame_LDADD = $(min_heap_libs)
tests_unit_test_search_resume_SOURCES = %D%/test_search_resume.c \
	$(min_heap_sample)
tests_unit_test_search_resume_LDADD = $(min_heap_libs)
