# Read by the tests of the command: $1 is the command. Each test works in a folder of its own.
set -u
export LC_ALL=C
onn=$1
here=$(cd "$(dirname "$0")" && pwd)
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' INT TERM
cd "$folder" || exit 1
unset ONN_DEVICE ONN_THREADS ONN_DATA_DIR
# A sanitizer's finding is no failure of the kind that a test may expect.
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}exitcode=99"
export UBSAN_OPTIONS="${UBSAN_OPTIONS:+$UBSAN_OPTIONS:}halt_on_error=1:exitcode=99"
failures=0

fail() {
	echo "FAILED: $*" >&2
	failures=$((failures + 1))
}

# run ARGUMENTS: leaves out, err and code.
run() {
	"$onn" "$@" >out 2>err
	code=$?
}

# expect CODE ARGUMENTS: the exit code, and for a failure a text on standard error that starts with "onn".
expect() {
	wanted=$1
	shift
	run "$@"
	what="onn $*"
	[ "$code" = "$wanted" ] || fail "$what: exit code $code, not $wanted: $(head -3 err)"
	if [ "$wanted" != 0 ]; then
		head -1 err | grep -q '^onn' || fail "$what: no message: $(head -1 err)"
	fi
}

# says TEXT, errs TEXT: the last command's output, or its messages, have this line or part of one.
says() { grep -qF -e "$1" out || fail "$what: output lacks '$1': $(head -5 out)"; }
errs() { grep -qF -e "$1" err || fail "$what: messages lack '$1': $(head -5 err)"; }
silent() { [ ! -s err ] || fail "$what: unexpected message: $(head -3 err)"; }

# has FOLDER FILES: they are there, and not empty.
has() {
	in=$1
	shift
	for file in "$@"; do
		[ -s "$in/$file" ] || fail "$what: $in/$file is missing or empty"
	done
}
# same FILE FILE: equal to the byte.
same() { cmp -s "$1" "$2" || fail "$what: $1 and $2 differ"; }

# stop SIGNAL SECONDS ARGUMENTS: a run into the folder `stopped` that the signal ends, after its first checkpoint and before
# its end: some moment near SECONDS is looked for, since machines differ. It has to save, and say how to go on: that is done.
stop() {
	signal=$1 pause=$2
	shift 2
	case $signal in
	INT) stopped=130 ;;
	*) stopped=143 ;;
	esac
	for try in 1 2 3 4 5 6 7 8 9 10; do
		rm -rf stopped
		# timeout starts the command in the foreground: in the background a shell has it ignore SIGINT. With --foreground it
		# sends the signal once: else to the command and to its group, and a second one ends the command at once.
		timeout --foreground --preserve-status -s "$signal" "$pause" "$onn" "$@" --out stopped >out 2>err
		code=$?
		what="onn $*, SIG$signal after $pause s"
		[ "$code" = $stopped ] && [ -s stopped/last.npz ] && break
		factor=1.6
		[ "$code" = 0 ] && factor=0.8
		pause=$(echo "$pause $factor" | awk '{ printf "%.3f", $1 * $2 }')
	done
	[ "$code" = $stopped ] || fail "$what: exit code $code: $(cat err)"
	errs "onn $1"
	errs 'saved'
	errs '--out stopped --resume'
	# The line it printed, as it stands.
	again=$(sed -n 's/^  onn //p' err)
	# shellcheck disable=SC2086
	expect 0 $again
}

finish() {
	[ "$failures" = 0 ] || { echo "$failures failed" >&2; exit 1; }
	exit 0
}
