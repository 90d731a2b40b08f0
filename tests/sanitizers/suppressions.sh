#!/bin/sh
# suppressions.sh compiler folder kind library...: a program of the address or thread sanitizer that is linked with the
# libraries starts and ends well with the suppressions of that kind. The sanitizer ends it where it cannot take them.
set -eu
cc=$1 folder=$2 kind=$3
shift 3
here=$(cd "$(dirname "$0")" && pwd)
rm -rf "$folder"
mkdir -p "$folder"
cd "$folder"
# the sanitizer looks at the libraries again when one more is loaded
printf '#include <dlfcn.h>\nint main(void) { return !dlopen("libm.so.6", RTLD_NOW); }\n' >program.c
"$cc" -fsanitize="$kind" program.c -o plain 2>/dev/null || { echo "skipped: no $kind sanitizer"; exit 77; }
# addresses that this kernel places at random may be ones that the sanitizer does not know
setarch=
command -v setarch >/dev/null && setarch -R true 2>/dev/null && setarch='setarch -R'
$setarch ./plain 2>/dev/null || { echo "skipped: a program of the $kind sanitizer does not run here"; exit 77; }
"$cc" -fsanitize="$kind" program.c -o program -Wl,--no-as-needed "$@"
case $kind in
thread) export TSAN_OPTIONS="suppressions=$here/races.txt" ;;
address) export LSAN_OPTIONS="suppressions=$here/leaks.txt" ;;
esac
$setarch ./program
