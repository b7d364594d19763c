# Does any test notice?  All mutants take long, a sample two minutes.
EXTRA_DIST += %D%/bench.py %D%/equivalent %D%/family.py %D%/mutants \
	%D%/mutate.py \
	%D%/seeded %D%/seeded.txt \
	tests/mcdc.sh
mutants:
	$(srcdir)/tests/mutants/mutants
mutants-sample:
	$(srcdir)/tests/mutants/mutants --quick --sample 150 --seed 1 \
		--seconds 60 --least 90 src/core/check.c src/core/open.c \
		src/alloc/bump.c src/alloc/stack.c src/alloc/fit.c

# Are the bugs that we know to be hard found in ten seconds?
seeded:
	$(srcdir)/tests/mutants/seeded

# Which conditions of core and alloc did tests see both ways?
mcdc:
	$(srcdir)/tests/mcdc.sh
.PHONY: mutants mutants-sample seeded mcdc
