#!/bin/sh
# check-tidy.sh FOLDER: clang-tidy by .clang-tidy over the library and the programs, as FOLDER was configured and built by
# clang. What only repeats other files for a set of instructions, or wraps a library's text, is left out.
set -eu
cd "$(dirname "$0")/.."
tidy=
for name in clang-tidy-14 clang-tidy; do
  if [ -z "$tidy" ] && command -v "$name" >/dev/null; then
    tidy=$name
  fi
done
if [ -z "$tidy" ]; then
  echo "check-tidy: no clang-tidy, nothing checked"
  exit 0
fi
git ls-files 'src/*.c' 'apps/*.c' | grep -vE '/(kernels_|vkfft|clfft|peers/)' |
  xargs -P "$(nproc)" -n 8 "$tidy" -p "$1" --quiet 2>/dev/null
