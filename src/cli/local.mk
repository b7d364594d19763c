bin_PROGRAMS += polished-sim
polished_sim_SOURCES = %D%/sim.c
