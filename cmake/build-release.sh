#!/bin/sh
# build-release.sh [cmake options]: builds build/release with Ninja, or Make where that is not there; the target ONN_TARGET,
# or all.
set -eu
cd "$(dirname "$0")/.."
if [ ! -f build/release/CMakeCache.txt ] && [ -z "${CMAKE_GENERATOR:-}" ] &&
  command -v ninja >/dev/null; then
  set -- -G Ninja "$@"
fi
cmake -S . -B build/release -DCMAKE_BUILD_TYPE=Release "$@"
cmake --build build/release --parallel "$(nproc)" --target "${ONN_TARGET:-all}"
