# Every policy through the same cases; once more with the tiny library.
contract_sources = \
	%D%/cases.h \
	%D%/cases_call.c \
	%D%/cases_state.c \
	%D%/oracle.c \
	%D%/oracle.h \
	%D%/oracle_memory.c \
	%D%/oracle_memory.h \
	%D%/program.c \
	%D%/program.h \
	%D%/subject.c \
	%D%/subject.h \
	%D%/test_contract.c
contract_tests = %D%/test_contract %D%/test_contract_tiny
if HAVE_CMOCKA
check_PROGRAMS += $(contract_tests)
TESTS += $(contract_tests)
endif

%C%_test_contract_SOURCES = $(contract_sources)
%C%_test_contract_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
%C%_test_contract_LDADD = libpolished.la $(CMOCKA_LIBS)
%C%_test_contract_tiny_SOURCES = $(contract_sources)
%C%_test_contract_tiny_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
%C%_test_contract_tiny_LDADD = libpolished-tiny.a $(CMOCKA_LIBS)
