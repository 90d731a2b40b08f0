#!/bin/sh
# cpp.sh main.cpp prefix libdir folder: an outside program in C++ compiles without a warning by each compiler that is here,
# as each standard from C++11 on, and runs.
set -eu
main=$1 prefix=$2 libdir=$3 folder=$4
rm -rf "$folder"
mkdir -p "$folder"
tried=0
for compiler in c++ clang++; do
  command -v "$compiler" >/dev/null || continue
  for standard in c++11 c++17 c++20; do
    "$compiler" -std=$standard -Wall -Wextra -Wpedantic -Wshadow -Wold-style-cast -Wconversion -Werror -I"$prefix/include" \
      "$main" -L"$prefix/$libdir" -lonn -o "$folder/main"
    LD_LIBRARY_PATH=$prefix/$libdir "$folder/main"
    tried=$((tried + 1))
  done
done
[ "$tried" -gt 0 ] || exit 77
