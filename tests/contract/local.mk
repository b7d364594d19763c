# A heap under watch, for all that drives heaps.
oracle_sources = \
	%D%/caps.c \
	%D%/caps.h \
	%D%/guard.h \
	%D%/oracle.c \
	%D%/oracle.h \
	%D%/oracle_change.c \
	%D%/oracle_extra.c \
	%D%/oracle_layout.c \
	%D%/oracle_memory.c \
	%D%/oracle_memory.h \
	%D%/oracle_misuse.c

# Every policy through the same cases; once more with the tiny library.
contract_sources = \
	%D%/cases.h \
	%D%/cases_call.c \
	%D%/cases_limits.c \
	%D%/cases_main.c \
	%D%/cases_state.c \
	$(oracle_sources) \
	%D%/program.c \
	%D%/program.h \
	%D%/subject.c \
	%D%/subject.h
# Operations (src/sim/operation.h) through the oracle.
drive_sources = \
	src/sim/operation.c \
	src/sim/operation.h \
	src/sim/operation_book.c \
	src/sim/operation_book.h \
	src/sim/operation_decode.c \
	src/sim/operation_setup.c \
	%D%/drive.c \
	%D%/drive.h \
	%D%/drive_extra.c \
	%D%/drive_extra.h \
	%D%/drive_finish.c \
	$(oracle_sources)
EXTRA_DIST += %D%/plain/cmocka.h
contract_tests = %D%/test_contract %D%/test_contract_tiny %D%/test_nested \
	%D%/test_seed %D%/test_fits \
	%D%/test_arena %D%/test_slab %D%/test_user %D%/test_steps %D%/test_siblings \
	%D%/test_drive
if HAVE_CMOCKA
check_PROGRAMS += $(contract_tests)
TESTS += $(contract_tests)
endif

%C%_test_contract_SOURCES = $(contract_sources) %D%/test_contract.c
%C%_test_contract_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
%C%_test_contract_LDADD = libpolished.la $(CMOCKA_LIBS)
%C%_test_contract_tiny_SOURCES = $(contract_sources) %D%/test_contract.c
%C%_test_contract_tiny_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) \
	-include $(top_srcdir)/src/core/tiny.h
%C%_test_contract_tiny_LDADD = libpolished-tiny.a $(CMOCKA_LIBS)

# A heap over a heap.
%C%_test_nested_SOURCES = $(contract_sources) %D%/test_nested.c
%C%_test_nested_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
%C%_test_nested_LDADD = libpolished.la $(CMOCKA_LIBS)

# Defects of the crate that this project grew out of.
%C%_test_seed_SOURCES = %D%/test_seed.c
%C%_test_seed_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
%C%_test_seed_LDADD = libpolished.la $(CMOCKA_LIBS)

# Defects of other allocators.
%C%_test_siblings_SOURCES = $(contract_sources) %D%/test_siblings.c
%C%_test_siblings_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) -pthread
%C%_test_siblings_LDADD = libpolished.la $(CMOCKA_LIBS)

# What the rows of one family promise beyond the contract.
%C%_test_fits_SOURCES = $(contract_sources) %D%/test_fits.c
%C%_test_fits_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
%C%_test_fits_LDADD = libpolished.la $(CMOCKA_LIBS)
%C%_test_slab_SOURCES = $(contract_sources) %D%/test_slab.c
%C%_test_slab_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
%C%_test_slab_LDADD = libpolished.la $(CMOCKA_LIBS)
%C%_test_user_SOURCES = $(contract_sources) %D%/test_user.c
%C%_test_user_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
%C%_test_user_LDADD = libpolished.la $(CMOCKA_LIBS)
%C%_test_arena_SOURCES = %D%/test_arena.c
%C%_test_arena_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
%C%_test_arena_LDADD = libpolished.la $(CMOCKA_LIBS)

# What the docs state of the time of single calls, over every trace.
%C%_test_steps_SOURCES = %D%/caps.c %D%/caps.h %D%/test_steps.c
%C%_test_steps_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
%C%_test_steps_LDADD = $(SIM_TEST_LIBS)

# What fuzzers, soak and explorer drive heaps with.
%C%_test_drive_SOURCES = $(drive_sources) %D%/test_drive.c
%C%_test_drive_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
%C%_test_drive_LDADD = libpolished.la $(CMOCKA_LIBS)
