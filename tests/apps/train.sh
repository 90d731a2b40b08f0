#!/bin/sh
# onn train mlp on the digits: the run folder, resuming, stopping, and what it prints. $2 makes images.
. "$(dirname "$0")/expect.sh"
make_image=$2
# A small network, so that all of this takes seconds.
small='train mlp --device c --hidden 24 --seed 5 --quiet'

# A run, whole: files, rows, texts.
expect 0 train mlp --device c --hidden 24 --epochs 4 --seed 5 --out run
silent
has run config.json metrics.csv best.npz last.npz
[ "$(head -1 run/metrics.csv)" = epoch,train_loss,selection_accuracy,report_accuracy,seconds ] ||
	fail "metrics.csv begins with $(head -1 run/metrics.csv)"
[ "$(wc -l <run/metrics.csv)" = 5 ] || fail 'metrics.csv does not have 4 rows'
awk -F, 'NR > 1 && !($1 == NR - 1 && $2 > 0 && $3 >= 0 && $3 <= 1 && $4 >= 0 && $4 <= 1 && $5 > 0) { exit 1 }' \
	run/metrics.csv || fail "metrics.csv has a wrong row: $(cat run/metrics.csv)"
says '64-24-10'
says 'epoch 1/4'
says 'report accuracy'
if grep -q "$(printf '\r\|\033')" out; then
	fail 'a progress bar in a pipe'
fi
if command -v gnuplot >/dev/null; then
	has run loss.svg loss.png accuracy.svg accuracy.png
	grep -q "stroke='rgb(213, *94, *0)'" run/accuracy.svg || fail 'accuracy.svg lacks the report half'
	grep "stroke='rgb(213, *94, *0)'" run/accuracy.svg | grep -q dasharray && fail 'a curve of dashes'
	# A loss that falls by 20 and less than two decades: labels enough to read it.
	expect 0 train mlp --activation relu --loss nll --hidden 64 --lr 3e-3 --epochs 20 --quiet --device c --out falls
	count=$(grep -oE '>(0\.0*)?[125]<' falls/loss.svg | sort -u | wc -l)
	[ "$count" -ge 3 ] || fail "$count labels on the axis of falls/loss.svg: $(grep -o '>0[0-9.]*<' falls/loss.svg)"
fi
[ -z "$(ls run | grep -vxE 'config\.json|metrics\.csv|seconds\.npy|(best|last)\.npz|(loss|accuracy)\.(svg|png)')" ] ||
	fail "other files in the run folder: $(ls run)"

# The folder is taken; a finished run says so and stays as it is.
cp -r run finished
expect 1 $small --epochs 4 --out run
errs '--resume'
# Its weights for others, and weights of others as a beginning, by name and shape.
expect 0 show finished --weights w.safetensors
says 'w0 [64, 24]'
expect 0 $small --epochs 1 --out tensors --weights w.safetensors
expect 0 $small --epochs 1 --out arrays --weights finished/best.npz
expect 0 $small --epochs 1 --out drawn
for run in tensors arrays; do
	expect 0 show $run --weights $run.safetensors
