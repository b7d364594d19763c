# measure and sim.
SIM_TEST_LIBS = libsim.la libhost.la \
	libmeasure.la libtrace.la \
	liballoc.la libcore.la $(CMOCKA_LIBS)

if HAVE_CMOCKA
sim_unit_tests = \
	%D%/test_measure \
	%D%/test_sim_memory \
	%D%/test_sim_places \
	%D%/test_sim_relay \
	%D%/test_sim_replay \
	%D%/test_sim_spec \
	%D%/test_sim_verdict
check_PROGRAMS += $(sim_unit_tests)
TESTS += $(sim_unit_tests)
endif

tests_unit_test_measure_SOURCES = %D%/test_measure.c
tests_unit_test_measure_LDADD = $(SIM_TEST_LIBS)
tests_unit_test_sim_memory_SOURCES = %D%/test_sim_memory.c
tests_unit_test_sim_memory_LDADD = $(SIM_TEST_LIBS)
tests_unit_test_sim_places_SOURCES = %D%/test_sim_places.c
tests_unit_test_sim_places_LDADD = $(SIM_TEST_LIBS)
tests_unit_test_sim_relay_SOURCES = %D%/test_sim_relay.c
tests_unit_test_sim_relay_LDADD = $(SIM_TEST_LIBS)
tests_unit_test_sim_replay_SOURCES = %D%/test_sim_replay.c
tests_unit_test_sim_replay_LDADD = $(SIM_TEST_LIBS)
tests_unit_test_sim_spec_SOURCES = %D%/test_sim_spec.c
tests_unit_test_sim_spec_LDADD = $(SIM_TEST_LIBS)
tests_unit_test_sim_verdict_SOURCES = %D%/test_sim_verdict.c
tests_unit_test_sim_verdict_LDADD = $(SIM_TEST_LIBS)
