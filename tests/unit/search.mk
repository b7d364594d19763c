# search.
if HAVE_CMOCKA
search_unit_tests = %D%/test_search_generate
check_PROGRAMS += $(search_unit_tests)
TESTS += $(search_unit_tests)
endif
%C%_test_search_generate_SOURCES = %D%/test_search_generate.c
%C%_test_search_generate_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
%C%_test_search_generate_LDADD = libsearch.la $(SIM_TEST_LIBS) $(CJSON_LIBS)
