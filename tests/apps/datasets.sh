#!/bin/sh
# onn datasets: what is here, what is missing, where it was looked for, and from which page it comes.
. "$(dirname "$0")/expect.sh"
expect 0 datasets
silent
says 'digits   UCI digits: 1437 images to train with, 360 to test, 10 classes (CC BY 4.0)'
grep -q 'in .*digits.csv' out || fail "$what: the digits are not here: $(head -2 out)"
says 'mnist lacks files; get train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte'
says 'from https://github.com/cvdfoundation/mnist'
says 'no folder: --data-dir or ONN_DATA_DIR names one'

# Some of the files: the others are missing.
mkdir -p data/mnist mine
for file in train-images-idx3-ubyte train-labels-idx1-ubyte t10k-images-idx3-ubyte; do
	: >data/mnist/$file
done
ONN_DATA_DIR=mine
export ONN_DATA_DIR
expect 0 datasets --data-dir data
says 'mnist lacks files; get t10k-labels-idx1-ubyte (each as it is or as .gz)'
says 'and put them into data/mnist'
says 'looked in data/mnist, data, mine/mnist, mine'
: >data/mnist/t10k-labels-idx1-ubyte.gz
expect 0 datasets --data-dir data
says 'in data/mnist'
grep -q 'mnist lacks files; get t10k-labels' out && fail "$what: $(cat out)"
expect 0 datasets --data-dir data --json
says '"folder":	"data/mnist"'
expect 2 datasets here
errs "unexpected argument 'here'"
finish
