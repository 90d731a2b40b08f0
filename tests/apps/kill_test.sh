#!/bin/sh
# kill_test.sh ONN [N [DEVICE]]: kills a training run N times (default 200) with SIGKILL at random moments,
# resumes it after each, and compares each finished run with one that was never stopped, byte by byte.
set -u
onn=$(cd "$(dirname "$1")" && pwd)/$(basename "$1") || exit 1
kills=${2:-200}
device=${3:-c}
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' INT TERM
cd "$folder" || exit 1
unset ONN_DEVICE ONN_THREADS

# The network is small and writes checkpoints often: that is when a kill can do harm.
# A gnuplot that writes how figures end and no more: the real one would take longer than the training.
mkdir bin
printf '#!/bin/sh\nprintf "</svg>IEND\\256B\\140\\202"\n' >bin/gnuplot
chmod +x bin/gnuplot
PATH=$folder/bin:$PATH
options="train mlp --device $device --threads 2 --hidden 64 --epochs 25 --seed 11 --quiet --out"

broken() {
	echo "kill_test: $*" >&2
	exit 1
}

start=$(date +%s%N)
"$onn" $options whole >log 2>&1 || broken "the whole run failed: $(cat log)"
took=$((($(date +%s%N) - start) / 1000000))

# A moment from the start of the process to the end of a whole run, in seconds.
moment() { od -An -N4 -tu4 /dev/urandom | awk -v ms="$took" '{ printf "%.3f", ms / 1000 * ($1 / 4294967296) }'; }

killed=0
resumed=0
runs=0
while [ "$killed" -lt "$kills" ]; do
	rm -rf part
	resume=
	while :; do
		[ -z "$resume" ] || resumed=$((resumed + 1))
		# The run may be done before the kill comes: its exit code is 0 then.
		"$onn" $options part $resume >log 2>&1 &
		process=$!
		sleep "$(moment)"
		kill -9 $process 2>/dev/null
		wait $process 2>/dev/null
		code=$?
		[ "$code" != 0 ] || break
		[ "$code" = 137 ] || broken "after $killed kills: exit code $code: $(cat log)"
		killed=$((killed + 1))
		[ "$killed" -lt "$kills" ] || break
		# A run that was killed before its first checkpoint starts anew.
		resume=
		[ ! -e part/last.npz ] || resume=--resume
	done
	if [ "$code" != 0 ]; then
		resume=
		[ ! -e part/last.npz ] || resume=--resume
		[ -z "$resume" ] || resumed=$((resumed + 1))
		"$onn" $options part $resume >log 2>&1 || broken "after $killed kills: $(cat log)"
	fi
	for file in last.npz best.npz; do
		cmp -s whole/$file part/$file || broken "after $killed kills $file differs"
	done
	cut -d, -f1-4 whole/metrics.csv >a
	cut -d, -f1-4 part/metrics.csv >b
	cmp -s a b || broken "after $killed kills metrics.csv differs: $(diff a b)"
	runs=$((runs + 1))
done
echo "kill_test: $killed kills, $resumed resumed from a checkpoint; $runs runs ended as one that never stopped"
