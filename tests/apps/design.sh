#!/bin/sh
# onn design on small grids: the run folder, resuming, stopping, options and what they do. $2 makes images.
. "$(dirname "$0")/expect.sh"
make_image=$2
# gnuplot draws in the first run only: it takes longer than all else.
mkdir bin
# What stands in for it writes how figures end.
printf '#!/bin/sh\nprintf "</svg>IEND\\256B\\140\\202"\n' >bin/gnuplot
chmod +x bin/gnuplot
path=$PATH
small='design --device c --size 16 --plates 3 --steps 12 --save-every 3 --quiet'

same_run() { # all but the figures, whose bytes are gnuplot's
	for file in $(cd "$1" && find . -type f ! -name '*.svg' ! -name 'sheet.png' ! -name 'progress.png' ! -name 'loss.png'); do
		same "$1/$file" "$2/$file"
	done
}
falls() { # FOLDER: the last loss is below the first
	awk -F, 'NR == 2 { first = $2 } { last = $2 } END { exit !(last < first) }' "$1/metrics.csv" ||
		fail "$what: the loss does not fall: $(tr '\n' ' ' <"$1/metrics.csv")"
}

# A run, whole.
expect 0 design --device c --size 16 --plates 3 --steps 12 --save-every 3 --out run --stl
silent
has run config.json metrics.csv last.npz plates.npz summary.json camera/step_000000.png camera/step_000001.png \
	camera/step_000002.png camera/step_000004.png camera/step_000008.png camera/step_000012.png \
	plates/plate_00.png plates/plate_02.png plates/height_00.npy plates/height_02.npy plates/plate_02.stl
[ "$(ls run/camera | wc -l)" = 6 ] || fail "other pictures of the light: $(ls run/camera)"
[ "$(head -1 run/metrics.csv)" = step,loss ] || fail "metrics.csv begins with $(head -1 run/metrics.csv)"
awk -F, 'NR > 1 && !($1 == NR - 1 && $2 > 0 && $2 < 1) { exit 1 } END { exit NR != 13 }' run/metrics.csv ||
	fail "metrics.csv has a wrong row: $(cat run/metrics.csv)"
falls run
says '3 complex plates of 16 x 16 pixels'
says 'step 8/12'
says 'after 12 steps; efficiency'
says ' % of the light arrives'
# Plates that amplify cannot be made, and what can be made of them is worth less.
says 'complex plates amplify up to 1.'
says ': not for making; as phases alone, as in plates/: efficiency '
grep -q '"gain": 1\.0' run/summary.json || fail "summary.json has no gain above 1: $(cat run/summary.json)"
awk '/"as_phases"/ { inner = 1 } /"correlation"/ { gsub(",", ""); if (inner) made = $2; else all = $2 }
	END { exit !(made > 0 && made < all) }' run/summary.json ||
	fail "summary.json has no lesser correlation of phases: $(cat run/summary.json)"
# Phases a little below 0 are no spikes of a wave: the tutorial's plates hardly turn the light.
says 'with a step of more than half a wave between 0.00 % of neighbouring pixels; 0 vortices'
[ "$(grep -c '"picture_turns": 1, "steps": 0, "vortices": 0}' run/summary.json)" = 3 ] ||
	fail "plates have steps: $(cat run/summary.json)"
if grep -q "$(printf '\r\|\033')" out; then
	fail 'a progress line in a pipe'
fi
if command -v gnuplot >/dev/null; then
	has run sheet.png progress.png loss.svg loss.png
fi
[ -z "$(find run -name '*.part')" ] || fail 'temporary files are left'
# A design is no network: what reads those says so.
for arguments in 'eval run' 'show run' 'predict run none.png'; do
	# shellcheck disable=SC2086
	expect 1 $arguments
	errs 'run is a design, of onn design; expected a run of onn train'
done
expect 1 train mlp --out run --resume
errs 'run is a design, of onn design; expected a run of onn train'
expect 0 train mlp --hidden none --epochs 1 --device c --quiet --out trained
expect 1 design --out trained --resume
errs 'trained is a run of onn train; expected a design, of onn design'
for word in '"target":	"smiley"' '"size":	16' '"lr":	0.001' '"update":	"phase-sign"' '"device":	"c"' \
	'"evanescent":	"pass"' '"source":	null'; do
	grep -qF -e "$word" run/config.json || fail "config.json lacks $word: $(cat run/config.json)"
done
PATH=$folder/bin:$PATH

