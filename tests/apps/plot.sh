#!/bin/sh
# onn plot, and --plot of onn propagate and onn source: axes, scales, panels, names and errors. $2 makes fields.
command=plot
. "$(dirname "$0")/field.sh"
export ONN_DEVICE=c

"$field" gaussian 64 8e-6 532e-9 80e-6 0 beam.npy
"$field" random c64 2,3,16,20 stack.npy
"$field" random f64 12,20 signed.npy
"$field" ones f64 1,32 line.npy

refuse 2 'expected FILE'
refuse 2 "FILE is 'beam'; expected a name that ends in .npy, .npz, .h5, .mat, .dat, .png, .jpg or .tif" beam
refuse 2 "--out is 'none.jpg'; expected a name that ends in .png, .svg or .pdf" beam.npy --out none.jpg
refuse 1 'there is no file none.PNG; expected FILE, what is to be drawn' none.PNG
touch there.png
refuse 2 'there.png is a picture itself; --out FILE names the one that is drawn of it' there.png
refuse 2 '--member is of an .npz; given beam.npy' beam.npy --member x --out none.png
refuse 2 "--pitch is '8ns'; expected a length: 8nm, 8um, 8mm, 8cm or 8m" beam.npy --pitch 8ns --out none.png
refuse 1 'missing.npy' missing.npy --out none.png
"$field" random f64 0,4 empty.npy
refuse 1 'empty.npy has the shape [0, 4]' empty.npy --out none.png

# Without gnuplot only the picture fails.
mkdir -p bare
PATH="$folder/bare" run plot beam.npy --out none.png
[ "$code" = 1 ] || fail "without gnuplot: exit code $code"
errs 'needs gnuplot, which is not installed'
command -v gnuplot >/dev/null || finish

# draws NAME ARGUMENTS: and what stands in it, which an SVG shows as text.
draws() {
	name=$1
	shift
	expect 0 "$@"
	has . "$name"
}
shows() {
	for text in "$@"; do
		grep -qF "$text" "$name" || fail "$what: $name lacks '$text'"
	done
}
lacks() {
	for text in "$@"; do
		! grep -qF "$text" "$name" || fail "$what: $name has '$text'"
	done
}

draws beam.png plot beam.npy
errs 'onn plot: beam.png'
[ "$(head -c 4 beam.png | od -An -tx1 | tr -d ' ')" = 89504e47 ] || fail 'no PNG'
draws beam.pdf plot beam.npy --out beam.pdf
[ "$(head -c 5 beam.pdf)" = %PDF- ] || fail 'no PDF'
# 64 pixels of 8 um reach to 256 um; without a pitch they are counted.
draws beam.svg plot beam.npy --pitch 8um --out beam.svg --title "it's light"
shows 'intensity |E|² / arb. units' 'phase / rad' 'x / µm' 'y / µm' 'π' "it's light" '>-200<'
draws beam.svg plot beam.npy --pitch 80um --out beam.svg --show amplitude
shows 'amplitude |E|' 'x / mm' '>-2<'
lacks 'phase'
# Axes of other kinds: of lengths, from the first row to the last, or of plain numbers.
draws axes.svg plot signed.npy --out axes.svg --x-axis z:0:40mm --y-axis t:-2ns:2ns --title 'a map'
shows 'z / mm' 't / ns' '>40<' 'a map'
lacks 'value' 'pixels'
draws axes.svg plot signed.npy --out axes.svg --x-axis order:-3:3
shows '>order<' '>-3<' 'y / pixels' 'value'
draws axes.svg plot signed.npy --out axes.svg --x-axis gas_2:1kPa:4kPa
shows '>gas_2 / Pa<'
rm -f none.png
for axis in z z:0 z:0:1:2 :0:1 z:4ns:1mm z:1:1 "z':0:1"; do
	refuse 2 "--x-axis is '$axis'; expected NAME:FROM:TO, what the first and the last pixel are at" \
		signed.npy --out none.png --x-axis "$axis"
done
[ ! -e none.png ] || fail "a picture of refused axes"
draws beam.svg plot beam.npy --out beam.svg --show real --log 3
shows 'real part' 'x / pixels'
draws stack.svg plot stack.npy --out stack.svg
shows '>0<' '>5<' '|E|² / arb. units' 'phase'
draws signed.svg plot signed.npy --out signed.svg
shows 'value' 'y / pixels'
draws phase.svg plot signed.npy --show phase --out phase.svg
shows 'phase / rad' '2π'
# What is larger than its panel keeps what is largest in it: the scale is the field's own.
"$field" square 1500 1 point.npy
draws point.svg plot point.npy --show intensity --out point.svg
shows '>1<' '>0.8<'
expect 2 plot point.npy --out a.png --plot b.png
errs '--out and --plot are the same'
draws line.svg plot line.npy --plot line.svg --pitch 1mm
draws line.svg plot line.npy --out line.svg --pitch 1mm
shows 'value' 'x / mm'
# Members of archives.
expect 0 pulse --od 3 --fluence 1 --out trace.npz
expect 2 plot trace.npz
errs 'trace.npz needs --member, one of '
draws trace.svg plot trace.npz --member bleached --out trace.svg
expect 2 plot trace.npz --member none
errs 'trace.npz needs --member'

# Light, and how it goes on: panels of few distances, the side of many.
draws source.svg source ring.npy --wavelength 532nm --pitch 8um --size 64 --kind laguerre-gauss --charge 1 --plot source.svg
shows 'intensity |E|² / arb. units' 'phase / rad' 'x / µm'
good='--wavelength 532nm --pitch 8um'
draws far.svg propagate beam.npy far.npy $good --distance 5cm --plot far.svg --show intensity
shows 'intensity |E|² / arb. units'
draws panels.svg propagate beam.npy panels.npy $good --distance 1cm,2cm,5cm --plot panels.svg
shows 'z = 1 cm' 'z = 5 cm'
shape panels.npy 'c128 3,64,64'
draws side.svg propagate beam.npy side.npy $good --distance 0:5cm:11 --plot side.svg
shows 'z / mm' 'x / µm' 'intensity |E|² / arb. units'
lacks 'phase'
# A film: as many frames as fields, each with a delay of its own.
draws film.gif propagate beam.npy film.npy $good --distance 0:5cm:11 --plot film.gif
[ "$(head -c 6 film.gif)" = GIF89a ] || fail 'no GIF'
# In a pipe a line says what takes a while, on a terminal a bar; neither does where it is to be quiet.
errs 'onn propagate: drawing film.gif, 11 frames'
expect 0 plot film.npy --out quiet.gif --quiet
silent
if script -qec true /dev/null >/dev/null 2>&1; then
	"$field" random f64 80,160,160 long.npy
	TERM=xterm script -qec "$onn plot long.npy --out bar.gif" /dev/null </dev/null >shown 2>&1
	grep -q 'bar.gif: frame [0-9]*/80 \[' shown || fail "no bar on a terminal: $(cat shown)"
fi
frames=$(od -An -v -tx1 film.gif | tr -d ' \n' | grep -o '21f904' | wc -l)
[ "$frames" -ge 11 ] || fail "film.gif has $frames frames"
expect 2 source none.npy $good --plot none.gif
errs "--plot is 'none.gif'"
expect 2 propagate beam.npy none.npy $good --distance 1cm --plot none.bmp
errs "--plot is 'none.bmp'"
expect 2 propagate beam.npy none.npy $good --distance 1cm --show phase --gamma 0
errs "--gamma is '0'"
finish
