#!/bin/sh
# onn reproduce: results that are built in and one of the user's, ended and gone on with, and what is wrong with them.
. "$(dirname "$0")/expect.sh"

# What there is, and what it takes here; the text of one is there to make another of it.
expect 0 reproduce --list response fidelity noise --device c
silent
says '  repeats    what a thin absorber of optical depth 10 gives'
says '  source     Guo et al., Photonics Research 9, B71 (2021)'
says '  published  at an amplitude of 2'
says '--quick '
grep -q '^  takes      some [0-9]' out || fail "$what: no time: $(cat out)"
[ ! -e runs ] || fail "$what leaves a folder"
expect 0 reproduce mlp-depth --json
says '"name":	"mlp-depth"'
cp out depth.json
sed 's/"mlp-depth"/"depth"/' depth.json >own.json
expect 0 reproduce --list --from own.json
says 'depth'

# The manual's example is one, and of data that are not there no time can be told.
sed -n '/^```json$/,/^```$/p' "$here/../../docs/reproducing.md" | grep -v '^```' >manual.json
expect 0 reproduce --list --from manual.json --device c
says 'accuracy against the width of the hidden layer'
sed 's/"digits"/"none.npz"/' manual.json >none.json
expect 0 reproduce --list --from none.json --device c
says 'a time that cannot be told: none.npz'

# A result without training: what the formulas give, and a figure.
expect 0 reproduce response --device c --out a
silent
says '| exact derivative | 2 | 0.956487 | 0.956487 |'
has a/response table.csv table.md runs.csv
if command -v gnuplot >/dev/null; then
	has a/response plot.svg plot.png
	grep -q 'optical probe' a/response/plot.svg || fail 'plot.svg lacks a series'
fi
awk -F, 'NR > 1 && ($4 - $3 > 1e-10 || $3 - $4 > 1e-10) { exit 1 }' a/response/table.csv ||
	fail 'response is not what its formulas say'
expect 0 reproduce sesam two-pi-pulse --device c --out a --quiet
says '| even beam | 1 | 82.11 % | 82.11 % | 0.00 | |'
awk -F, 'NR > 1 && ($4 - $3 > 2e-6 || $3 - $4 > 2e-6) { exit 1 }' a/sesam/table.csv ||
	fail "sesam is not what Haiml's formula says: $(head -3 a/sesam/table.csv)"

# One of the user's, on the digits that come along: series, an axis, seeds; measured in three ways.
cat >small.json <<'END'
{
	"name": "small",
	"title": "absorbers on digits",
	"source": "none",
	"quick": {"note": "1 epoch", "points": 2, "set": {"training.seeds": 1}},
	"data": {"dataset": "digits", "train": 800},
	"network": {"layers": [
		{"layer": "flatten"}, {"layer": "linear", "outputs": 24}, {"layer": "absorber"},
		{"layer": "linear", "outputs": 10}]},
	"training": {"lr": 0.005, "seeds": 2},
	"x": {"label": "epochs", "set": "training.epochs", "values": [1, 2, 4, 6], "log": true},
	"y": {"label": "part", "percent": true},
	"series": [
		{"name": "exact", "set": {"network.layers.absorber.gradient": "exact"}, "published": [null, null, null, 0.9]},
		{"name": "probe, 5 % of noise", "set": {"measure": "accuracy", "evaluation.weight_noise": 0.05, "copies": 2}},
		{"name": "cosine", "set": {"measure": "cosine", "weight": "w0", "images": 100}},
		{"name": "linear", "flat": true, "set": {"network": {"model": "mlp", "hidden": []}, "training.epochs": 2}}
	]
}
END
own='reproduce --from small.json --device c --threads 2'
expect 0 $own --out whole
silent
says ' of 18, '
says '| exact | 6 | 90.00 % |'
has whole/small table.csv table.md runs.csv
[ "$(ls whole/jobs | wc -l)" = 18 ] || fail "$what: $(ls whole/jobs | wc -l) trainings"
awk -F, '$1 == "\"exact\"" && $2 == 6 { found = $4 > 0.5 && $5 > 0 && $6 == 2 } END { exit !found }' \
	whole/small/table.csv || fail "$what: $(cat whole/small/table.csv)"
awk -F, '$1 == "\"cosine\"" && !($4 > 0.2 && $4 <= 1) { exit 1 }' whole/small/table.csv ||
	fail "$what: no cosine: $(cat whole/small/table.csv)"
# The training of six epochs goes on from that of four, and is what it would have been alone.
last=$(awk -F, '$1 == "\"exact\"" && $2 == 6 && $3 == 0 { print $5 }' whole/small/runs.csv)
sed 's/\[1, 2, 4, 6\]/[6]/; s/\[null, null, null, 0.9\]/[0.9]/; s/"points": 2, //' small.json >alone.json
expect 0 reproduce --from alone.json --device c --threads 2 --quiet --out alone
same "alone/$last/last.npz" "whole/$last/last.npz"
# Quick is another table, of the same trainings where they are the same.
cp -r whole quick
expect 0 $own --quick --out quick
says 'Quick: 1 epoch.'
[ "$(ls quick/jobs | wc -l)" = 18 ] || fail "$what trains what is trained"
[ "$(wc -l <quick/small/table.csv)" = 8 ] || fail "$what: $(cat quick/small/table.csv)"

# On how many threads and how many at once: the tables are the same, and for as many threads each all that is trained.
grep -q '"threads":	1,' whole/jobs/*/config.json || fail 'two at once do not share the threads out'
expect 0 $own --jobs 1 --quiet --out single
silent
for file in table.csv table.md runs.csv; do
	same whole/small/$file single/small/$file
done
grep -q '"threads":	1,' single/jobs/*/config.json && fail 'one at a time leaves threads idle'
each='reproduce --from small.json --device c --threads 1' # one each, as in whole

