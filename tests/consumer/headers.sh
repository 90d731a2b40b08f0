#!/bin/sh
# headers.sh include-folder folder compiler: each public header compiles alone and twice, as C11 and, where there is a
# compiler for it, as C++.
set -eu
include=$1 folder=$2 cc=$3
rm -rf "$folder"
mkdir -p "$folder"
cxx=$(command -v c++ || true)
[ -n "$cxx" ] || echo "no C++ compiler: headers are compiled as C only"
failed=0
for header in "$include"/onn/*.h; do
  name=$(basename "$header")
  printf '#include <onn/%s>\n#include <onn/%s>\nint main(void) { return 0; }\n' "$name" "$name" \
    >"$folder/one.c"
  "$cc" -std=c11 -Wall -Wextra -Wpedantic -Werror -fsyntax-only -I"$include" "$folder/one.c" ||
    { echo "$name: not as C"; failed=1; }
  if [ -n "$cxx" ]; then
    "$cxx" -x c++ -std=c++11 -Wall -Wextra -Wpedantic -Werror -fsyntax-only -I"$include" \
      "$folder/one.c" || { echo "$name: not as C++"; failed=1; }
  fi
done
exit $failed