done
same tensors.safetensors arrays.safetensors
cmp -s tensors/best.npz drawn/best.npz && fail '--weights changed nothing'
expect 1 train mlp --device c --hidden 25 --epochs 1 --out none --weights w.safetensors
errs 'w.safetensors: array w0 is f32 [64, 24]; expected a real [64, 25]'
head -c 300 w.safetensors >cut.safetensors
expect 1 $small --epochs 1 --out none --weights cut.safetensors
errs 'cut.safetensors is no sound safetensors'
expect 1 $small --epochs 1 --out none --weights missing.safetensors
errs 'missing.safetensors'
[ ! -e none/last.npz ] || fail 'a run began with weights that were refused'
expect 2 train mlp --out tensors --resume --weights w.safetensors
errs '--weights begins a run'
# config.json keeps their name, which --config takes, and a run that goes on leaves there.
grep -q '"weights":[[:blank:]]*".*/w.safetensors"' tensors/config.json || fail "$what: $(cat tensors/config.json)"
expect 0 train mlp --config tensors/config.json --quiet --out tensors2
same tensors/best.npz tensors2/best.npz
expect 0 train mlp --resume --epochs 2 --quiet --out tensors
grep -q 'w.safetensors' tensors/config.json || fail 'a run that goes on forgets its weights'
expect 2 show finished --weights w.pt
errs "--weights is 'w.pt'; expected a name that ends in .npz or .safetensors"
rm -f run/*.svg run/*.png
expect 0 train mlp --out run --resume
says 'finished'
same run/last.npz finished/last.npz
same run/metrics.csv finished/metrics.csv
[ "$(ls -A run)" = "$(ls -A finished)" ] || fail "a finished run resumed has $(ls -A run)"
# Resuming with other options than the run's is an error, more epochs go on.
expect 1 train mlp --out run --resume --hidden 77
errs '--hidden is 77, and the run in run began with '
expect 1 train mlp --out run --resume --lr 0.5
errs 'lr'
expect 0 $small --epochs 2 --out longer
expect 0 train mlp --quiet --out longer --resume --epochs 4
same longer/last.npz finished/last.npz
same longer/best.npz finished/best.npz

# What counts is last.npz: without it a run starts anew, and there is nothing to resume.
rm run/last.npz
expect 1 train mlp --out run --resume
errs 'last.npz'
expect 0 $small --epochs 4 --out run
same run/last.npz finished/last.npz
expect 1 train mlp --out nothing --resume
[ ! -e nothing ] || fail 'a failed --resume made a folder'
head -c 300 finished/last.npz >run/last.npz
expect 1 train mlp --out run --resume
errs 'last.npz'

# A run's config.json begins another: the same again, or with what is given beside it.
expect 0 train mlp --device c --hidden 24 --lr 2e-3 --optimizer sgd --momentum 0.5 --seed 5 --epochs 2 --quiet --out first
expect 0 train mlp --config first/config.json --quiet --out again
same again/last.npz first/last.npz
expect 0 train mlp --config first/config.json --hidden 20 --quiet --out varied
grep -q '"momentum":[[:blank:]]*0.5' varied/config.json && grep -q '\[20\]' varied/config.json || fail "$what: $(cat varied/config.json)"
expect 2 train mlp --config first/config.json --resume --out again
errs '--config begins a run'
expect 1 train d2nn --config first/config.json --out wrong
errs 'first/config.json holds a run of onn train mlp'
expect 1 train mlp --config nothing.json --out wrong
errs 'nothing.json'
echo '{"model": "mlp"' >broken.json
expect 1 train mlp --config broken.json --out wrong
errs 'broken.json'
[ ! -e wrong ] || fail "$what: a folder is left"

# In a pipe a long epoch says where it is.
expect 0 train mlp --device c --hidden 24 --epochs 2 --batch 2 --log-every 1ms
grep -q '^epoch 2/2  step [0-9]*/[0-9]*, [0-9.]* steps/s' out || fail "$what: no line within an epoch: $(head -5 out)"
expect 0 train mlp --device c --hidden 24 --epochs 2 --batch 2 --log-every 0
grep -q step out && fail "$what: a line within an epoch: $(head -5 out)"
expect 2 train mlp --log-every 3m
errs "--log-every is '3m'"

# SIGTERM and SIGINT finish the step, save, say how to go on; what goes on ends as if never stopped.
long="train mlp --device c --hidden 200,200 --seed 3 --epochs 80"
expect 0 $long --quiet --out whole
for signal in TERM INT; do
	# shellcheck disable=SC2086
	stop $signal 0.4 $long
	has stopped last.npz config.json
	same stopped/last.npz whole/last.npz
	same stopped/best.npz whole/best.npz
done

# A few kills; kill_test.sh does many.
sh "$here/kill_test.sh" "$onn" 5 >out 2>&1 || fail "kill_test.sh: $(cat out)"
if "$onn" devices | grep -q '^opencl:0 '; then
	sh "$here/kill_test.sh" "$onn" 3 opencl:0 >out 2>&1 || fail "kill_test.sh on opencl:0: $(cat out)"
fi

# Several seeds.
expect 0 train mlp --device c --hidden 24 --seed 5 --seeds 2 --epochs 4 --out seeds
says '2 seeds: report accuracy'
says 'seed 6: report accuracy'
has seeds summary.json
has seeds/seed-5 metrics.csv best.npz last.npz
has seeds/seed-6 metrics.csv best.npz last.npz
expect 1 eval seeds
errs 'several seeds'
expect 0 eval seeds/seed-6
# Together, on a device that takes them one by one: it says so, and what comes of them is the same.
expect 0 train mlp --device c --hidden 24 --seed 5 --seeds 2 --epochs 4 --together 2 --out together
says 'seeds are trained one by one: 2 copies on device c'
says 'seed 6  epoch 4/4'
for file in last.npz best.npz config.json; do
	cmp -s seeds/seed-6/$file together/seed-6/$file || fail "$file of seed 6 is another one together"
done
expect 2 train mlp --device c --seeds 2 --together 5000
errs "--together is '5000'; expected"

# Other options reach the trainer.
expect 0 $small --epochs 1 --precision f64 --loss nll --activation tanh --weight-range -0.5:0.5 \
	--weight-norm l2 --optimizer sgd --momentum 0.9 --schedule cosine --init-std 0.05 --out other
