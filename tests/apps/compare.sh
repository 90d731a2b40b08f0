#!/bin/sh
# onn compare: a table of runs and what is not alike in them, a figure, a page that needs no other file.
. "$(dirname "$0")/expect.sh"
net='train mlp --device c --hidden 16 --epochs 3 --quiet'
expect 0 $net --out a
expect 0 $net --lr 5e-3 --out b
accuracy=$(sed -n 's/^report accuracy \([0-9.]*\) %.*/\1/p' out)
expect 0 compare a b
silent
grep -q '^run  *epochs  *best_epoch  *train_loss .* training.lr$' out || fail "$what: $(head -1 out)"
grep -q "^b  *3 .*$accuracy %.* 0.005$" out || fail "$what: not $accuracy % in the line of b: $(cat out)"
[ "$(wc -l <out)" = 3 ] || fail "$what: $(cat out)"
# The best epoch is the one that training kept.
best=$(awk -F, 'NR > 1 && $3 >= most { most = $3; at = $1 } END { print at }' b/metrics.csv)
expect 0 compare a b --csv both.csv
[ "$(awk -F, '$1 == "b" { print $3 }' both.csv)" = "$best" ] || fail "$what: not epoch $best: $(cat both.csv)"
[ "$(head -1 both.csv)" = run,epochs,best_epoch,train_loss,selection_accuracy,report_accuracy,seconds,training.lr ] ||
	fail "$what: $(head -1 both.csv)"
expect 0 compare a b --json
says '"training.lr":	"0.005"'

# Of a network of another kind the table has what both have, and its width; the file has all.
expect 0 train d2nn --device c --size 16 --layers 2 --distance 5mm --epochs 1 --quiet --out light
expect 0 compare a light --csv kinds.csv
[ "$(awk 'length > most { most = length } END { print most }' out)" -le 150 ] || fail "$what: $(cat out)"
grep -q 'training.lr' out || fail "$what: $(head -1 out)"
says 'settings are not of all runs; --csv and --json have them'
grep -q '^run,.*,training.lr,.*mlp.hidden,.*d2nn.layers' kinds.csv || fail "$what: $(head -1 kinds.csv)"

expect 0 compare a b --report both.html
for word in 'To repeat it' 'onn train mlp --config config.json' '<td>0.005</td>' '&quot;optimizer&quot;'; do
	grep -qF "$word" both.html || fail "$what: both.html lacks $word"
done
# Nothing of it is fetched.
grep -oE '(src|href)="[^"]{0,5}' both.html | grep -v '"data:' && fail "$what: both.html names other files"
if command -v gnuplot >/dev/null; then
	expect 0 compare a b --plot both.svg
	has . both.svg
	# Curves that coincide: one is wide, the other dashed above it.
	cp -r a twin
	expect 0 compare a twin --plot twin.svg
	grep "stroke='rgb(213, *94, *0)'" twin.svg | grep -q stroke-dasharray ||
		fail "$what: curves that coincide hide each other"
	grep -q '<svg' both.html || fail "$what: both.html has no curves"
	[ ! -e both.html.svg ] || fail "$what: both.html.svg is left"
	# The settings on the page make the same run again.
	sed -n '/<details/,/<\/pre>/p' both.html | sed '1d; s/^<pre>//; s/<\/pre>.*//; s/&quot;/"/g' |
		sed '/^}$/q' >again.json
	expect 0 train mlp --config again.json --quiet --out again
	same again/best.npz a/best.npz
fi

expect 0 design --device c --size 16 --plates 2 --steps 4 --quiet --out plates
expect 0 design --device c --size 16 --plates 3 --steps 5 --quiet --out more
expect 0 compare plates more --report plates.html
grep -q '^more  *5 .* 3' out || fail "$what: $(cat out)"
for word in 'onn design --config config.json' 'the space behind a plate: sampled'; do
	grep -q "$word" plates.html || fail "$what: plates.html lacks $word"
done
if [ -s plates/sheet.png ]; then
	grep -o 'data:image/png;base64,[A-Za-z0-9+/=]*' plates.html | head -1 | sed 's/.*base64,//' | base64 -d >sheet.png
	same sheet.png plates/sheet.png
fi