# The folder is taken; a finished run says so and its results stay what they are.
cp -r run finished
expect 1 $small --out run
errs '--resume'
expect 0 design --out run --resume
says 'finished'
same_run finished run
expect 1 design --out run --resume --lr 0.5
errs 'run was designed with lr 0.001, and 0.5 is asked for'
expect 1 design --out run --resume --steps 5
errs 'has taken 12 steps'
expect 1 design --out run --resume --update adam
errs 'update phase-sign, and adam is asked for'
expect 1 design --out nothing --resume
[ ! -e nothing ] || fail 'a failed --resume made a folder'
# More steps are the same as so many from the start.
expect 0 $small --steps 7 --out longer
expect 0 design --quiet --out longer --resume --steps 12
# A solid of a plate that is flat is a box: 84 bytes, and 14 triangles of 50.
expect 0 $small --steps 0 --out flat --stl
[ "$(wc -c <flat/plates/plate_00.stl)" = 784 ] || fail "a flat plate is a solid of $(wc -c <flat/plates/plate_00.stl) bytes"
# Heights beyond a wave.
expect 0 $small --steps 30 --update adam --lr 1 --modulation phase --padding 8 --distance 1 --out wrapped
cp -r wrapped unwrapped
expect 0 design --out unwrapped --resume --unwrap --stl
says 'reliefs of up to'
grep -q as_phases unwrapped/summary.json && fail "$what: plates of phase have others beside them"
grep -q '"gain": 1,' unwrapped/summary.json || fail "$what: plates of phase have a gain"
grep -q '"unwrapped": true' unwrapped/summary.json || fail "$what: summary.json does not say it is unwrapped"
grep -q '"picture_turns": [2-9]' unwrapped/summary.json || fail "$what: no plate is higher than a wave"
grep -q '"unwrapped": false' wrapped/summary.json || fail "$what: summary.json says it is unwrapped"
cmp -s wrapped/plates/height_02.npy unwrapped/plates/height_02.npy && fail "$what: heights are wrapped"
same wrapped/plates.npz unwrapped/plates.npz
rm longer/camera/step_000007.png finished/plates/*.stl
same_run finished longer
head -c 300 finished/last.npz >longer/last.npz
expect 1 design --out longer --resume
errs 'last.npz'

# What a run is, --resume need not say again, and may.
expect 0 $small --modulation phase --slm-levels 8 --steps 2 --out levels
expect 0 design --quiet --resume --out levels --slm-levels 8 --steps 3
expect 1 design --quiet --resume --out levels --modulation complex
errs 'modulation phase, and complex is asked for'

# Runs that the first version left, stopped after 6 of 12 steps, go on.
for run in "$(dirname "$0")"/../design/data/*; do
	rm -rf old
	cp -r "$run" old
	expect 0 design --quiet --resume --out old
	[ "$(wc -l <old/metrics.csv)" = 13 ] || fail "$what: other losses: $(cat old/metrics.csv)"
	has old plates.npz summary.json camera/step_000008.png camera/step_000012.png plates/plate_01.png
done

# A design's config.json begins another.
expect 0 $small --plates 2 --distance 1.5 --steps 6 --modulation phase --quiet --out first
expect 0 design --config first/config.json --quiet --out again
same_run first again
expect 0 design --config first/config.json --steps 7 --quiet --out more
[ "$(wc -l <more/metrics.csv)" = 8 ] || fail "$what: $(cat more/metrics.csv)"
expect 2 design --config first/config.json --preset phase
errs '--preset chooses'
expect 2 design --config first/config.json --resume --out again
errs '--config begins a design'
expect 1 design --config nothing.json
errs 'nothing.json'
expect 0 design --device c --size 16 --plates 3 --steps 12 --log-every 1ns
says 'step 11/12'

# SIGTERM and SIGINT finish the step, save, say how to go on; what goes on ends as if never stopped.
long='design --device c --size 32 --plates 4 --steps 20000 --save-every 1000'
expect 0 $long --quiet --out whole
for signal in TERM INT; do
	# shellcheck disable=SC2086
	stop $signal 0.3 $long
	same_run whole stopped
done

# A terminal's signal reaches everyone in its group; what draws is let finish.
if command -v setsid >/dev/null; then
	mkdir -p slow
	printf '#!/bin/sh\n[ -e slow/once ] || { : >slow/once && sleep 1; }\nexec %s "$@"\n' "$(command -v gnuplot)" \
		>slow/gnuplot
	chmod +x slow/gnuplot
	rm -f slow/once
	PATH=$PWD/slow:$PATH setsid "$onn" $small --steps 2 --out drawn >out 2>err &
	process=$!
	until [ -e slow/once ] || ! kill -0 $process 2>/dev/null; do sleep 0.05; done
	kill -s TERM -- -$process
	wait $process
	code=$?
	what='onn design, SIGTERM while it draws'
	[ -e slow/once ] && [ "$code" = 0 ] || fail "$what: exit code $code: $(cat err)"
	[ -s drawn/progress.png ] || fail "$what: there is no progress.png"
fi

# Kills at any moment: what is left goes on and ends the same.
for pause in 0.02 0.05 0.1 0.2 0.3; do
	rm -rf killed
	timeout -s KILL $pause "$onn" $long --quiet --out killed >/dev/null 2>&1
	sleep 0.2 # timeout does not wait for what it kills, and the folder is its until it is gone
	what="onn $long, killed after $pause s"
	if [ -e killed/last.npz ]; then
		expect 0 design --quiet --out killed --resume
	else
		expect 0 $long --quiet --out killed
	fi
	same_run whole killed
done

# A file that cannot grow, as on a full disk: the checkpoint before stays, and the run goes on from it.
expect 0 $small --size 64 --steps 2 --out disk
cp disk/last.npz before.npz
(
	trap '' XFSZ
	ulimit -f 8
	"$onn" design --quiet --out disk --resume --steps 4
) >out 2>err
code=$?
what='a design where files cannot grow'
[ "$code" = 1 ] || fail "$what: exit code $code: $(cat err)"
errs 'onn design:'
same disk/last.npz before.npz
[ -z "$(find disk -name '*.part')" ] || fail "$what: temporary files are left"
expect 0 design --quiet --out disk --resume --steps 4

# A component finer than the wavelength: passed, damped or dropped.
for policy in pass decay drop; do
	expect 0 $small --side 4e-6 --aperture 1e-6 --distance 1e-7 --evanescent $policy --out $policy
	falls $policy
done
for pair in 'pass decay' 'pass drop' 'decay drop'; do
	# shellcheck disable=SC2086
	set -- $pair
	cmp -s "$1/metrics.csv" "$2/metrics.csv" && fail "--evanescent $1 and $2 give the same losses"
done

# Before it runs: what it will take, and whether the light gets to the target.
expect 0 design --device c --dry-run --out dry
silent
for word in '32 complex plates of 128 x 128' 'light can turn aside by 1.76 mm on its way of 1.6 m; 0.0 % of the target' \
	'spaces are sampled finely enough: asm' 'memory: some 0.0' 'time: some ' 'nothing was run'; do
	says "$word"
done
[ ! -e dry ] || fail "$what: it made a folder"
"$make_image" digits 3 three.png three.npy >label
for dry in --dry-run '--steps 1 --quiet'; do
	# shellcheck disable=SC2086
	expect 0 design --device c $dry --size 64 --plates 2 --target three.png
	errs 'WARNING: '
	errs '% of the target lies where the source'
	errs "expected an --aperture of 0.0"
	# shellcheck disable=SC2086
	expect 0 design --device c $dry --size 64 --plates 2 --target three.png --aperture 20e-3 --padding 1
	silent
	# shellcheck disable=SC2086
	expect 0 design --device c $dry --size 64 --plates 2 --aperture 16e-3 --distance 2
	errs 'WARNING: light can leave the grid, and comes in again on the other side; expected --padding 3'
done
expect 0 design --device c --dry-run --size 10000
says ' GB, of '
expect 1 design --device c --size 10000 --plates 4000
says 'memory: some '
expect 2 design --dry-run --resume --out run
errs '--dry-run looks at a design before it begins'

# Plates that can be made draw the face; what is given counts over the preset, and a run keeps both.
expect 0 design --device c --preset phase --out made
silent
says '5 phase plates of 128 x 128 pixels, 2000 mm apart'
grep -q not out && fail "$what: it says what cannot be made: $(cat out)"
awk '/"correlation"/ { gsub(",", ""); c = $2 } /"efficiency"/ { gsub(",", ""); e = $2 }
	END { exit !(c > 0.999 && e > 0.9) }' made/summary.json || fail "$what: $(cat made/summary.json)"
expect 0 design --preset phase --out made --resume --steps 129 --quiet
expect 0 $small --preset phase --lr 0.2 --out preset
for word in '"plates":	3' '"lr":	0.2' '"modulation":	"phase"' '"loss":	"overlap"' '"padding":	64'; do
	grep -qF -e "$word" preset/config.json || fail "config.json lacks $word: $(cat preset/config.json)"
done
expect 1 design --preset tutorial --out made --resume
errs 'made was designed with plates 5, and 32 is asked for'

# Every option reaches the design, and the loss falls.
n=0
expect 0 ${small% --quiet} --steps 0 --distance 1km
errs 'WARNING: the space between plates is sampled too coarsely: asm samples H to z ='
for options in '--precision f64' '--modulation phase --lr 0.02' '--update adam --lr 0.01' \
	'--update adam --modulation phase --lr 0.02' '--update sgd --lr 20' '--loss mse' '--loss correlation' '--loss overlap' \
	'--padding 8 --evanescent drop' '--checkpoint-planes 2' \
	'--modulation phase --slm-levels 256 --lr 0.05' '--wavelength 1e-6 --distance 0.1' '--aperture 6e-3' \
	'--side 16e-3 --aperture 4e-3' \
	'--update gerchberg-saxton --modulation phase --loss correlation --side 4e-3 --aperture 1e-3'; do
	n=$((n + 1))
	# shellcheck disable=SC2086
	expect 0 $small $options --out option$n
	falls option$n
	cut -d, -f2 option$n/metrics.csv >a
	cut -d, -f2 finished/metrics.csv >b
	case $options in
	*checkpoint-planes*) cmp -s a b || fail "$what: fields computed again change the losses" ;;
	*) cmp -s a b && fail "$what: the losses are those without it" ;;
	esac
done
[ "$(wc -l <out)" = 1 ] || fail "--quiet prints more than the result: $(cat out)"
expect 0 $small
[ ! -e camera ] || fail 'a design without --out made files'
expect 0 $small --profile
[ "$(wc -l <out)" -gt 3 ] || fail "--profile prints no table: $(cat out)"
expect 0 $small --steps 0 --out none
[ "$(cat none/metrics.csv)" = step,loss ] || fail 'no steps, but losses'

# A picture of another size and shape is fitted.
"$make_image" digits 0 zero.png zero.npy >label
expect 0 $small --target zero.png --out picture
grep -q '/zero.png' picture/config.json || fail 'config.json does not name the target'
mv zero.png moved.png # the checkpoint has it
expect 0 design --quiet --out picture --resume --steps 14
"$make_image" blank 9 wide.png wide.npy
expect 1 $small --target wide.png
errs 'is dark everywhere'
expect 1 $small --target wide.npy
errs 'is [9, 8]; expected [16, 16], as --size says'
expect 1 $small --source wide.npy
errs 'expected [16, 16]'
expect 1 $small --start wide.npy
errs 'expected [3, 16, 16], as --plates and --size say'
for option in target source start; do
	expect 1 $small --$option missing.npy
	errs 'missing.npy'
done
head -c 60 wide.png >cut.png
expect 1 $small --target cut.png
errs 'cut.png'

# Values.
wrong() { # OPTION VALUE EXPECTED
	expect 2 design "--$1" "$2"
	errs "--$1 is '$2'; expected $3"
}
wrong size 0 'a whole number from 2 to 32768'
wrong size 65536 'a whole number from 2'
wrong side -1 'a length above 0'
wrong side nan 'a length above 0'
wrong side inf 'a length above 0'
wrong plates 0 'a whole number from 1'
wrong distance -0.05 'a length above 0'
wrong wavelength 0 'a length above 0'
wrong aperture -1 'a length from 0'
wrong steps -1 'a whole number from 0'
wrong update phase 'one of phase-sign, adam, sgd, gerchberg-saxton'
wrong lr 0 'a number above 0'
wrong modulation amplitude 'one of complex, phase'
wrong padding -1 'a whole number from 0'
wrong evanescent passed 'one of decay, drop, pass (the nearest is pass)'
wrong loss l1 'one of tutorial, mse, correlation, overlap'
wrong preset photo 'one of tutorial, phase'
wrong slm-levels 1 'a whole number from 2'
wrong checkpoint-planes -1 'a whole number from 1 to 4096, or 0: keep all'
wrong precision f16 'one of f32, f64'
wrong index 1 'a number above 1'
wrong base 0 'a length above 0'
expect 2 design --slm-levels 8
errs '--slm-levels goes with --modulation phase; given complex'
expect 2 design --update gerchberg-saxton
errs 'expected --modulation phase'
expect 2 design --resume
errs '--resume needs --out DIR'
expect 2 design --stl
errs '--stl needs --out DIR'
expect 2 design --unwrap
errs '--unwrap needs --out DIR'
expect 1 design --size 32768 --plates 4096 --device c
errs 'size 32768 with 4096 plates needs'
expect 1 design --size 16 --plates 1 --padding 32768 --precision f64 --device c
errs 'padding'
expect 1 $small --lr 1e30
errs 'expected a smaller lr'
echo text >file
expect 1 $small --out file
expect 1 $small --out file/run
expect 1 $small --device opencl:no-such-device

# The same design on OpenCL, where there is any: to rounding, seen after few steps.
if "$onn" devices | grep -q '^opencl:0 '; then
	expect 0 design --device opencl-pure --size 16 --plates 3 --steps 4 --quiet --out opencl
	paste -d, opencl/metrics.csv finished/metrics.csv | awk -F, 'NR > 1 && NR < 6 {
		d = ($2 - $4) / $4
		if (!(d < 2e-5 && d > -2e-5)) exit 1 }' || fail "OpenCL has other losses: $(cat opencl/metrics.csv)"
fi
PATH=$path
finish
