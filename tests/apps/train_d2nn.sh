#!/bin/sh
# onn train d2nn on the digits: the run folder, resuming, damaged copies, predicting, wrong options. $2 makes images.
. "$(dirname "$0")/expect.sh"
make_image=$2
# Small and near, so that all of this takes seconds.
small='train d2nn --device c --layers 2 --size 24 --distance 3.5e-3 --lr 0.05 --seed 5'

# A run, whole: files, rows, texts.
expect 0 $small --epochs 4 --out run
silent
has run config.json metrics.csv best.npz last.npz confusion.csv efficiency.csv
says '2 phase plates, 24 x 24'
says 'the image takes 12 x 12'
says 'epoch 4/4'
says 'report accuracy'
says 'of the light arrives in the right region'
accuracy=$(sed -n 's/^report accuracy \([0-9]*\).*/\1/p' out)
[ "$accuracy" -ge 50 ] || fail "$what: report accuracy $accuracy %"
if command -v gnuplot >/dev/null; then
	has run loss.svg accuracy.png plates.png light.png confusion.png
	[ ! -e run/amplitudes.png ] || fail 'amplitudes of phase plates are drawn'
fi
# Every test image is counted once; light is neither lost from nor added to a column.
[ "$(head -1 run/confusion.csv)" = label,0,1,2,3,4,5,6,7,8,9 ] || fail "confusion.csv begins $(head -1 run/confusion.csv)"
awk -F, 'NR > 1 { for (i = 2; i <= NF; i++) n += $i; right += $NR } END { exit !(n == 360 && NR == 11) }' \
	run/confusion.csv || fail "confusion.csv: $(cat run/confusion.csv)"
awk -F, 'NR > 1 && !($3 > 0 && $3 < 1) { exit 1 } $1 == "all" { n = $2 } END { exit !(n == 360 && NR == 12) }' \
	run/efficiency.csv || fail "efficiency.csv: $(cat run/efficiency.csv)"
said=$(sed -n 's/^all test images: \([0-9.]*\) % right.*/\1/p' out)
counted=$(awk -F, 'NR > 1 { right += $(NR) } END { printf "%.2f", right / 3.6 }' run/confusion.csv)
[ "$said" = "$counted" ] || fail "said $said % right, confusion.csv has $counted %"

# Finished, resumed, another network's run. What a run lacks that was killed behind its last checkpoint it gets.
cp -r run finished
rm -f run/*.csv run/*.png run/*.svg
printf 'half' >run/.onn-0123456789abcdef.tmp
expect 0 train d2nn --out run --resume
says 'finished'
same run/last.npz finished/last.npz
for file in confusion.csv efficiency.csv metrics.csv; do
	same "run/$file" "finished/$file"
done
[ "$(ls -A run)" = "$(ls -A finished)" ] || fail "a finished run resumed has $(ls -A run)"
expect 1 train mlp --out run --resume
errs 'holds a run of onn train d2nn'
expect 1 train d2nn --out run --resume --distance 6mm
errs "--distance is 6mm, and the run in run began with "
expect 1 train d2nn --out run --resume --epochs 9 --layers 9
errs '--layers is 9, and the run in run began with '
expect 0 $small --quiet --epochs 2 --out longer
expect 0 train d2nn --quiet --out longer --resume --epochs 4
same longer/last.npz finished/last.npz
same longer/best.npz finished/best.npz

# A stop with random shifts: what goes on ends as if never stopped.
shifted="$small --misalign 2e-4 --epochs 30"
expect 0 $shifted --quiet --out whole
# shellcheck disable=SC2086
stop TERM 0.5 $shifted
same stopped/last.npz whole/last.npz

# Every other option, and two seeds.
expect 0 $small --quiet --epochs 1 --encoding phase --modulation complex --detection differential --loss mse \
	--sa-od 1 --isat 0.5 --gradient probe --padding 8 --pitch 3e-4 --wavelength 6e-4 --precision f64 \
	--optimizer sgd --schedule cosine --init-std 0.3 --seeds 2 --out other
has other summary.json seed-5/confusion.csv seed-6/confusion.csv
for word in '"phase"' '"complex"' '"differential"' '"mse"' '"f64"' '"approximate"' 0.0003 0.0006 '"sgd"'; do
	grep -qF -e "$word" other/config.json || fail "config.json lacks $word: $(cat other/config.json)"
done
if command -v gnuplot >/dev/null; then
	has other/seed-5 amplitudes.png
fi
# Plates that amplify are told; bound ones do not.
for modulation in complex passive; do
	expect 0 $small --epochs 2 --lr 0.3 --modulation $modulation --out $modulation
	grep 'light' out >trained
	expect 0 eval $modulation --device c
	if [ $modulation = complex ]; then
		says '% of the light that came in arrives in the right region, behind plates that amplify up to'
	else
		says '% of the light arrives in the right region'
	fi
	grep -qF -e "$(grep light out)" trained || fail "$what: says $(grep light out), training $(cat trained)"
done
expect 0 $small --quiet --epochs 1 --slm-levels 4
expect 0 $small --quiet --epochs 1 --profile
[ "$(wc -l <out)" -gt 3 ] || fail "--profile prints no table: $(cat out)"

# A gap that is longer than its transfer function is sampled for is told, a shorter one is not.
expect 0 $small --epochs 1 --distance 3e-3
grep -q 'sampled too coarsely' err && fail "$what: says a fine gap is too long"
expect 0 $small --epochs 1 --distance 0.5 --quiet
errs 'WARNING: the space behind plate 1 is sampled too coarsely: asm samples H to z ='
padding=$(sed -n 's/.*padding of \([0-9]*\) pixels is enough.*/\1/p' err)
expect 0 $small --epochs 1 --distance 0.02 --quiet
padding=$(sed -n 's/.*padding of \([0-9]*\) pixels is enough.*/\1/p' err)
[ -n "$padding" ] || fail "$what: names no padding: $(cat err)"
expect 0 $small --epochs 1 --distance 0.02 --quiet --padding "$padding"
grep -q 'sampled too coarsely' err && fail "$what: the padding that was named is not enough"
expect 0 $small --epochs 1 --distance 0.02 --quiet --padding "$((padding - 1))"
errs 'sampled too coarsely'

