# Policies that need an operating system.
noinst_LTLIBRARIES += libhost.la
libhost_la_SOURCES = \
	%D%/host.c %D%/host.def %D%/host.h \
	%D%/ideal.c \
	%D%/system.c
