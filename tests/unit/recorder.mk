# The recorder, tried on programs that tell what they do.
if RECORDER
check_PROGRAMS += %D%/recorder/killer %D%/recorder/victim
check_LTLIBRARIES = %D%/recorder/chained.la
TESTS += %D%/recorder/killer %D%/recorder/events.t %D%/recorder/harmless.t
endif
if HAVE_CMOCKA
check_PROGRAMS += %D%/recorder/test_recording
TESTS += %D%/recorder/test_recording
if RECORDER
check_PROGRAMS += %D%/recorder/test_real
TESTS += %D%/recorder/test_real
endif
endif
%C%_recorder_test_real_SOURCES = %D%/recorder/test_real.c \
	src/recorder/real.c src/recorder/module.h
%C%_recorder_test_real_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
%C%_recorder_test_real_LDADD = $(CMOCKA_LIBS)
%C%_recorder_test_recording_SOURCES = %D%/recorder/test_recording.c
%C%_recorder_test_recording_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
%C%_recorder_test_recording_LDADD = $(recorder_trace_libs) $(CMOCKA_LIBS)
%C%_recorder_chained_la_SOURCES = %D%/recorder/chained.c
%C%_recorder_chained_la_CFLAGS = $(AM_CFLAGS) -fno-builtin
%C%_recorder_chained_la_LDFLAGS = -module -avoid-version -shared -rpath /none
%C%_recorder_killer_SOURCES = %D%/recorder/killer.c
%C%_recorder_killer_LDADD = $(recorder_trace_libs) -lpthread
%C%_recorder_victim_SOURCES = %D%/recorder/victim.c
%C%_recorder_victim_CFLAGS = $(AM_CFLAGS) -fno-builtin
%C%_recorder_victim_LDADD = -lpthread
dist_check_SCRIPTS += %D%/recorder/events.t %D%/recorder/harmless.t
EXTRA_DIST += %D%/recorder/tap.sh %D%/recorder/expect.awk
