#!/bin/sh
# least.sh FOLDER: the library alone (docs/install.md), with none of the libraries that it can do without, is built without
# warnings into FOLDER, which is emptied, and installed; outside programs in C and C++ are built with it by pkg-config and
# by CMake, link nothing but what it needs, and run.
set -eu
folder=$(realpath -m "$1")
cd "$(dirname "$0")/.."
rm -rf "$folder"
without=$(sed -n 's/^option(\(ONN_WITH_[A-Z0-9]*\) .*/-D\1=OFF/p' cmake/Dependencies.cmake)
# shellcheck disable=SC2086 # options must split
cmake -S . -B "$folder/build" -DCMAKE_BUILD_TYPE=Release -DONN_WERROR=ON -DONN_WITH_COMMAND=OFF -DONN_WITH_PYTHON=OFF $without
cmake --build "$folder/build" --parallel "$(nproc)"
cmake --install "$folder/build" --prefix "$folder/prefix"

library=$(dirname "$(find "$folder/prefix" -name libonn.so)")
libdir=${library#"$folder/prefix/"}
needed=$(LC_ALL=C readelf -d "$library/libonn.so" | sed -n 's/.*(NEEDED).*\[lib\([a-z-]*\).*/\1/p' | sort | tr '\n' ' ')
for name in $needed; do
  case $name in
  c | m | mvec | pthread | dl | z | png | zip | cjson | ld-linux-x) ;;
  *) echo "the least library needs lib$name; expected zlib, libpng, libzip and cJSON alone" && exit 1 ;;
  esac
done
programs=tests/consumer
version=$(sed -n 's/^project(onn VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)
cmake -D SOURCE="$PWD/$programs/find_package" -D BINARY="$folder/find_package" -D PREFIX="$folder/prefix" -D VERSION="$version" \
  -D CC="$(command -v cc)" -P $programs/find_package.cmake
# 77 is a skip, by what is missing.
skippable() { "$@" || [ $? = 77 ]; }
skippable sh $programs/pkg_config.sh $programs/main.c "$folder/prefix" "$libdir" "$folder/pkg_config" cc
skippable sh $programs/cpp.sh $programs/main.cpp "$folder/prefix" "$libdir" "$folder/cpp"
sh $programs/headers.sh "$folder/prefix/include" "$folder/headers" cc
