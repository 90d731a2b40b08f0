#!/bin/sh
# Help, wrong options and wrong values: exit codes and texts.
. "$(dirname "$0")/expect.sh"

# Help goes to standard output, exits with 0, names every option with its default and has an example.
expect 0 --help
says 'Usage: onn COMMAND'
says 'onn train mlp'
for command in devices selftest response 'train mlp' 'train d2nn' 'train net' datasets show eval compare predict design source propagate simulate plot reproduce examples --version; do
	# Two words of "train mlp".
	expect 0 $command --help
	says "Usage: onn $command"
	says 'Example'
	says "  onn $command"
	silent
done
expect 0 train mlp --help
for option in dataset data-dir hidden activation medium encoding od isat gradient loss optimizer momentum lr \
	schedule batch epochs seed seeds init-mean init-std weight-range weight-norm precision device threads out \
	resume profile quiet; do
	grep -q -e "^  --$option\( \|\$\)" out || fail "train mlp --help lacks --$option"
done
tr -s ' \n' ' ' <out >flat
for default in digits 128,128 sa thin amplitude approximate mse adam 5e-4 constant 64 50 0.1 none f32; do
	grep -qF -e "(default: $default)" flat || fail "train mlp --help lacks the default $default"
done
expect 0 train --help
says '  mlp'
says '  d2nn'
expect 0 --version
grep -q '^onn [0-9][0-9]*\.[0-9][0-9]*\.[0-9][0-9]*$' out || fail "--version: $(cat out)"

# Wrong commands and options name the nearest right one.
expect 2
errs 'expected a command'
expect 2 devcies
errs "the nearest is 'devices'"
expect 2 trian mlp
errs "the nearest is 'train'"
expect 2 train
errs 'onn train mlp'
expect 2 train mpl
errs "expected mlp|cnn|d2nn|net; the nearest is 'mlp'"
expect 2 train d2n
errs "expected mlp|cnn|d2nn|net; the nearest is 'd2nn'"
expect 2 --vresion
errs "the nearest is '--version'"
expect 2 train mlp --epoch 3
errs "the nearest is '--epochs'"
expect 2 train mlp --hiden 3
errs "the nearest is '--hidden'"
expect 2 response --ods=3
errs "unknown option '--ods'; the nearest is '--od'"
expect 2 design --wave 1e-6
errs "unknown option '--wave'; the nearest is '--wavelength'"
# What is far from everything is not named.
expect 2 train mlp --learning-rate 1
errs "unknown option '--learning-rate'"
grep -q nearest err && fail "$what: $(cat err)"
expect 2 devices -d
errs "unknown option '-d'"
expect 2 devices here
errs "unexpected argument 'here'"
expect 2 eval
errs 'expected RUN'
expect 2 predict run
errs 'expected RUN IMAGE...'
expect 2 predict run image.gif
errs 'expected a name that ends in .png, .jpg, .tif, .npy'

# Values: name of the option, what was given, what was expected.
wrong() { # OPTION VALUE EXPECTED
	expect 2 train mlp "--$1" "$2"
	errs "--$1 is '$2'; expected $3"
}
wrong activation sigmod 'one of sa, relu, tanh, sigmoid (the nearest is sigmoid)'
wrong gradient exakt 'one of approximate, exact, zero, positive, negative, probe (the nearest is exact)'
wrong dataset fasion 'one of digits, mnist, '
errs ', FILE.npz (the nearest is fashion)'
wrong device opencll 'one of auto, c, reference'
wrong device c:1 'one of auto, c, reference'
wrong lr 0 'a number above 0'
wrong lr 1e999 'a number above 0'
wrong lr 0x1p-3 'a number above 0'
wrong lr 5e-4x 'a number above 0'
wrong lr ' 1' 'a number above 0'
wrong lr 0,5 'a number above 0'
wrong lr nan 'a number above 0'
wrong lr '' 'a number above 0'
wrong momentum 1 'a number of at least 0 and below 1'
wrong od -1 'a number of at least 0'
wrong batch 0 'a whole number from 1'
wrong batch 1.5 'a whole number from 1'
wrong batch +3 'a whole number from 1'
wrong epochs 1e3 'a whole number from 1'
wrong seed -1 'a whole number of at least 0'
wrong seed 99999999999999999999 'a whole number of at least 0'
wrong hidden 128,,128 'at most'
wrong hidden 128, 'at most'
wrong hidden 0 'at most'
wrong weight-range 1:0 'A:B'
wrong weight-range 1 'A:B'
wrong threads 0 'a whole number from 1'
expect 2 train mlp --batch
errs '--batch needs a value'
expect 2 train mlp --out --resume
errs "--out needs a value; '--resume' is an option"
expect 2 train mlp --resume=yes
errs '--resume takes no value'
expect 2 train mlp --resume
errs '--resume needs --out DIR'
expect 2 train mlp --momentum 0.9
errs '--optimizer sgd'
# Options that would not count.
for option in 'medium thick' 'encoding intensity' 'od 3' 'isat 2' 'gradient exact'; do
	# shellcheck disable=SC2086
	expect 2 train mlp --activation relu --$option
	errs "--${option% *} goes with --activation sa; given relu"
done
expect 2 train d2nn --isat 2
errs '--isat goes with --sa-od, which is 0'
expect 2 train d2nn --gradient probe --sa-od 0
errs '--gradient goes with --sa-od, which is 0'
expect 2 design --update gerchberg-saxton --modulation phase --lr 1e-3
errs '--lr goes with --update phase-sign, adam or sgd; given gerchberg-saxton'

# Numbers are read alike in every locale.
LC_ALL=de_DE.UTF-8 "$onn" response --inputs 0.5 >out 2>err || fail 'a number in a German locale'
says '0.5,0.00915781944437'

# An output that cannot be written is a failure.
if [ -w /dev/full ]; then
	"$onn" --help >/dev/full 2>err && fail 'writing to a full disk succeeded'
	errs 'cannot write to standard output'
fi

# Without standard descriptors the devices are the same, and what there is to say goes into no file.
"$onn" devices >devices 2>err
for closed in '<&-' '2>&-' '<&- 2>&-'; do
	what="onn devices $closed"
	eval "\"\$onn\" devices $closed" >out
	cmp -s out devices || fail "$what: not the devices of before: $(cat out)"
done
for closed in '>&-' '<&- >&-' '>&- 2>&-' '<&- >&- 2>&-'; do
	(eval "\"\$onn\" devices $closed") 2>/dev/null && fail "devices $closed: succeeded, and could write nothing"
done

# The manual page comes from the same tables.
expect 0 --print-manual
says '.TH ONN 1'
for word in plates.png light.png efficiency.csv confusion.csv; do
	says "$word"
done
says 'MNIST: 60000 images to train with, 10000 to test, 10 classes'
says '.B \-\-weight\-norm \fInone|l1|l2\fR'
# Help of one command, by either name.
expect 0 train d2nn --help
cp out help
expect 0 help train d2nn
same out help
expect 0 help train
says '  d2nn'
expect 0 help
says 'Usage: onn COMMAND'
expect 2 help evla
errs "the nearest is 'eval'"
expect 2 help train mpl
errs "the nearest is 'mlp'"
expect 2 help eval runs
errs "unexpected argument 'runs'"
finish
