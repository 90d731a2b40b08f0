#!/bin/sh
# examples.sh ONN MAKE_IMAGE SOURCE: onn examples lists all examples of the source tree, copies them to the byte, and leaves
# what is there already.
. "$(dirname "$0")/expect.sh"
source=$3

expect 0 examples
silent
says 'c/airy.c                 the focus of a lens and its rings, against theory'
says 'python/lens.py '
says 'systems/4f.json '
says 'networks/hybrid.json '
grep -q 'example\.h\|grid\.png' out && fail "$what: what others read is listed: $(cat out)"
lines=$(wc -l <out)
expect 0 examples --json
says '"name":	"c/airy.c"'
[ "$(grep -c '"shows"' out)" = "$lines" ] || fail "$what: not $lines examples"

# A folder that is made, within one that is made.
expect 0 examples 'of mine/examples'
silent
says 'of mine/examples/README.md says how to run them'
from() { # FOLDER SOURCE...: each of these files is there to the byte
	to=$1
	shift
	for file in "$@"; do
		same "$file" "of mine/examples/$to/$(basename "$file")"
	done
}
from c "$source"/apps/examples/*.[ch]
from python "$source"/docs/examples/*.py
from systems "$source"/apps/examples/systems/*
from digits "$source"/apps/examples/digits/*
from networks "$source"/data/*.json
# Row 0 is the top of a picture, where y is least: imshow's extent is left, right, bottom, top.
grep -HnE 'extent=\(-([^,]+), \1, -\1, \1\)|x\[0\], x\[-1\]\)' "$source"/docs/examples/*.py && fail 'y or x upwards'
same "$source/apps/examples/README.md" 'of mine/examples/README.md'
expect 0 simulate 'of mine/examples/systems/4f.json' --out seen --device c
expect 0 show 'of mine/examples/networks/hybrid.json'

# What is there already stays, and nothing else is written.
mkdir -p kept/c
echo mine >kept/c/talbot.c
expect 1 examples kept
errs 'kept/c/talbot.c is there already; nothing was copied'
[ "$(cat kept/c/talbot.c)" = mine ] || fail "$what: wrote over a file"
[ "$(find kept -type f | wc -l)" = 1 ] || fail "$what: left $(find kept)"
: >file
expect 1 examples file
errs 'file'
expect 1 examples file --json
[ -s out ] && fail "$what: printed $(cat out)"
expect 2 examples ''
errs "expected the name of a folder"
expect 2 examples a b
errs "unexpected argument 'b'"
finish