for word in '"f64"' '"nll"' '"tanh"' '"l2"' '"sgd"' '"cosine"' 0.9 0.05; do
	grep -qF -e "$word" other/config.json || fail "config.json lacks $word: $(cat other/config.json)"
done
# Each line is set in by what it stands in, and the last one ends.
for file in other/config.json seeds/summary.json; do
	awk '{
		match($0, /^\t*/)
		closes = $0 ~ /^\t*[]}]/
		if (RLENGTH != depth - closes) print FILENAME ":" NR ": " RLENGTH " tabs of " depth - closes
		line = $0
		gsub(/"[^"]*"/, "", line)
		depth += gsub(/[[{]/, "", line)
		depth -= gsub(/[]}]/, "", line)
	}' $file >indents
	[ ! -s indents ] || fail "$(head -3 indents)"
	[ -z "$(tail -c 1 $file)" ] || fail "$file lacks its last line's end"
done
expect 0 $small --epochs 1 --hidden none
[ "$(wc -l <out)" = 1 ] || fail "--quiet prints more than the result: $(cat out)"
expect 0 $small --epochs 1 --profile
[ "$(wc -l <out)" -gt 3 ] || fail "--profile prints no table: $(cat out)"

# A loss that is no number.
expect 1 $small --epochs 5 --optimizer sgd --lr 1e6 --init-std 1e5 --out broken
errs 'step'

# Places that cannot be written, data that is not there, devices that are none.
echo text >file
expect 1 $small --epochs 1 --out file
expect 1 $small --epochs 1 --out file/run
# A file that cannot grow, as on a full disk: the checkpoint before stays, and the run goes on from it.
cp -r longer small_disk
cp longer/last.npz before.npz
(
	trap '' XFSZ
	ulimit -f 8
	"$onn" train mlp --quiet --out small_disk --resume --epochs 6
) >out 2>err
code=$?
what='training where files cannot grow'
[ "$code" = 1 ] || fail "$what: exit code $code: $(cat err)"
errs 'could not be written'
same small_disk/last.npz before.npz
expect 0 train mlp --quiet --out small_disk --resume --epochs 6
expect 0 $small --epochs 6 --out large_disk
same small_disk/last.npz large_disk/last.npz
mkdir empty
expect 1 train mlp --dataset kmnist --data-dir empty
errs 'kmnist'
expect 1 train mlp --dataset missing.npz
errs 'missing.npz'
expect 1 train mlp --device opencl:no-such-device --epochs 1
ONN_DEVICE=bogus
export ONN_DEVICE
expect 1 train mlp --epochs 1
unset ONN_DEVICE

# eval agrees with the training: the report half of the best epoch.
expect 0 eval finished --device c
best=$(awk -F, 'NR > 1 && $3 > top { top = $3; report = $4 } END { printf "%.2f", 100 * report }' finished/metrics.csv)
says "report half $best %"
expect 0 eval finished --device c --weight-noise 100
cp out noisy
expect 0 eval finished --device c
cmp -s out noisy && fail '--weight-noise 100 changes nothing'
expect 1 eval empty
expect 1 eval finished --dataset missing.npz

# predict: image 0 of the test set, as PNG and as .npy.
label=$("$make_image" digits 0 zero.png zero.npy)
expect 0 predict finished zero.npy --device c
cp out by_npy
grep -q '^class [0-9]$' out || fail "predict says $(head -1 out)"
[ "$(wc -l <out)" = 11 ] || fail 'predict does not print ten outputs'
expect 0 predict finished zero.png --device c
[ "$(head -1 out)" = "$(head -1 by_npy)" ] || fail 'predict sees another class in the PNG'
expect 0 $small --epochs 60 --hidden 64 --out good
expect 0 predict good zero.npy --device c
[ "$(head -1 out)" = "class $label" ] || fail "a trained network takes a $label for $(head -1 out)"
"$make_image" blank 9 wide.png wide.npy
expect 1 predict finished wide.npy
errs '9 x 8; expected 8 x 8'
expect 0 predict finished wide.png --device c
errs 'wide.png: 9 x 8 pixels, fitted to 8 x 8'
expect 1 predict finished missing.png
# Floats of 8 x 8: black but for the last, which is not a number, or white as integers of the data set say it.
floats() { # FILE LAST, eight bytes
	printf '\223NUMPY\001\000v\000%-117s\n' "{'descr': '<f8', 'fortran_order': False, 'shape': (8, 8), }" >"$1"
	head -c 504 /dev/zero >>"$1"
	printf "$2" >>"$1"
}
floats nan.npy '\000\000\000\000\000\000\370\177'
expect 1 predict finished nan.npy
errs 'nan.npy holds nan at [7, 7]; expected finite numbers'
floats sixteen.npy '\000\000\000\000\000\000\060\100'
expect 1 predict finished sixteen.npy
errs 'sixteen.npy holds 16 at [7, 7]; expected fractions of white'
floats one.npy '\000\000\000\000\000\000\360\077'
expect 0 predict finished one.npy --device c
head -c 60 zero.png >cut.png
expect 1 predict finished cut.png

