#!/bin/sh
# onn train cnn on the digits: a run, again, its list, wrong options.
. "$(dirname "$0")/expect.sh"
small='train cnn --device c --channels 8 --kernel 3 --hidden 32 --lr 3e-3 --init-std 0.1 --seed 5'

expect 0 $small --epochs 6 --out run
silent
has run config.json metrics.csv best.npz last.npz
says '8 x 8, 8 of 3x3, 32, 10; average pooling, sa (thin, amplitude, depth 10, approximate gradient)'
says 'report accuracy'
accuracy=$(sed -n 's/^report accuracy \([0-9]*\).*/\1/p' out)
[ "$accuracy" -ge 80 ] || fail "$what: report accuracy $accuracy %"

# Dropout draws the same again.
expect 0 $small --epochs 6 --out whole
cmp -s whole/last.npz run/last.npz || fail 'a run does not repeat to the bit'
expect 0 eval run --device c
says '%'

# What the preset writes is a list that train net takes.
expect 0 show run --json
cp out list.json
grep -q '"conv2d"' list.json || fail "show --json: $(head -5 list.json)"
grep -q '"dropout"' list.json || fail 'the list lacks dropout'
expect 0 train net --network list.json --device c --epochs 1
says 'conv2d absorber pool flatten dropout linear absorber linear'

# The electronic counterpart.
expect 0 $small --activation relu --loss nll --pool max --input-max 1 --epochs 1
says 'max pooling, relu'

expect 2 $small --pool middle
errs 'average'
expect 2 $small --dropout 1
errs 'dropout'
# Without options the digits, which are too small for the standard, get what fits, and are told so; a shape that is asked
# for is not changed.
expect 0 train cnn --device c --epochs 1 --out fits
errs 'onn train cnn: 8 x 8 pixels are too few for 2 convolutions of 5 x 5: taking --channels 32 --kernel 3'
says '8 x 8, 32 of 3x3, 128, 10'
expect 0 train cnn --device c --epochs 2 --out fits --resume
silent
expect 1 train cnn --device c --epochs 1 --kernel 5
errs '8 x 8 pixels are too few for 2 convolutions of 5 x 5 with windows of 2 x 2'
errs 'at most 1 number of channels, or kernel at most 2'
expect 0 train cnn --device c --channels 16 --epochs 1
expect 0 train cnn --device c --kernel 2 --epochs 1
finish
