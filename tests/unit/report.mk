# report, and what of cli is no program.
if HAVE_CMOCKA
report_tests = \
	%D%/test_cli_options \
	%D%/test_cli_progress \
	%D%/test_report_advice \
	%D%/test_report_formats \
	%D%/test_report_number \
	%D%/test_report_table
check_PROGRAMS += $(report_tests)
TESTS += $(report_tests)
endif

report_test_libs = libreport.la libsim.la libhost.la libmeasure.la \
	libtrace.la liballoc.la libcore.la $(CMOCKA_LIBS)

tests_unit_test_cli_options_SOURCES = %D%/test_cli_options.c \
	src/cli/help.c src/cli/message.c src/cli/options.c
tests_unit_test_cli_options_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_cli_options_LDADD = $(report_test_libs)

tests_unit_test_cli_progress_SOURCES = %D%/test_cli_progress.c \
	src/cli/progress.c src/cli/terminal.c
tests_unit_test_cli_progress_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_cli_progress_LDADD = $(report_test_libs)

tests_unit_test_report_advice_SOURCES = %D%/test_report_advice.c \
	%D%/report_sample.c %D%/report_sample.h
tests_unit_test_report_advice_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_report_advice_LDADD = $(report_test_libs) $(CJSON_LIBS)

tests_unit_test_report_formats_SOURCES = %D%/test_report_formats.c \
	%D%/report_sample.c %D%/report_sample.h
tests_unit_test_report_formats_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) \
	$(CJSON_CFLAGS)
tests_unit_test_report_formats_LDADD = $(report_test_libs) $(CJSON_LIBS)

tests_unit_test_report_number_SOURCES = %D%/test_report_number.c
tests_unit_test_report_number_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_report_number_LDADD = $(report_test_libs)

tests_unit_test_report_table_SOURCES = %D%/test_report_table.c
tests_unit_test_report_table_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_report_table_LDADD = $(report_test_libs)
