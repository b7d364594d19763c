# Programs and plug-ins to begin with: compiled by make check, and run with
# what they print asserted.
example_programs = \
	%D%/01_static_heap \
	%D%/02_firmware_heap \
	%D%/03_boot \
	%D%/04_device_pool
check_PROGRAMS += $(example_programs)

%C%_01_static_heap_SOURCES = %D%/01_static_heap.c
%C%_01_static_heap_LDADD = libpolished.la
%C%_02_firmware_heap_SOURCES = %D%/02_firmware_heap.c
%C%_02_firmware_heap_LDADD = libpolished.la
%C%_03_boot_SOURCES = %D%/03_boot.c
%C%_03_boot_LDADD = libpolished.la
%C%_04_device_pool_SOURCES = %D%/04_device_pool.c
%C%_04_device_pool_LDADD = libpolished.la

# The plug-ins are built by tests/plugins.
exampledir = $(docdir)/examples
dist_example_DATA = \
	%D%/01_static_heap.c \
	%D%/02_firmware_heap.c \
	%D%/03_boot.c \
	%D%/04_device_pool.c \
	%D%/plugin_malloc.c \
	%D%/plugin_policy.c

TESTS += %D%/examples.t
dist_check_SCRIPTS += %D%/examples.t
EXTRA_DIST += %D%/examples.case