# A folder of several seeds or of a list of runs is all of them.
expect 0 train mlp --device c --hidden 16 --epochs 1 --quiet --seed 9 --seeds 2 --out seeds
expect 0 train mlp --device c --hidden 16 --lr 1e-2,1e-3 --epochs 1 --quiet --out list
expect 0 compare a seeds list --csv all.csv
[ "$(cut -d, -f1 all.csv | tr '\n' ' ')" = 'run a seeds/seed-9 seeds/seed-10 list/lr=0.001 list/lr=0.01 ' ] ||
	fail "$what: $(cat all.csv)"

# What onn simulate left: a row for each camera, of scans for each value too, and settings that are not alike.
echo '{"grid": 64, "pitch": "20um", "wavelength": "532nm", "layers": [{"layer": "plane", "radius": "0.3mm"},
	{"layer": "camera", "name": "near"}, {"layer": "lens", "f": "60mm"}, {"layer": "space", "distance": "60mm"},
	{"layer": "camera", "name": "focus"}]}' >lens.json
for f in 50 60; do
	expect 0 simulate lens.json --set lens.f=${f}mm --device c --out lens$f
	expect 0 simulate lens.json --set lens.f=${f}mm --device c --scan space.distance=40mm:80mm:5 --out scan$f
done
peak=$(awk -F, '$1 == "focus" { printf "%.6g", $7 }' lens60/cameras.csv)
expect 0 compare lens50 lens60 --csv lenses.csv --report lenses.html
silent
says 'peak, arb. units'
grep -q "^lens60  *focus  *6 cm .* $peak .* 6 cm$" out || fail "$what: not $peak in the line of lens60: $(cat out)"
[ "$(wc -l <out)" = 5 ] && [ "$(wc -l <lenses.csv)" = 5 ] || fail "$what: $(cat out)"
[ "$(head -1 lenses.csv | sed 's/.*,//')" = lens.f ] || fail "$what: $(head -1 lenses.csv)"
for word in '<td>focus</td>' 'peak, arb. units' '<th>lens.f</th>' 'onn simulate system.json' 'focus.png, intensity over its peak'; do
	grep -qF "$word" lenses.html || fail "$what: lenses.html lacks $word"
done
expect 0 compare lens50 lens60 --json
says '"lens.f":	"5 cm"'
expect 0 compare scan50 scan60 --csv scans.csv
[ "$(wc -l <scans.csv)" = 21 ] || fail "$what: $(cat scans.csv)"
grep -q '^scan60,0.06,focus,0.06,' scans.csv || fail "$what: $(cat scans.csv)"
if command -v gnuplot >/dev/null; then
	grep -q '<svg' lenses.html || fail "$what: lenses.html has no curves"
	expect 0 compare lens50 lens60 --plot lenses.svg
	grep -q 'lens50' lenses.svg || fail "$what: lenses.svg has no names of folders"
	expect 0 compare scan50 scan60 --plot scans.svg
	grep -q 'space.distance / mm' scans.svg && grep -q 'scan60, focus' scans.svg || fail "$what: scans.svg has no axis, or no names"
fi
expect 1 compare lens50 scan50
errs 'lens50 is one run and scan50 a scan of space.distance; expected single runs, or scans of one number'
expect 1 compare a lens50
errs 'lens50 is of onn simulate, and a is not; expected runs of one kind'
mkdir torn
cp lens50/system.json torn
sed '3s/,.*/,1/' lens50/cameras.csv >torn/cameras.csv
expect 1 compare torn lens50 --csv none.csv --report none.html
errs 'torn/cameras.csv: line 3 is not that of a table of cameras; expected what onn simulate --out writes'
[ ! -e none.csv ] && [ ! -e none.html ] || fail "$what: it has written"

expect 1 compare a plates
errs 'a is a training and plates a design'
expect 1 compare a nothing
errs 'nothing has no config.json'
expect 2 compare
errs 'expected RUN...'
expect 2 compare a --report page.txt
errs "--report is 'page.txt'"
mkdir broken
cp a/config.json broken
printf 'epoch,train_loss,selection_accuracy,report_accuracy,seconds\n1,2\n' >broken/metrics.csv
expect 1 compare a broken
errs 'broken/metrics.csv: line 2 is not that of a run; expected 5 numbers'
finish
