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
