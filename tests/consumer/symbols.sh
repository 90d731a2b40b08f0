#!/bin/sh
# symbols.sh libonn.so: the shared library shows nothing but onn_ names.
set -eu
command -v nm >/dev/null || exit 77
names=$(nm -D --defined-only "$1" | awk '{ print $3 }' | grep -v '^onn_' || true)
[ -z "$names" ] || {
  echo "visible from outside: $names"
  exit 1
}
nm -D --defined-only "$1" | grep -q ' onn_version$'
