# bash-completion looks for a file named after the command.
dist_bashcomp_DATA = %D%/polished.bash
completed = polished-sim polished-trace polished-record

install-data-hook: install-completion-links
uninstall-hook: uninstall-completion-links
install-completion-links:
	cd "$(DESTDIR)$(bashcompdir)" && \
	for name in $(completed); do \
	    rm -f $$name && $(LN_S) polished.bash $$name || exit 1; \
	done
uninstall-completion-links:
	cd "$(DESTDIR)$(bashcompdir)" && rm -f $(completed)
.PHONY: install-completion-links uninstall-completion-links
