#!/bin/sh
# Lists of one option: a run for each value, in folders of its own, a table and a figure; what is there goes on.
. "$(dirname "$0")/expect.sh"
loud='train mlp --device c --threads 1 --hidden 16 --epochs 2'
net="$loud --quiet"
expect 0 $net --lr 1e-4:1e-2:3:log --out sweep
has sweep sweep.csv lr=0.0001/best.npz lr=0.001/best.npz lr=0.01/best.npz
[ "$(head -1 sweep/sweep.csv)" = lr,report_accuracy,deviation,selection_accuracy,train_loss,best_epoch ] ||
	fail "$what: sweep.csv begins with $(head -1 sweep/sweep.csv)"
[ "$(cut -d, -f1 sweep/sweep.csv | tr '\n' ' ')" = 'lr 0.0001 0.001 0.01 ' ] || fail "$what: $(cat sweep/sweep.csv)"
command -v gnuplot >/dev/null && has sweep sweep.svg sweep.png
# Accuracies are printed as everywhere else.
says "$(awk -F, '$1 == 0.01 { printf "%.2f %%", 100 * $2 }' sweep/sweep.csv)"

# As many at once as anybody likes: the same table, figure and weights, and what runs say in the order of the list.
say='lr=0.0001 lr=0.001 lr=0.01'
for jobs in 1 3; do
	expect 0 $net --lr 1e-4:1e-2:3:log --out jobs$jobs --jobs $jobs
	[ "$(grep '^lr=' out | tr '\n' ' ')" = "$say " ] || fail "$what: $(cat out)"
	silent
	same sweep/sweep.csv jobs$jobs/sweep.csv
	command -v gnuplot >/dev/null && same sweep/sweep.svg jobs$jobs/sweep.svg
	same sweep/lr=0.01/best.npz jobs$jobs/lr=0.01/best.npz
done

# One that fails ends all, with its own message; the table of those that did not is not made.
mkdir fails && echo >fails/lr=0.001
expect 1 $net --lr 1e-4:1e-2:3:log --out fails --jobs 2
errs 'fails/lr=0.001'
[ ! -e fails/sweep.csv ] || fail "$what: there is a table"

# A signal stops them all: they save, and go on by the same command; a kill leaves nothing at work.
long='train mlp --device c --hidden 64 --batch 1 --epochs 3000 --quiet'
what="onn $long, stopped"
timeout --foreground --preserve-status -s INT 1 "$onn" $long --lr 1e-4,1e-3 --jobs 2 --threads 2 --out stop >out 2>err
[ $? = 130 ] || fail "$what: no 130: $(cat err)"
errs 'go on by the same command'
[ -s stop/lr=0.0001/last.npz ] || [ -s stop/lr=0.001/last.npz ] || fail "$what: nothing saved: $(cat err)"
"$onn" $long --lr 1e-4,1e-3 --jobs 2 --threads 2 --out stop >out 2>err &
process=$!
sleep .5
workers=$(cat /proc/$process/task/$process/children 2>/dev/null)
kill -KILL $process
wait $process 2>/dev/null
for i in 1 2 3 4 5 6 7 8 9 10; do
	left=
	for worker in $workers; do
		case $(sed -n 's/^State:[[:space:]]*//p' /proc/$worker/status 2>/dev/null) in '' | Z*) ;; *) left=$worker ;; esac
	done
	[ -z "$left" ] && break
	sleep .1
done
[ -z "$left" ] || fail "$what: $left works on behind a killed one"
# The signal between the end of the first run and that of its figures: a gnuplot that sends it. The folder of a list is none
# of a run to go on with.
mkdir plotter
printf '#!/bin/sh\nkill -TERM $PPID\nsleep 5\n' >plotter/gnuplot
chmod +x plotter/gnuplot
what="onn $net, stopped while it draws"
PATH="$folder/plotter:$PATH" "$onn" $net --lr 1e-4,1e-3 --out drawing >out 2>err
[ $? = 143 ] || fail "$what: no 143: $(cat err)"
errs 'this run is finished, and all runs of the list go on by the same command as before'
expect 1 train mlp --resume --out drawing
errs 'drawing holds several runs; expected one of them, such as drawing/lr=0.0001; all go on by the command that began them'
expect 0 $net --lr 1e-4,1e-3 --out drawing
has drawing sweep.csv lr=0.0001/last.npz lr=0.001/last.npz
expect 2 $net --jobs 2
errs '--jobs is of a list'
expect 2 $net --lr 1e-3,1e-2 --jobs many --out wrong
errs "--jobs is 'many'; expected a whole number"

# Each is the run that its option alone makes, and its row has what that run came to.
expect 0 $net --lr 0.001 --out alone
same alone/best.npz sweep/lr=0.001/best.npz
accuracy=$(sed -n 's/^report accuracy \([0-9.]*\) %.*/\1/p' out)
awk -F, -v a="$accuracy" '$1 == 0.001 { d = 100 * $2 - a; exit !(d < 0.006 && d > -0.006) }' sweep/sweep.csv ||
	fail "$what: $accuracy %, and sweep.csv has $(cat sweep/sweep.csv)"

