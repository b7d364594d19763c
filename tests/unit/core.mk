# The room core: one program per source file with logic.
core_unit_tests = %D%/test_arith %D%/test_bits %D%/test_bits_plain \
	%D%/test_check %D%/test_front \
	%D%/test_open %D%/test_realloc %D%/test_why
if HAVE_CMOCKA
check_PROGRAMS += $(core_unit_tests)
TESTS += $(core_unit_tests)
endif
core_unit_libs = libpolished.la $(CMOCKA_LIBS)
core_unit_cflags = $(AM_CFLAGS) $(CMOCKA_CFLAGS)

%C%_test_arith_SOURCES = %D%/test_arith.c %D%/unit.h
%C%_test_arith_CFLAGS = $(core_unit_cflags)
%C%_test_arith_LDADD = $(core_unit_libs)
%C%_test_bits_SOURCES = %D%/test_bits.c %D%/unit.h
%C%_test_bits_CFLAGS = $(core_unit_cflags)
%C%_test_bits_LDADD = $(core_unit_libs)
%C%_test_bits_plain_SOURCES = %D%/test_bits_plain.c %D%/unit.h
EXTRA_%C%_test_bits_plain_SOURCES = %D%/test_bits.c
%C%_test_bits_plain_CFLAGS = $(core_unit_cflags)
%C%_test_bits_plain_LDADD = $(core_unit_libs)
%C%_test_check_SOURCES = %D%/test_check.c %D%/fake.h %D%/unit.h
%C%_test_check_CFLAGS = $(core_unit_cflags)
%C%_test_check_LDADD = $(core_unit_libs)
%C%_test_front_SOURCES = %D%/test_front.c %D%/fake.h %D%/unit.h
%C%_test_front_CFLAGS = $(core_unit_cflags)
%C%_test_front_LDADD = $(core_unit_libs)
%C%_test_open_SOURCES = %D%/test_open.c %D%/fake.h %D%/unit.h
%C%_test_open_CFLAGS = $(core_unit_cflags)
%C%_test_open_LDADD = $(core_unit_libs)
%C%_test_realloc_SOURCES = %D%/test_realloc.c %D%/fake.h %D%/unit.h
%C%_test_realloc_CFLAGS = $(core_unit_cflags)
%C%_test_realloc_LDADD = $(core_unit_libs)
%C%_test_why_SOURCES = %D%/test_why.c %D%/fake.h %D%/unit.h
%C%_test_why_CFLAGS = $(core_unit_cflags)
%C%_test_why_LDADD = $(core_unit_libs)
