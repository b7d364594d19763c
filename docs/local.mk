# Man pages: what --help says, and more from NAME.h2m.  The program is only
# an order-only prerequisite, so that the pages of a tarball are up to date
# and help2man is not needed.  Without it and them: --help as it is.
dist_man_MANS += %D%/man/polished-sim.1 %D%/man/polished-trace.1
EXTRA_DIST += %D%/man/polished-sim.h2m %D%/man/polished-trace.h2m
MAINTAINERCLEANFILES = $(dist_man_MANS)

man_page = $(AM_V_GEN)$(MKDIR_P) %D%/man && \
	name=`basename $@ .1` && \
	if test -n "$(HELP2MAN)"; then \
	    $(HELP2MAN) --no-info --include=$(srcdir)/%D%/man/$$name.h2m \
	        --output=$@ ./$$name$(EXEEXT); \
	else \
	    { echo ".TH $$name 1" && echo .nf && \
	      ./$$name$(EXEEXT) --help; } >$@; \
	fi

help_sources = src/cli/help.c src/cli/options.h configure.ac
%D%/man/polished-sim.1: %D%/man/polished-sim.h2m src/cli/sim.c \
		$(help_sources) | polished-sim$(EXEEXT)
	$(man_page)
%D%/man/polished-trace.1: %D%/man/polished-trace.h2m src/cli/trace.c \
		src/cli/verb_info.c src/cli/verb_convert.c \
		$(help_sources) | polished-trace$(EXEEXT)
	$(man_page)

dist_doc_DATA = README.md CHANGELOG.md \
	%D%/allocators.md \
	%D%/contract.md \
	%D%/flagship.md \
	%D%/metrics.md \
	%D%/plugins.md \
	%D%/result.schema.json \
	%D%/results.md \
	%D%/trace-format.md \
	%D%/worst.md \
	%D%/trace.schema.json