# eval agrees with the training, and damage is drawn the same again.
expect 0 eval finished --device c
best=$(awk -F, 'NR > 1 && $3 >= top { top = $3; report = $4 } END { printf "%.2f", 100 * report }' finished/metrics.csv)
says "report half $best %"
light=$(awk -F, '$1 == "all" { printf "%.2f", 100 * $3 }' finished/efficiency.csv)
says "$light % of the light arrives in the right region"
expect 0 eval finished --device c --threads 1
sound=$(head -1 out)
for damage in '--misalign 4e-4' '--phase-noise 0.5' '--slm-levels 3' '--weight-noise 0.5' '--shot-photons 1000 --read-noise 1'; do
	# shellcheck disable=SC2086
	expect 0 eval finished --device c $damage
	cp out first
	[ "$(head -1 out)" = "$sound" ] || fail "$what: the sound network has another accuracy: $(cat out)"
	says 'damaged copy 1: accuracy'
	# shellcheck disable=SC2086
	expect 0 eval finished --device c $damage
	same out first
done
expect 0 eval finished --device c --phase-noise 1 --copies 3
says '3 damaged copies: accuracy'
[ "$(grep '^damaged' out | cut -d: -f2 | sort -u | wc -l)" -gt 1 ] || fail "$what: copies are equal: $(cat out)"
expect 2 eval finished --read-noise 1
errs '--shot-photons'
expect 2 eval finished --copies 3
errs '--copies goes with errors'
expect 0 train mlp --quiet --device c --hidden 8 --epochs 1 --out mlp
expect 2 eval mlp --device c --misalign 1e-4
errs '--misalign goes with a network that has a layer plate; that of mlp has none'
expect 2 eval other/seed-5 --device c --slm-levels 8
errs '--slm-levels goes with plates of phase; those of other/seed-5 are complex'

# predict: image 0 of the test set.
label=$("$make_image" digits 0 zero.png zero.npy)
expect 0 $small --quiet --epochs 12 --out good
expect 0 predict good zero.npy --device c
[ "$(head -1 out)" = "class $label" ] || fail "a trained network takes a $label for $(head -1 out)"
[ "$(wc -l <out)" = 11 ] || fail 'predict does not print ten outputs'
"$make_image" blank 9 wide.png wide.npy
expect 1 predict good wide.npy
errs '9 x 8; expected 8 x 8'

# Wrong values: the option or the number is named.
wrong() { # OPTION VALUE EXPECTED
	expect 2 train d2nn "--$1" "$2"
	errs "--$1 is '$2'; expected $3"
}
wrong layers 0 'a whole number from 1'
wrong layers 33 'a whole number from 1 to 32'
wrong size 1 'a whole number from 2'
wrong pitch -1 'a length above 0'
wrong pitch nan 'a length above 0'
wrong wavelength 0 'a length above 0'
wrong wavelength 750 'a unit: 750nm, or 750m where that is meant'
wrong pitch 8 'a unit: 8um, or 8m where that is meant'
wrong distance -1e-3 'a length above 0'
wrong encoding color 'one of amplitude, phase'
wrong modulation polarisation 'one of phase, complex, passive, amplitude'
wrong detection plane 'one of plain, differential (the nearest is plain)'
wrong loss nll 'one of softmax, mse'
wrong sa-od -1 'a number of at least 0'
wrong misalign -1 'a length of at least 0'
wrong slm-levels 1 'a whole number from 2'
wrong padding -1 'a whole number from 0'
expect 2 train d2nn --hidden 8
errs "unknown option '--hidden'"
expect 1 $small --slm-levels 4 --modulation complex --out never
errs '4 levels of complex plates'
expect 1 train d2nn --size 3 --out never
errs 'regions of 1 x 1'
[ ! -e never ] || fail 'a failed run made a folder'
# A device that takes steps before they are done: the rate that is told is of those that are.
if "$onn" devices --device opencl-pure >/dev/null 2>&1; then
	expect 0 train d2nn --size 40 --distance 9mm --device opencl-pure --epochs 2 --log-every 0.001
	awk '$1 == "epoch" && $3 == "loss" && $2 == "1/2" { for (i = 1; i <= NF; i++) if ($(i + 1) == "s") took = $i }
		$1 == "epoch" && $2 == "2/2" && $3 == "step" && $6 ~ /^steps/ { n++; split($4, of, "[/,]"); most = $5 > most ? $5 : most }
		END { if (!n || most * took > 2 * of[2]) { print n, "rates, at most", most, "of", of[2], "steps in", took; exit 1 } }' \
		out >rates || fail "$what: $(cat rates): $(grep '^epoch' out | head -12)"
fi
finish
