#!/bin/sh
# headers.sh include-folder folder compiler: each public header compiles alone and twice, as C11 and, where there is a
# compiler for it, as C++; and so do uses of all their macros, as the strictest C++ of each year.
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

# A macro is compiled only where it is used: each NAME_INIT starts a structure `name`, other values are looked at.
macros() { sed -n "s/^#define \\(ONN_[A-Z0-9_]*\\)$1/\\1/p" "$include"/onn/*.h; }
{
  printf '#include <onn/onn.h>\nint main()\n{\n'
  for start in $(macros '_INIT\([^A-Z0-9_].*\)*$' | sort -u); do
    printf '\t{ %s value = %s_INIT; (void)value; }\n' "$(echo "$start" | tr A-Z a-z)" "$start"
  done
  for name in $(macros '[[:blank:]]\{1,\}[^"\\[:blank:]_].*$' | grep -Ev '_(H|INIT)$' | sort -u); do
    printf '\t{ (void)(%s); }\n' "$name"
  done
  printf '\treturn 0;\n}\n'
} >"$folder/macros.cpp"
for name in ONN_NULL_NODE ONN_PAD_HALF ONN_D2NN_PADDING_HALF ONN_DESIGN_INIT; do
  grep -qw "$name" "$folder/macros.cpp" || { echo "$name is not among the macros looked at"; failed=1; }
done
for compiler in $cxx clang++; do
  command -v "$compiler" >/dev/null || continue
  for standard in c++98 c++11 c++17 c++20; do
    "$compiler" -std=$standard -Wall -Wextra -pedantic-errors -Wold-style-cast -Wconversion -Werror -fsyntax-only \
      -Wno-variadic-macros -Wno-long-long -I"$include" "$folder/macros.cpp" ||
      { echo "macros: not as $standard by $compiler"; failed=1; }
  done
done
exit $failed
