#!/bin/sh
# layer.sh SOURCE INCLUDE FOLDER COMPILER: the layer of docs/adding-a-layer.md compiles as a file of the library, and of a
# program that has the public headers alone.
set -eu
source=$1 include=$2 folder=$3 cc=$4
mkdir -p "$folder"
# shellcheck disable=SC2016 # backquotes of Markdown
sed -n '/^```c$/,/^```$/{/^```/d;p;}' "$source/docs/adding-a-layer.md" >"$folder/power.c"
grep -q onn_power_layer "$folder/power.c"
"$cc" -std=c11 -Wall -Wextra -Wpedantic -Werror -fsyntax-only -I"$source/src" -I"$source/include" -I"$include" "$folder/power.c"
"$cc" -std=c11 -Wall -Wextra -Wpedantic -Werror -fsyntax-only -I"$source/include" -I"$include" "$folder/power.c"
