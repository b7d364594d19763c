# polished: what the contract does not ask of every policy.
if HAVE_CMOCKA
check_PROGRAMS += %D%/test_polished
TESTS += %D%/test_polished
endif

%C%_test_polished_SOURCES = %D%/test_polished.c %D%/steps.h %D%/unit.h
%C%_test_polished_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
%C%_test_polished_LDADD = libpolished.la $(CMOCKA_LIBS)
