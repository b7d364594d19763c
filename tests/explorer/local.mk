# Every sequence of calls, of any length, on tiny regions.
explorer_sources = $(oracle_sources) \
	%D%/explorer.c %D%/explorer.h \
	%D%/moves.c %D%/moves.h %D%/moves_make.c \
	%D%/plans.c %D%/plans.h \
	%D%/rule.c %D%/rule.h \
	%D%/state.c %D%/state.h \
	%D%/visited.c %D%/visited.h
explorer_cflags = $(AM_CFLAGS) -I$(top_srcdir)/tests \
	-include $(top_srcdir)/src/core/tiny.h

check_PROGRAMS += %D%/explore
TESTS += %D%/explore
%C%_explore_SOURCES = $(explorer_sources) %D%/explore.c
%C%_explore_CFLAGS = $(explorer_cflags)
%C%_explore_LDADD = libpolished-tiny.a

if HAVE_CMOCKA
check_PROGRAMS += %D%/test_explorer
TESTS += %D%/test_explorer
endif
%C%_test_explorer_SOURCES = $(explorer_sources) %D%/test_explorer.c
%C%_test_explorer_CFLAGS = $(explorer_cflags) $(CMOCKA_CFLAGS)
%C%_test_explorer_LDADD = libpolished-tiny.a $(CMOCKA_LIBS)

# The same in larger regions: some minutes, and some GiB of memory.
soak: soak-explorer
soak-explorer: %D%/explore
	%D%/explore -s
.PHONY: soak soak-explorer
