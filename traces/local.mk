# The traces are data for tests, examples and the reader; none is installed.
dist_noinst_DATA += \
	%D%/anomaly.json \
	%D%/boot.json \
	%D%/comb.json \
	%D%/packets.json \
	%D%/processes.json \
	%D%/stack.json \
	%D%/compile.ptrace \
	%D%/kernel-dma.json \
	%D%/kernel-frames.json \
	%D%/page-faults.json \
	%D%/git-log.ptrace \
	%D%/git-pack.ptrace \
	%D%/json-filter.ptrace \
	%D%/list-tree.ptrace \
	%D%/lua-search.ptrace \
	%D%/perl-count.ptrace \
	%D%/python-words.ptrace \
	%D%/sql-load.ptrace
EXTRA_DIST += %D%/README.md %D%/inputs.sh %D%/kernel.sh %D%/record.sh
