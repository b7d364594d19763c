# Which event meets which heap.
noinst_LTLIBRARIES += libsim.la
libsim_la_SOURCES = \
	%D%/account.c %D%/account.h \
	%D%/arena.c %D%/arena.h \
	%D%/atlas.c %D%/atlas.h \
	%D%/bare.c %D%/bare.h \
	%D%/child.c %D%/child.h \
	%D%/content.c %D%/content.h \
	%D%/crew.c %D%/crew.h \
	%D%/explain.c %D%/explain.h \
	%D%/fail.c \
	%D%/feed.c %D%/feed.h \
	%D%/group.c %D%/group.h \
	%D%/ledger.c %D%/ledger.h \
	%D%/marks.c %D%/marks.h \
	%D%/memory.c %D%/memory.h \
	%D%/misuse.c %D%/misuse.h \
	%D%/names.c \
	%D%/operation.c %D%/operation.h \
	%D%/operation_book.c %D%/operation_book.h \
	%D%/operation_decode.c \
	%D%/operation_setup.c \
	%D%/operation_tell.c %D%/operation_tell.h \
	%D%/operation_trace.c %D%/operation_trace.h \
	%D%/owners.c %D%/owners.h \
	%D%/pages.c %D%/pages.h \
	%D%/pipe.c \
	%D%/places.c %D%/places.h \
	%D%/probe.c \
	%D%/rank.c %D%/rank.h \
	%D%/relay.c %D%/relay.h \
	%D%/replay.c %D%/replay.h \
	%D%/result.h \
	%D%/rows.c \
	%D%/simulate.c %D%/simulate.h \
	%D%/size.c %D%/size.h \
	%D%/spec.c %D%/spec.h \
	%D%/spool.c %D%/spool.h \
	%D%/stage.c \
	%D%/suit.c %D%/suit.h \
	%D%/touch.c %D%/touch.h \
	%D%/truth.c \
	%D%/verdict.c %D%/verdict.h \
	%D%/verify.c \
	%D%/witness.c %D%/witness.h \
	%D%/worker.c %D%/worker.h