# One training that two cells name in other words is done once, and one waits for the other.
sed 's/"absorber.gradient": "exact"}/x/; s/"name": "linear", .*}/"name": "same", "set": {"network.input_maximum": 1, "network.layers.absorber.gradient": "exact"}}/' \
	small.json >twice.json
expect 0 reproduce --from twice.json --device c --threads 4 --jobs 4 --quiet --out twice
silent
[ "$(grep -c "$last" twice/small/runs.csv)" = 2 ] || fail "$what: $(cat twice/small/runs.csv)"
expect 2 $own --jobs -1 --out never
errs '--jobs'

# Done again nothing changes; killed at any moment it goes on, to the same bytes.
files='table.csv table.md runs.csv'
command -v gnuplot >/dev/null && files="$files plot.svg plot.png"
compare() {
	for file in $files; do
		same "whole/small/$file" "$1/small/$file"
	done
	for run in whole/jobs/*; do
		for file in "$run"/last.npz "$run"/best.npz "$run"/*-*.json; do
			same "$file" "$1/jobs/${run##*/}/${file##*/}"
		done
	done
	left=$(find "$1" -name '.onn-*')
	[ -z "$left" ] || fail "$what leaves $left"
}
cp -r whole again
expect 0 $own --out again --quiet
grep -q '^small: training' out && fail "$what is not quiet"
compare again
killed=0
for pause in 0.02 0.05 0.1 0.15 0.2 0.3 0.05 0.1 0.4 0.2; do
	"$onn" $own --out part >out 2>err &
	process=$!
	sleep $pause
	kill -9 $process 2>/dev/null && killed=$((killed + 1))
	wait $process 2>/dev/null
done
[ "$killed" -gt 2 ] || fail "only $killed of 10 were killed"
expect 0 $own --out part --quiet
compare part
# The same of many at once, gone on with one by one.
killed=0
for pause in 0.02 0.05 0.1 0.15 0.2 0.3 0.05 0.1; do
	"$onn" $each --jobs 4 --out many >out 2>err &
	process=$!
	sleep $pause
	kill -9 $process 2>/dev/null && killed=$((killed + 1))
	wait $process 2>/dev/null
done
[ "$killed" -gt 2 ] || fail "only $killed of 8 were killed with many at once"
expect 0 $each --jobs 1 --out many --quiet
compare many
# A signal that asks to stop is heard, and says how to go on.
code=0
for pause in 0.3 0.15 0.1 0.07 0.05; do
	rm -rf stopped
	timeout --foreground --preserve-status -s INT $pause "$onn" $own --out stopped >out 2>err
	code=$?
	[ $code = 130 ] && break
done
what="onn $own, SIGINT"
[ $code = 130 ] || fail "$what: exit code $code: $(cat err)"
errs 'stopped by a signal; what is trained and measured is kept in stopped. Go on with:'
# shellcheck disable=SC2046
expect 0 $(sed -n 's/^  onn //p' err)
compare stopped

# Two in one folder: the second is refused.
sed 's/\[1, 2, 4, 6\]/[500, 600, 700, 800]/' small.json >long.json
"$onn" reproduce --from long.json --device c --out busy >log 2>&1 &
process=$!
for try in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	[ -n "$(ls busy/jobs 2>/dev/null)" ] && break
	sleep 0.1
done
expect 1 reproduce response --out busy
errs 'busy is in use by another run'
kill -9 $process
wait $process 2>/dev/null
expect 0 reproduce response --out busy --quiet

# A set that is not there: that result fails by name of file and place, the others go on.
mkdir empty
expect 1 reproduce fidelity response --data-dir empty --out gap --device c
errs 'onn reproduce: fidelity, first weights, 1: mnist lacks files; get train-images-idx3-ubyte'
errs 'fidelity: 140 values are missing: mnist lacks files'
says '| exact derivative | 2 | 0.956487 | 0.956487 |'
says '| first weights | 1 |  | - | | |'

# Wrong names, and wrong results of one's own.
expect 2 reproduce
errs 'expected the name of a result'
expect 2 reproduce mpl-depth
errs "there is no result 'mpl-depth'; the nearest is 'mlp-depth'"
expect 2 reproduce response --seeds -1
errs '--seeds'
expect 1 reproduce --from missing.json
errs 'missing.json'
wrong() { # SED TEXT
	sed "$1" small.json >wrong.json
	expect 1 reproduce --from wrong.json --out never
	errs "$2"
	[ ! -e never ] || fail "$what leaves a folder"
}
wrong 's/"series": \[/"serie": [/' 'no "series"'
wrong 's/"small"/"jobs"/' '"name" is "jobs"'
wrong 's/"gradient": "exact"/"gradient": "exakt"/; s/layers.absorber.gradient/layers.absorbr.gradient/' \
	'series "exact", x = 1: "network.layers.absorbr.gradient" leads nowhere'
wrong 's/gradient": "exact"/gradient": "exakt"/' 'series "exact", x = 1: layer 3 (absorber): '
wrong 's/"training.epochs", "values"/"training.epoch", "values"/' 'epoch'
wrong 's/"accuracy", "eval/"acuracy", "eval/' '"measure" is "acuracy"; expected one of report, selection'
wrong 's/\[1, 2, 4, 6\]/[1, 2, 4]/' 'series "exact": 4 published values for 3 points'
wrong 's/"log": true}/"log": 1}/' 'x: "log" is not true or false'
wrong 's/"label": "epochs", /"lable": "epochs", /' 'x: there is no member "lable"'
printf '{' >wrong.json
expect 1 reproduce --from wrong.json
errs 'wrong.json: study: the text is not JSON'
finish
