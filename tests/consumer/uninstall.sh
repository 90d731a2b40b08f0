#!/bin/sh
# uninstall.sh cmake build-folder prefix: what was installed is gone afterwards, with onn's own folders, and nothing else.
set -eu
cmake=$1 build=$2 prefix=$3
rm -rf "$prefix"
mkdir -p "$prefix/include"
echo mine >"$prefix/include/mine.h"
keep=$(mktemp)
trap 'cp "$keep" "$build/install_manifest.txt" 2>/dev/null || true; rm -f "$keep"' EXIT
cp "$build/install_manifest.txt" "$keep" 2>/dev/null || true
"$cmake" --install "$build" --prefix "$prefix" >/dev/null
for file in bin/onn include/onn/onn.hpp share/doc/onn/README.md share/doc/onn/docs/pictures/airy.png \
  share/doc/onn/apps/examples/airy.c share/onn/digits.csv.gz share/man/man1/onn.1 share/man/man1/onn-bench.1 \
  share/bash-completion/completions/onn share/zsh/site-functions/_onn share/fish/vendor_completions.d/onn.fish; do
  [ -s "$prefix/$file" ] || {
    echo "$file is not installed"
    exit 1
  }
done
"$cmake" -D MANIFEST="$build/install_manifest.txt" -P "$(dirname "$0")/../../cmake/Uninstall.cmake"
left=$(find "$prefix" ! -type d)
[ "$left" = "$prefix/include/mine.h" ] || {
  echo "left: $left"
  exit 1
}
[ -z "$(find "$prefix" -type d -name onn)" ] || {
  echo "folders left: $(find "$prefix" -type d -name onn)"
  exit 1
}
