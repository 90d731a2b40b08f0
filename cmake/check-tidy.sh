#!/bin/sh
# check-tidy.sh FOLDER: clang-tidy by .clang-tidy over the library and the programs, and clang's warnings over the tests, too,
# as FOLDER was configured for clang. What only repeats other files for a set of instructions, or wraps a library's text, is
# left out.
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
cmake --build "$1" --target onn_objects_kernels >/dev/null
tidy() {
  xargs -P "$(nproc)" -n 8 "$tidy" -p "$1" --quiet "--checks=$2" 2>/dev/null
}
status=0
git ls-files 'src/*.c' 'apps/*.c' | grep -vE '/(kernels_|vkfft|clfft|peers/)' | tidy "$1" '' || status=1
git ls-files 'tests/*.c' 'tests/*.cpp' | grep -v fuzz_libfuzzer |
  tidy "$1" '-*,clang-diagnostic-*,misc-static-assert' || status=1
exit $status
