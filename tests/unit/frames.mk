# Frames, device memory, memory maps.
if HAVE_CMOCKA
frames_unit_tests = %D%/test_area %D%/test_area_tiny \
	%D%/test_dma %D%/test_dma_tiny %D%/test_frames %D%/test_frame_list \
	%D%/test_frame_list_region %D%/test_map %D%/test_runs \
	%D%/test_runs_tiny %D%/test_runs_model %D%/test_runs_model_tiny \
	%D%/test_scatter %D%/test_scatter_tiny %D%/test_virgin
check_PROGRAMS += $(frames_unit_tests)
TESTS += $(frames_unit_tests)
endif
frames_unit_cflags = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
# For those that ask what the library keeps for itself.
runs_unit_cflags = $(frames_unit_cflags) \
	-include $(top_srcdir)/src/core/names.h \
	-include $(top_srcdir)/src/alloc/names.h
runs_unit_libs = liballoc.la libcore.la $(CMOCKA_LIBS)

%C%_test_area_SOURCES = %D%/test_area.c %D%/damage.h \
	%D%/few_units.h %D%/unit.h
%C%_test_area_CFLAGS = $(runs_unit_cflags)
%C%_test_area_LDADD = $(runs_unit_libs)
%C%_test_area_tiny_SOURCES = %D%/test_area.c %D%/damage.h \
	%D%/few_units.h %D%/unit.h
%C%_test_area_tiny_CFLAGS = $(runs_unit_cflags) \
	-include $(top_srcdir)/src/core/tiny.h
%C%_test_area_tiny_LDADD = libpolished-tiny.a $(CMOCKA_LIBS)
%C%_test_dma_SOURCES = %D%/test_dma.c %D%/unit.h
%C%_test_dma_CFLAGS = $(frames_unit_cflags)
%C%_test_dma_LDADD = libpolished.la $(CMOCKA_LIBS)
%C%_test_dma_tiny_SOURCES = %D%/test_dma.c %D%/unit.h
%C%_test_dma_tiny_CFLAGS = $(frames_unit_cflags)
%C%_test_dma_tiny_LDADD = libpolished-tiny.a $(CMOCKA_LIBS)
%C%_test_frames_SOURCES = %D%/test_frames.c %D%/unit.h
%C%_test_frames_CFLAGS = $(frames_unit_cflags)
%C%_test_frames_LDADD = libpolished.la $(CMOCKA_LIBS)
%C%_test_map_SOURCES = %D%/test_map.c %D%/unit.h
%C%_test_map_CFLAGS = $(frames_unit_cflags)
%C%_test_map_LDADD = libpolished.la $(CMOCKA_LIBS)
%C%_test_runs_SOURCES = %D%/test_runs.c %D%/damage.h \
	%D%/few_units.h %D%/unit.h
%C%_test_runs_CFLAGS = $(runs_unit_cflags)
%C%_test_runs_LDADD = $(runs_unit_libs)
%C%_test_runs_tiny_SOURCES = %D%/test_runs.c %D%/damage.h \
	%D%/few_units.h %D%/unit.h
%C%_test_runs_tiny_CFLAGS = $(runs_unit_cflags) \
	-include $(top_srcdir)/src/core/tiny.h
%C%_test_runs_tiny_LDADD = libpolished-tiny.a $(CMOCKA_LIBS)
%C%_test_runs_model_SOURCES = %D%/test_runs_model.c %D%/damage.h \
	%D%/few_units.h %D%/unit.h
%C%_test_runs_model_CFLAGS = $(runs_unit_cflags)
%C%_test_runs_model_LDADD = $(runs_unit_libs)
%C%_test_runs_model_tiny_SOURCES = %D%/test_runs_model.c %D%/damage.h \
	%D%/few_units.h %D%/unit.h
%C%_test_runs_model_tiny_CFLAGS = $(runs_unit_cflags) \
	-include $(top_srcdir)/src/core/tiny.h
%C%_test_runs_model_tiny_LDADD = libpolished-tiny.a $(CMOCKA_LIBS)
%C%_test_scatter_SOURCES = %D%/test_scatter.c %D%/damage.h \
	%D%/few_units.h %D%/unit.h
%C%_test_scatter_CFLAGS = $(frames_unit_cflags)
%C%_test_scatter_LDADD = libpolished.la $(CMOCKA_LIBS)
%C%_test_scatter_tiny_SOURCES = %D%/test_scatter.c %D%/damage.h \
	%D%/few_units.h %D%/unit.h
%C%_test_scatter_tiny_CFLAGS = $(frames_unit_cflags) \
	-include $(top_srcdir)/src/core/tiny.h
%C%_test_scatter_tiny_LDADD = libpolished-tiny.a $(CMOCKA_LIBS)
%C%_test_virgin_SOURCES = %D%/test_virgin.c %D%/damage.h \
	%D%/expect_walk.h %D%/few_frames.h \
	%D%/unit.h
%C%_test_virgin_CFLAGS = $(frames_unit_cflags)
%C%_test_virgin_LDADD = libpolished.la $(CMOCKA_LIBS)
%C%_test_frame_list_SOURCES = %D%/test_frame_list.c %D%/damage.h \
	%D%/expect_walk.h %D%/few_frames.h \
	%D%/unit.h
%C%_test_frame_list_CFLAGS = $(frames_unit_cflags)
%C%_test_frame_list_LDADD = libpolished.la $(CMOCKA_LIBS)
%C%_test_frame_list_region_SOURCES = %D%/test_frame_list_region.c \
	%D%/damage.h %D%/expect_walk.h %D%/few_frames.h %D%/unit.h
%C%_test_frame_list_region_CFLAGS = $(frames_unit_cflags)
%C%_test_frame_list_region_LDADD = libpolished.la $(CMOCKA_LIBS)
