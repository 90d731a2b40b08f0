#!/bin/sh
# links.sh FOLDER: what installed documents link to, within the package, is installed.
set -eu
cd "$1"
found=0 failed=0
for document in *.md docs/*.md; do
  for link in $(sed -n 's/](/\n](/gp' "$document" | sed -n 's/^](\([^):# ]*\)[#)].*/\1/p'); do
    found=$((found + 1))
    [ -e "$(dirname "$document")/$link" ] || {
      echo "$document links to $link, which is not there"
      failed=1
    }
  done
done
[ "$found" -gt 20 ] || {
  echo "only $found links found"
  failed=1
}
exit $failed
