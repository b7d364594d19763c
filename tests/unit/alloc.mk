# One program per policy whose inside has something to tell; damage.h is for
# those that write over it.
alloc_unit_tests = %D%/test_block %D%/test_buddy_region %D%/test_bump \
	%D%/test_cache %D%/test_fit %D%/test_fit_choose %D%/test_fit_tiny \
	%D%/test_levels %D%/test_narrow %D%/test_pool %D%/test_rows \
	%D%/test_slab %D%/test_stack %D%/test_stack_tiny %D%/test_user %D%/test_user_place
if HAVE_CMOCKA
check_PROGRAMS += $(alloc_unit_tests)
TESTS += $(alloc_unit_tests)
endif
alloc_unit_cflags = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
alloc_unit_tiny_cflags = $(alloc_unit_cflags) \
	-include $(top_srcdir)/src/core/tiny.h

%C%_test_buddy_region_SOURCES = %D%/test_buddy_region.c %D%/buddy_parts.h \
	%D%/damage.h \
	%D%/unit.h
%C%_test_buddy_region_CFLAGS = $(alloc_unit_cflags)
%C%_test_buddy_region_LDADD = libpolished.la $(CMOCKA_LIBS)
%C%_test_block_SOURCES = %D%/test_block.c %D%/unit.h
%C%_test_block_CFLAGS = $(alloc_unit_cflags)
%C%_test_block_LDADD = $(CMOCKA_LIBS)
%C%_test_bump_SOURCES = %D%/test_bump.c %D%/unit.h
%C%_test_bump_CFLAGS = $(alloc_unit_cflags)
%C%_test_bump_LDADD = libpolished.la $(CMOCKA_LIBS)
%C%_test_cache_SOURCES = %D%/test_cache.c %D%/damage.h \
	%D%/expect_walk.h %D%/unit.h
%C%_test_cache_CFLAGS = $(alloc_unit_cflags)
%C%_test_cache_LDADD = libpolished.la $(CMOCKA_LIBS)
%C%_test_pool_SOURCES = %D%/test_pool.c %D%/damage.h %D%/expect_row.h \
	%D%/expect_walk.h %D%/unit.h
%C%_test_pool_CFLAGS = $(alloc_unit_cflags)
%C%_test_pool_LDADD = libpolished.la $(CMOCKA_LIBS)
%C%_test_fit_SOURCES = %D%/test_fit.c %D%/damage.h %D%/fit_sample.h \
	%D%/unit.h
%C%_test_fit_CFLAGS = $(alloc_unit_cflags)
%C%_test_fit_LDADD = libpolished.la $(CMOCKA_LIBS)
%C%_test_fit_tiny_SOURCES = %D%/test_fit.c %D%/damage.h %D%/fit_sample.h \
	%D%/unit.h
%C%_test_fit_tiny_CFLAGS = $(alloc_unit_tiny_cflags)
%C%_test_fit_tiny_LDADD = libpolished-tiny.a $(CMOCKA_LIBS)
%C%_test_fit_choose_SOURCES = %D%/test_fit_choose.c %D%/damage.h \
	%D%/fit_sample.h %D%/unit.h
%C%_test_fit_choose_CFLAGS = $(alloc_unit_cflags)
%C%_test_fit_choose_LDADD = libpolished.la $(CMOCKA_LIBS)
%C%_test_rows_SOURCES = %D%/test_rows.c %D%/unit.h
%C%_test_rows_CFLAGS = $(alloc_unit_cflags)
%C%_test_rows_LDADD = libpolished.la $(CMOCKA_LIBS)
%C%_test_slab_SOURCES = %D%/test_slab.c %D%/expect_row.h %D%/unit.h
%C%_test_slab_CFLAGS = $(alloc_unit_cflags)
%C%_test_slab_LDADD = libpolished.la $(CMOCKA_LIBS)
%C%_test_levels_SOURCES = %D%/test_levels.c %D%/unit.h
%C%_test_levels_CFLAGS = $(alloc_unit_cflags)
%C%_test_levels_LDADD = $(CMOCKA_LIBS)
%C%_test_stack_SOURCES = %D%/test_stack.c %D%/damage.h \
	%D%/expect_walk.h %D%/unit.h
%C%_test_stack_CFLAGS = $(alloc_unit_cflags)
%C%_test_stack_LDADD = libpolished.la $(CMOCKA_LIBS)
%C%_test_stack_tiny_SOURCES = %D%/test_stack.c %D%/damage.h \
	%D%/expect_walk.h %D%/unit.h
%C%_test_stack_tiny_CFLAGS = $(alloc_unit_tiny_cflags)
%C%_test_stack_tiny_LDADD = libpolished-tiny.a $(CMOCKA_LIBS)
%C%_test_user_SOURCES = %D%/test_user.c %D%/expect_row.h %D%/unit.h
%C%_test_user_CFLAGS = $(alloc_unit_cflags)
%C%_test_user_LDADD = libpolished.la $(CMOCKA_LIBS)
%C%_test_user_place_SOURCES = %D%/test_user_place.c %D%/unit.h
%C%_test_user_place_CFLAGS = $(alloc_unit_cflags)
%C%_test_user_place_LDADD = libpolished.la $(CMOCKA_LIBS)

# Sizes of 32 bits: all of the library once more.
%C%_test_narrow_SOURCES = $(core_sources) $(alloc_sources) \
	%D%/test_narrow.c %D%/unit.h
%C%_test_narrow_CPPFLAGS = $(AM_CPPFLAGS) -DPOLISHED_SIZE_32
%C%_test_narrow_CFLAGS = $(alloc_unit_cflags)
%C%_test_narrow_LDADD = $(CMOCKA_LIBS)