# What takes one run names one of a list.
for one in 'eval sweep' 'predict sweep digit.png' 'show sweep'; do
	expect 1 $one
	errs 'sweep holds several runs; expected one of them, such as sweep/lr=0.0001'
done

# The same command goes on with what is there, and does what is not.
rm -r sweep/lr=0.01
cp sweep/lr=0.001/last.npz before.npz
expect 0 $loud --lr 1e-4:1e-2:3:log --out sweep
says 'sweep/lr=0.001 is finished'
same before.npz sweep/lr=0.001/last.npz
has sweep lr=0.01/best.npz
expect 0 $net --lr 1e-4:1e-2:3:log --out sweep
grep -q finished out && fail "$what: --quiet tells of a run that is finished: $(grep finished out)"
same before.npz sweep/lr=0.001/last.npz

# A number has one folder, however it is written; one seed deviates from nothing.
expect 0 $loud --lr .0001,1e-3,.01 --out sweep
says 'sweep/lr=0.001 is finished'
errs 'sweep also holds runs of --lr 1e-4:1e-2:3:log'
[ "$(find sweep -mindepth 1 -type d | wc -l)" = 3 ] || fail "$what: folders $(ls sweep)"
awk -F, '$1 == 0.001 { exit $3 != "" }' sweep/sweep.csv || fail "$what: a deviation of one seed: $(cat sweep/sweep.csv)"
expect 2 $net --lr .001,1e-3 --out twice
errs '0.001 twice'
# Runs of other settings do not get into it, nor what was given and is not.
expect 1 $net --lr 1e-3,1e-2 --batch 50 --out sweep
errs 'sweep holds runs that were made without --batch, and it is 50 now; expected the same, or another folder'
expect 1 train mlp --device c --lr 1e-3,1e-2 --epochs 2 --quiet --out sweep
errs 'sweep holds runs that were made with --hidden 16, and it is not given now'
# A folder whose record has the name that it had goes on, and one whose record cannot be read does not.
mv sweep/runs.json sweep/sweep.json
expect 0 $loud --lr .0001,1e-3,.01 --out sweep
says 'sweep/lr=0.001 is finished'
has sweep runs.json
expect 1 $net --lr 1e-3,1e-2 --batch 50 --out sweep
echo '{"lr":' >sweep/runs.json
expect 1 $net --lr 1e-3,1e-2 --out sweep
errs 'runs.json, which says what they are of, cannot be read'
if command -v gnuplot >/dev/null; then
	grep -q 'report accuracy / %' sweep/sweep.svg || fail 'the axis of accuracies has no %'
fi

# Two lists are all pairs.
expect 0 train mlp --device c --hidden 16 --epochs 2 --quiet --optimizer sgd --lr .01,.1 --momentum 0:.8:3 --out pairs
has pairs momentum=0,lr=0.01/best.npz momentum=0.4,lr=0.1/best.npz momentum=0.8,lr=0.1/best.npz
[ "$(wc -l <pairs/sweep.csv)" = 7 ] || fail "$what: $(cat pairs/sweep.csv)"

expect 0 design --device c --size 16 --plates 2 --steps 3 --distance 1m,150cm --quiet --out plates
has plates distance=1m/plates.npz distance=1.5m/plates.npz
grep -q '^1.5,[0-9]' plates/sweep.csv || fail "$what: $(cat plates/sweep.csv)"
expect 0 design --device c --size 16 --plates 2 --steps 3 --distance 1m,150cm --quiet --out plates
silent
grep -q finished out && fail "$what: --quiet tells of a design that is finished: $(grep finished out)"
expect 1 design --resume --out plates
errs 'plates holds several runs; expected one of them, such as plates/distance=1.5m; all go on by'
if command -v gnuplot >/dev/null; then
	grep -q 'distance / m' plates/sweep.svg || fail 'the axis of distances has no unit'
fi

# a setting that is deep in its structure
expect 0 $net --od 1,2 --out depths
has depths/od=1 best.npz
has depths/od=2 best.npz

expect 2 $net --lr 1e-3,1e-2
errs 'expected --out DIR'
expect 2 $net --lr 1e-3,none --out wrong
errs "--lr is '1e-3,none'"
expect 2 $net --batch 1.5,2 --out wrong
errs "--batch is '1.5,2'; expected a whole number from 1"
expect 2 $net --lr 1e-3,1e-2 --json --out wrong
errs '--json is of one run'
expect 2 $net --lr 1e-2:1e-3:3 --out wrong
errs "--lr is '1e-2:1e-3:3'"
[ ! -e wrong ] || [ -z "$(find wrong -type f)" ] || fail "files of runs that failed: $(find wrong -type f)"
finish
