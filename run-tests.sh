#!/bin/sh
# run-tests.sh [cmake options]: installs what is missing with apt, builds, and runs all tests.
set -eu
cd "$(dirname "$0")"
sh cmake/install-dependencies.sh test
sh cmake/build-release.sh "$@"
# rusticl offers its software device only when asked.
RUSTICL_ENABLE=${RUSTICL_ENABLE-llvmpipe}
export RUSTICL_ENABLE
# Two at a time: OpenCL tests spend their time in a compiler that works on one core.
exec ctest --test-dir build/release --no-tests=error --output-on-failure --parallel 2
