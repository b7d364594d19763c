# One program per policy whose inside has something to tell.
alloc_unit_tests = %D%/test_bump
if HAVE_CMOCKA
check_PROGRAMS += $(alloc_unit_tests)
TESTS += $(alloc_unit_tests)
endif
%C%_test_bump_SOURCES = %D%/test_bump.c %D%/unit.h
%C%_test_bump_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
%C%_test_bump_LDADD = libpolished.la $(CMOCKA_LIBS)
