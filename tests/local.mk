include tests/contract/local.mk
include tests/unit/core.mk
include tests/unit/trace.mk
include tests/unit/recorder.mk
include tests/unit/sim.mk
include tests/unit/report.mk
include tests/cli/local.mk
include tests/gates/local.mk
