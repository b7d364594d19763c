# The public headers: all that a kernel needs beside the library.
polishedincludedir = $(includedir)/polished
polishedinclude_HEADERS = \
	%D%/polished/block.h \
	%D%/polished/dma.h \
	%D%/polished/heap.h \
	%D%/polished/many.h \
	%D%/polished/map.h \
	%D%/polished/mark.h \
	%D%/polished/policies.def \
	%D%/polished/policies.h \
	%D%/polished/policy.h \
	%D%/polished/polished.h \
	%D%/polished/region.h \
	%D%/polished/request.h \
	%D%/polished/size.h \
	%D%/polished/status.h \
	%D%/polished/why.h