# One picture in several forms has one answer: bytes of 0 and 1 (bools) as black and white, and, where the data
# set has floats, bytes as fractions of 255.
alike() { # RUN FILE FILE
	expect 0 predict "$1" "$2" --device c
	cp out one_form
	expect 0 predict "$1" "$3" --device c
	paste one_form out | awk '{ d = $2 - ($1 == "class" ? $4 : $6); if (d > 1e-3 || d < -1e-3) exit 1 }' ||
		fail "predict $1 differs between $2 and $3: $(head -3 one_form out)"
}
"$make_image" truth 0 truth.png truth.npy >truth_label
alike good truth.png truth.npy
"$make_image" floats 0 floats.npz bytes.npy >floats_label
expect 0 train mlp --dataset floats.npz --hidden 16 --epochs 2 --device c --quiet --out floats
alike floats zero.png bytes.npy
alike floats truth.png truth.npy
printf '\223NUMPY\001\000v\000%-117s\n' "{'descr': '<i4', 'fortran_order': False, 'shape': (8, 8), }" >ints.npy
head -c 252 /dev/zero >>ints.npy
printf '\017\000\000\000' >>ints.npy
expect 1 predict floats ints.npy
errs 'ints.npy holds i32, and the data set has no such pixels'
expect 0 predict good ints.npy --device c
# Floats beyond 0 to 1 say nothing of white, which the run keeps in mind: it takes floats as they stand, and no others.
"$make_image" bright 0 bright.npz bright.npy >bright_label
expect 0 train mlp --dataset bright.npz --hidden 16 --epochs 8 --lr 1e-2 --device c --quiet --out bright
grep -q '"range":	\[0, 16\]' bright/config.json || fail "bright/config.json lacks the range: $(cat bright/config.json)"
grep -q '"range"' floats/config.json && fail 'floats/config.json has a range, and needs none'
expect 0 predict bright bright.npy --device c
for file in zero.png bytes.npy truth.npy; do
	expect 1 predict bright $file --device c
	errs "$file says what white is, and the run learned floats from 0 to 16, which do not; expected floats"
done
for run in floats good; do
	expect 1 predict $run bright.npy --device c
	errs 'expected fractions of white, 0 to 1'
	expect 1 eval $run --dataset bright.npz --device c
	errs 'bright.npz has floats from 0 to 16, which do not say what white is; the run learned pixels from black to white'
done
expect 0 eval bright --device c
expect 1 eval bright --dataset digits --device c
errs 'digits says what white is, and the run learned floats from 0 to 16'
expect 0 eval floats --dataset digits --device c
expect 0 train mlp --dataset bright.npz --epochs 9 --device c --quiet --out bright --resume

# On a terminal: a bar with rate and time left.
if script -qec true /dev/null >/dev/null 2>&1; then
	TERM=xterm script -qec "$onn $long --out terminal" /dev/null >out 2>&1 </dev/null
	what='training on a terminal'
	says 'steps/s'
	says 'left'
	grep -q "$(printf '\r')epoch" out || fail 'no progress bar on a terminal'
	TERM=dumb script -qec "$onn $small --epochs 1" /dev/null >out 2>&1 </dev/null
	grep -q 'steps/s' out && fail 'a progress bar on a dumb terminal'
fi
# A test set of one image has nothing to select by, and says so.
mkdir one
idx() { # FILE AXES COUNT DATA: an IDX file of bytes
	printf '\000\000\010'"$2"'\000\000\000'"$3$4" >"one/$1"
}
square='\000\000\000\002\000\000\000\002'
idx train-images-idx3-ubyte '\003' '\004' "$square"'0123456789abcdef'
idx train-labels-idx1-ubyte '\001' '\004' '\000\001\002\003'
idx t10k-images-idx3-ubyte '\003' '\001' "$square"'0123'
idx t10k-labels-idx1-ubyte '\001' '\001' '\000'
expect 0 train mlp --dataset mnist --data-dir one --hidden 4 --epochs 2 --device c --out single
says 'the latest: the test set is too small for a selection half'
grep -q nan out && fail "$what: nan is printed"
grep -q best out && fail "$what: an epoch is best"
expect 0 eval single --data-dir one
says 'no image is in the selection half'
grep -q nan out && fail "$what: nan is printed"

finish
