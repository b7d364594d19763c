# The recorder, tried on programs that tell what they do.
if RECORDER
check_PROGRAMS += %D%/recorder/killer %D%/recorder/listing %D%/recorder/victim
TESTS += %D%/recorder/killer %D%/recorder/events.t %D%/recorder/harmless.t
endif
%C%_recorder_killer_SOURCES = %D%/recorder/killer.c
%C%_recorder_killer_LDADD = $(recorder_trace_libs) -lpthread
%C%_recorder_listing_SOURCES = %D%/recorder/listing.c
%C%_recorder_listing_LDADD = $(recorder_trace_libs)
%C%_recorder_victim_SOURCES = %D%/recorder/victim.c
%C%_recorder_victim_CFLAGS = $(AM_CFLAGS) -fno-builtin
%C%_recorder_victim_LDADD = -lpthread
dist_check_SCRIPTS += %D%/recorder/events.t %D%/recorder/harmless.t
EXTRA_DIST += %D%/recorder/tap.sh %D%/recorder/expect.awk
