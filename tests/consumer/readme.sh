#!/bin/sh
# readme.sh FILE.md prefix libdir folder compiler: the blocks of C in a document are one program, which compiles and prints
# what the document says.
set -eu
readme=$1 prefix=$2 libdir=$3 folder=$4 cc=$5
rm -rf "$folder"
mkdir -p "$folder"
cp "$(dirname "$0")"/../../apps/examples/systems/*.json "$folder"
# shellcheck disable=SC2016 # backquotes of Markdown
sed -n '/^```c$/,/^```$/{/^```/d;p;}' "$readme" >"$folder/main.c"
"$cc" -std=c11 -Wall -Wextra -Wpedantic -Werror -I"$prefix/include" "$folder/main.c" \
  -L"$prefix/$libdir" -lonn -o "$folder/main"
printed=$(cd "$folder" && LD_LIBRARY_PATH=$prefix/$libdir ./main)
echo "$printed"
grep -qF "It prints \`$printed\`." "$readme" || {
  echo "$readme does not say so"
  exit 1
}
