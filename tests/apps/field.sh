# Read by the tests of fields: $2 is the program that makes and compares them, $command what is tested.
. "$(dirname "$0")/expect.sh"
field=$2

# near A B TOLERANCE
near() {
	found=$("$field" near "$@") || fail "$what: $1 and $2: $found"
}
# value FILE INDEX RE IM TOLERANCE
value() {
	found=$("$field" value "$@") || fail "$what: $1 at $2: $found"
}
shape() {
	found=$("$field" shape "$1")
	[ "$found" = "$2" ] || fail "$what: $1 is $found, not $2"
}
# refuse CODE TEXT ARGUMENTS: and no file.
refuse() {
	wanted=$1 text=$2
	shift 2
	expect "$wanted" $command "$@"
	errs "$text"
	[ ! -e none.npy ] && [ ! -e none.png ] || fail "$what: left a file"
	[ -z "$(ls -A | grep '^\.\|tmp')" ] || fail "$what: left $(ls -A | grep '^\.\|tmp')"
}
