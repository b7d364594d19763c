# Questions that take many replays.
SEARCH_TEST_LIBS = libsearch.la $(SIM_TEST_LIBS)

if HAVE_CMOCKA
search_unit_tests = \
	%D%/test_search_blocks \
	%D%/test_search_check \
	%D%/test_search_generate \
	%D%/test_search_optimum \
	%D%/test_search_reduce \
	%D%/test_search_worst
check_PROGRAMS += $(search_unit_tests)
TESTS += $(search_unit_tests)
endif

search_test_sample = %D%/search_sample.c %D%/search_sample.h

tests_unit_test_search_blocks_SOURCES = %D%/test_search_blocks.c \
	$(search_test_sample)
tests_unit_test_search_blocks_LDADD = $(SEARCH_TEST_LIBS)
tests_unit_test_search_check_SOURCES = %D%/test_search_check.c
tests_unit_test_search_check_LDADD = $(SEARCH_TEST_LIBS)
tests_unit_test_search_optimum_SOURCES = %D%/test_search_optimum.c \
	$(search_test_sample)
tests_unit_test_search_optimum_LDADD = $(SEARCH_TEST_LIBS)
tests_unit_test_search_generate_SOURCES = %D%/test_search_generate.c
tests_unit_test_search_generate_LDADD = $(SEARCH_TEST_LIBS) $(CJSON_LIBS)
tests_unit_test_search_reduce_SOURCES = %D%/test_search_reduce.c
tests_unit_test_search_reduce_LDADD = $(SEARCH_TEST_LIBS) $(CJSON_LIBS)
tests_unit_test_search_worst_SOURCES = %D%/test_search_worst.c
tests_unit_test_search_worst_LDADD = $(SEARCH_TEST_LIBS) $(CJSON_LIBS)
