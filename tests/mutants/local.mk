# Does any test notice?  All mutants take hours, a sample a minute or two.
EXTRA_DIST += %D%/mutants %D%/equivalent tests/mcdc.sh
mutants:
	$(srcdir)/tests/mutants/mutants
mutants-sample:
	$(srcdir)/tests/mutants/mutants --sample 36 --seconds 60 \
		--least 60

# Which conditions of core and alloc did tests see both ways?
mcdc:
	$(srcdir)/tests/mcdc.sh
.PHONY: mutants mutants-sample mcdc
