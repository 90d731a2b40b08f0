#!/bin/sh
# check-files.sh: the form of the files under version control. Formatting is checked where clang-format 14 is there, since
# other versions lay some lines out differently.
set -eu
cd "$(dirname "$0")/.."
if ! git rev-parse --git-dir >/dev/null 2>&1; then
  echo "check-files: not a git checkout, nothing checked"
  exit 0
fi
failed=0

report() {
  if [ -n "$2" ]; then
    printf 'check-files: %s:\n%s\n' "$1" "$2" >&2
    failed=1
  fi
}

texts=$(git ls-files | grep -v '^tests/.*/data/' | grep -E '(^|/)(CMakeLists\.txt|LICENSE|run)$|\.(c|h|cpp|hpp|inc|cl|def|in|cmake|json|sh|py|md|txt|supp)$')
report "what does not belong at the top, such as a test's leavings" "$(git ls-files | cut -d/ -f1 | sort -u |
  grep -vxE '\.[a-z-]+|CHANGELOG\.md|CMakeLists\.txt|CMakePresets\.json|CONTRIBUTING\.md|LICENSE|README\.md|apps|cl|cmake|data|debian|docs|include|pyproject\.toml|python|run-demo\.sh|run-tests\.sh|src|tests' || true)"
# Brackets keep this file from matching itself.
report "paths of one machine" \
  "$(printf '%s\n' "$texts" | xargs grep -nE '(^|[^A-Za-z0-9_.}/-])/(hom[e]|roo[t]|wor[k]|far[m])/' || true)"
report "white space at the end of a line" \
  "$(printf '%s\n' "$texts" | xargs grep -nE '[[:blank:]]+$' || true)"
report "no newline at the end" "$(printf '%s\n' "$texts" | while read -r file; do
  [ -z "$(tail -c 1 "$file")" ] || echo "$file"
done)"
code=$(printf '%s\n' "$texts" | grep -E '\.(c|h|inc|cl|def)$')
report "over 800 lines: look for the second subject" \
  "$(printf '%s\n' "$code" | xargs wc -l | awk '$1 > 800 && $2 != "total"')"
# Tabs are as wide as up to the next multiple of 8; of a character in UTF-8 the first byte counts.
report "lines of over 100 columns" "$(printf '%s\n' "$code" | LC_ALL=C xargs awk '{
  line = $0
  gsub(/[\200-\277]/, "", line)
  while ((tab = index(line, "\t")) > 0)
    line = substr(line, 1, tab - 1) substr("        ", 1, 8 - (tab - 1) % 8) substr(line, tab + 1)
  if (length(line) > 100) print FILENAME ":" FNR ":" $0
}')"

# tests/<area>/test_<stem>.c or test_<stem>_<aspect>.c, where src/<area> or apps/<area>, or a folder within, has a file <stem>.c or
# <stem>.h; the _ of an area is a / of src.
report "tests whose stem is no source's (see CONTRIBUTING.md)" \
  "$(git ls-files --cached --others --exclude-standard 'tests/*/test_*.c' | while read -r file; do
    area=${file#tests/} area=${area%/*}
    stem=${file##*/test_} stem=${stem%.c}
    source=src/$(printf %s "$area" | tr _ /)
    while :; do
      found=$(git ls-files "$source/$stem.[ch]" "$source/*/$stem.[ch]" "apps/$area/**/$stem.[ch]" \
        "apps/$area/$stem.[ch]")
      [ -z "$found" ] && [ "${stem%_*}" != "$stem" ] || break
      stem=${stem%_*}
    done
    case $area in
    train) ;; # not renamed yet
    *) [ -n "$found" ] || echo "$file" ;;
    esac
  done)"

formatter=
for name in clang-format-14 clang-format; do
  if [ -z "$formatter" ] && "$name" --version 2>/dev/null | grep -q 'version 14\.'; then
    formatter=$name
  fi
done
if [ -n "$formatter" ]; then
  bad=$(printf '%s\n' "$code" | grep -v '\.def$' | xargs "$formatter" --dry-run 2>&1 |
    sed -n 's/: warning: .*//p' || true)
  report "not as clang-format -i leaves it" "$bad"
else
  echo "check-files: no clang-format 14, formatting not checked"
fi
exit $failed
