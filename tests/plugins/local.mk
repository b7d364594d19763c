# Plug-ins that break their promises, and the examples that keep them, as
# users see them.  A plug-in is compiled as its author would: a shared object
# has no need of libtool, and no sanitizer.
SUFFIXES = .so
.c.so:
	$(AM_V_CC)$(MKDIR_P) $(@D) && $(CC) $(CPPFLAGS) $(WARN_CFLAGS) $(CFLAGS) \
	    -std=c11 -fno-builtin -I$(srcdir)/include -shared -fPIC -o $@ $<

plugin_sources = \
	%D%/evil_abi.c \
	%D%/evil_block.c \
	%D%/evil_link.c \
	%D%/evil_malloc.c \
	%D%/evil_nothing.c \
	%D%/evil_process.c \
	%D%/evil_row.c \
	%D%/evil_walk.c \
	%D%/over.c
plugin_modules = $(plugin_sources:.c=.so) \
	examples/plugin_malloc.so examples/plugin_policy.so
$(plugin_modules): include/polished/heap.h include/polished/policy.h
%D%/evil_block.so %D%/evil_process.so %D%/evil_walk.so: %D%/evil.h

check_DATA = $(plugin_modules)
CLEANFILES += $(plugin_modules)
EXTRA_DIST += $(plugin_sources) %D%/evil.h %D%/malloc.case %D%/policy.case

TESTS += %D%/policy.t
if !SANITIZE
# A sanitizer has the only malloc of its programs.
TESTS += %D%/malloc.t
endif
dist_check_SCRIPTS += %D%/malloc.t %D%/policy.t
