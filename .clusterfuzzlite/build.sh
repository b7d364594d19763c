#!/bin/bash -eu
exec bash "$SRC/polished-sim/fuzz/build.sh"
