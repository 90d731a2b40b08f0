#!/bin/sh
# onn predict: several pictures, other sizes, dark ink on light, probabilities. $2 makes images.
. "$(dirname "$0")/expect.sh"
make_image=$2
expect 0 train mlp --device c --hidden 64 --loss nll --epochs 30 --lr 3e-3 --seed 5 --quiet --out run
for i in 0 1 2 3 4 5 6 7; do
	"$make_image" digits $i $i.png $i.npy >label.$i
done

# Each is seen as it is alone; the parts of one add up.
expect 0 predict run 0.png --device c
silent
class=$(sed -n 's/^class //p' out)
awk 'NR > 1 { sum += $3 } END { exit !(sum > 99.9 && sum < 100.1) }' out || fail "$what: not 100 %: $(cat out)"
largest=$(tail -n +2 out | sort -k3 -g -r | awk 'NR == 1 { print $1 }')
[ "$largest" = "$class" ] || fail "$what: class $class, and $largest is likeliest"
expect 0 predict run 0.png 1.png 2.npy --device c
[ "$(wc -l <out)" = 3 ] || fail "$what: $(cat out)"
grep -q "^0.png: $class ([0-9.]* %), [0-9] ([0-9.]* %), [0-9] ([0-9.]* %)$" out || fail "$what: $(cat out)"
awk '{ gsub(/[(,]/, ""); if (!($3 >= $6 && $6 >= $9)) exit 1 }' out || fail "$what: not in order: $(cat out)"

# Dark ink on white paper, larger, off the middle: what the small picture shows.
right=0
for i in 0 1 2 3 4 5 6 7; do
	"$make_image" paper $i paper.png paper.npy >/dev/null
	expect 0 predict run $i.png --device c
	class=$(head -1 out)
	expect 0 predict run paper.png --device c
	errs 'paper.png: dark on light, inverted; 40 x 40 pixels, fitted to 8 x 8'
	[ "$(head -1 out)" = "$class" ] && right=$((right + 1))
done
[ "$right" = 8 ] || fail "only $right of 8 large pictures on paper are seen like the small ones"
# Taken as it stands it is another picture.
expect 0 predict run paper.png --ink light --device c
grep -q inverted err && fail "$what: $(cat err)"
expect 0 predict run 7.png --crop true --device c
errs '7.png: cut to the ink'
expect 2 predict run 7.png --ink blue
errs "--ink is 'blue'; expected one of auto, light, dark"

# A blank picture has a class as well, which says nothing.
"$make_image" blank 8 blank.png blank.npy
for picture in blank.png blank.npy; do
	expect 0 predict run $picture --device c
	errs "WARNING: $picture is blank, all of its pixels are alike: the class says nothing"
done

# Of a network of light, where its light goes.
expect 0 train d2nn --device c --size 16 --layers 1 --epochs 1 --quiet --out light
expect 0 predict light 0.png --device c
says '% of the light'
finish
