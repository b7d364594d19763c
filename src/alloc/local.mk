# The policies, one line each; freestanding.
noinst_LTLIBRARIES += liballoc.la
alloc_sources = \
	%D%/area.c \
	%D%/area.h \
	%D%/area_place.c \
	%D%/bins.h \
	%D%/bins_choose.h \
	%D%/block.h \
	%D%/buddy.c \
	%D%/buddy.h \
	%D%/buddy_region.c \
	%D%/buddy_run.c \
	%D%/bump.c \
	%D%/bump.h \
	%D%/cache.c \
	%D%/cache.h \
	%D%/cache_object.h \
	%D%/cache_view.c \
	%D%/compact.c \
	%D%/compact.h \
	%D%/compact_check.c \
	%D%/compact_free.c \
	%D%/compact_region.c \
	%D%/dma.c \
	%D%/fit.c \
	%D%/fit.h \
	%D%/fit_choose.c \
	%D%/fit_region.c \
	%D%/frame.h \
	%D%/frame_bitmap.c \
	%D%/frame_bump.c \
	%D%/frame_list.c \
	%D%/frame_list.h \
	%D%/frame_list_region.c \
	%D%/half_fit.c \
	%D%/levels.h \
	%D%/names.h \
	%D%/pool.c \
	%D%/slab.c \
	%D%/stack.c \
	%D%/stack.h \
	%D%/table.c \
	%D%/thin.c \
	%D%/thin.h \
	%D%/thin_cut.h \
	%D%/thin_free.c \
	%D%/thin_region.c \
	%D%/tlsf.c \
	%D%/tlsf.h \
	%D%/tlsf_free.c \
	%D%/tlsf_list.h \
	%D%/tlsf_region.c \
	%D%/tlsf_search.c \
	%D%/toggle.h \
	%D%/tree.c \
	%D%/tree.h \
	%D%/user.c \
	%D%/user.h \
	%D%/user_extra.c \
	%D%/user_page.c \
	%D%/virgin.c \
	%D%/virgin.h
liballoc_la_SOURCES = $(alloc_sources)
liballoc_la_CFLAGS = $(FREESTANDING_CFLAGS)

# What is installed.
lib_LTLIBRARIES += libpolished.la
libpolished_la_SOURCES =
libpolished_la_LIBADD = libcore.la liballoc.la
libpolished_la_LDFLAGS = $(AM_LDFLAGS) -version-info 0:0:0 -no-undefined \
	-export-symbols-regex '^polished_[a-z]'

# The same code with small sizes, for tests that go to every limit.
check_LIBRARIES = libpolished-tiny.a
libpolished_tiny_a_SOURCES = $(core_sources) $(alloc_sources)
libpolished_tiny_a_CFLAGS = $(FREESTANDING_CFLAGS) \
	-include $(top_srcdir)/src/core/tiny.h
