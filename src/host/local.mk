# Policies that need an operating system.
noinst_LTLIBRARIES += libhost.la
libhost_la_SOURCES = \
	%D%/elf.c \
	%D%/host.c %D%/host.def %D%/host.h \
	%D%/ideal.c \
	%D%/plugin.c %D%/plugin.h \
	%D%/system.c
