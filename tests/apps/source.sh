#!/bin/sh
# onn source: its light against formulas, its line, its files and its errors. $2 makes and compares fields.
command=source
. "$(dirname "$0")/field.sh"

# light OUT OPTIONS: at 532 nm and 8 um; succeeds with one line on standard error.
light() {
	expect 0 source --wavelength 532e-9 --pitch 8e-6 "$@"
	[ "$(wc -l <err)" = 1 ] || fail "$what: $(wc -l <err) lines on standard error: $(cat err)"
	[ ! -s out ] || fail "$what: text on standard output"
}

# A Gaussian beam, at its waist and behind it, by another formula.
for z in 0 0.05 -0.02; do
	light beam.npy --size 128 --waist 80e-6 --distance $z
	errs 'onn source: gaussian, waist 80 um; 128 x 128 pixels; pitch 8 um x 8 um; f64'
	"$field" gaussian 128 8e-6 532e-9 80e-6 $z formula.npy
	near beam.npy formula.npy 1e-10
done
light beam.npy --size 64
errs 'waist 64 um'
shape beam.npy 'c128 64,64'
light beam.npy
shape beam.npy 'c128 256,256'
light beam.npy --size 32,64 --precision f32
shape beam.npy 'c64 32,64'
light beam.npy --size 1,64
errs 'waist 64 um; 1 x 64 pixels'
# It is what onn propagate makes of the waist.
light waist.npy --size 128 --waist 80e-6
light behind.npy --size 128 --waist 80e-6 --distance 0.05
expect 0 propagate waist.npy there.npy --wavelength 532e-9 --pitch 8e-6 --distance 0.05 --device c
near there.npy behind.npy 3e-6

# A plane wave, straight and tilted: exp(i k y sin t), pixel 40 being 8 from the axis.
light plane.npy --kind plane --size 64
"$field" ones c128 64,64 ones.npy
near plane.npy ones.npy 0
light tilted.npy --kind plane --size 64 --tilt 0.02,0
# 2 pi 64e-6 sin(0.02)/532e-9 = 15.11643...
value tilted.npy 40,7 -0.8300869443756 0.5576339881833 1e-9
light angle.npy --kind plane --size 64 --tilt 20mrad,0deg
near angle.npy tilted.npy 0
refuse 2 "--tilt is '1um'; expected an angle" none.npy --wavelength 532nm --pitch 8um --kind plane --tilt 1um
refuse 1 'turns by up to 3.778 rad from pixel to pixel' none.npy --wavelength 532e-9 --pitch 8e-6 --kind plane --tilt 0.04,0
# A hole in a screen: 5 x 5 pixels but for the corners lie within 18 um.
light hole.npy --kind plane --size 16 --aperture 18e-6
value hole.npy 8,10 1 0 0
"$field" value hole.npy 10,10 0 0 0 >off
grep -q 'found 0 0' off || fail "light beside the hole: $(cat off)"

# A point: exp(i k r) |z|/r; r = 1 cm on the axis, 18796.99 wavelengths.
light point.npy --kind point --size 64 --distance 0.01
value point.npy 32,32 0.998884304488 -0.047224424278 1e-9
light point.npy --kind point --size 64 --distance -0.01 --at 1e-5,0
# Modes of a power of 1.
light ring.npy --kind laguerre-gauss --charge 2
errs 'onn source: laguerre-gauss, waist 256 um'
"$field" power ring.npy 8e-6 1 1e-9 >off || fail "power of a ring: $(cat off)"
"$field" value ring.npy 128,128 0 0 0 >off
grep -q 'found 0 0' off || fail "light in the middle of a ring: $(cat off)"
light lobes.npy --kind hermite-gauss --order 1,2
"$field" power lobes.npy 8e-6 1 1e-9 >off || fail "power of lobes: $(cat off)"
light again.npy --kind laguerre-gauss --radial 1 --charge -1

# A picture of the intensity.
light ring.png --kind laguerre-gauss --charge 2
errs 'white is an intensity of '
"$field" intensity ring.png ring.npy 8e-6 >off || fail "ring.png: $(cat off)"

# The intensity as it is, in floats of a TIFF: of a hole 1 or 0, as its amplitude.
if "$onn" source hole.tif --wavelength 532e-9 --pitch 8e-6 --kind plane --size 16 --aperture 18e-6 >out 2>err; then
	expect 0 propagate hole.tif again.npy --wavelength 532e-9 --pitch 8e-6 --distance 0 --padding 0 --device c
	near again.npy hole.npy 1e-12
	expect 0 propagate hole.npy out.TIFF --wavelength 532e-9 --pitch 8e-6 --distance 0 --padding 0 --device c
	expect 0 propagate out.TIFF again.npy --wavelength 532e-9 --pitch 8e-6 --distance 0 --padding 0 --device c
	near again.npy hole.npy 1e-6
	printf 'II*\0\10\0\0\0' >cut.tif
	expect 1 propagate cut.tif none.npy --wavelength 532e-9 --pitch 8e-6 --distance 0
	errs 'cut.tif is a damaged TIFF'
	[ ! -e none.npy ] || fail "$what: left a file"
else
	what='onn source hole.tif'
	errs 'this build has no libtiff'
	[ ! -e hole.tif ] || fail "$what: left a file"
fi

# What turns too fast for its pixels is written, with a second line.
expect 0 source near.npy --wavelength 532e-9 --pitch 8e-6 --kind point --distance 2e-3
errs 'onn source: WARNING: near.npy is sampled too coarsely: a point source 2 mm before the plane turns by'
expect 0 source fine.npy --wavelength 532e-9 --pitch 8e-6 --kind hermite-gauss --order 0,40 --waist 2e-5
errs 'WARNING: fine.npy is sampled too coarsely: the Hermite-Gauss mode (0, 40) of 20 um at its waist'
expect 0 source fine.npy --wavelength 532e-9 --pitch 8e-6 --waist 9e-6
errs 'expected a pitch of at most 5.379 um'

# Lists: a file for each value, as each alone makes it, and a table that a formula tells.
light one.npy --size 128 --waist 120um
for jobs in 1 3; do
	expect 0 source beams$jobs --wavelength 532nm --pitch 8um --size 128 --waist 100um:140um:3 --jobs $jobs
	has beams$jobs sweep.csv waist=100um.npy waist=120um.npy waist=140um.npy runs.json
	same one.npy beams$jobs/waist=120um.npy
done
same beams1/sweep.csv beams3/sweep.csv
awk -F, 'NR == 1 { if ($0 != "waist,width_x,width_y,fwhm_x,fwhm_y,peak,power,file") bad = 1; next }
	{ w = $2 / $1; f = $4 / (1.17741 * $1); p = $7 / (1.570796 * $1 * $1); bad += w < .999 || w > 1.001 || f < .99 || f > 1.01 || p < .999 || p > 1.001 }
	END { exit NR != 4 || bad }' beams1/sweep.csv || fail "$what: $(cat beams1/sweep.csv)"
grep -q '^0.0001,.*,"waist=100um.npy"$' beams1/sweep.csv || fail "$what: $(cat beams1/sweep.csv)"
if command -v gnuplot >/dev/null; then
	grep -q 'width along x, two standard deviations / µm' beams1/sweep.svg || fail "$what: no unit on the axis of widths"
fi
expect 0 source modes/ --wavelength 532nm --pitch 8um --size 64 --kind laguerre-gauss --charge 1,2 --radial 0,1
[ "$(ls modes/*.npy | wc -l)" = 4 ] || fail "$what: $(ls modes)"
expect 1 source beams1 --wavelength 633nm --pitch 8um --size 128 --waist 100um,120um
errs 'beams1 holds runs that were made with --wavelength 532nm, and it is 633nm now'
refuse 2 "OUT is 'none.npy', and there is a list; expected a folder, a name without an ending" none.npy --wavelength 532nm --pitch 8um --waist 1mm,2mm
refuse 2 '--plot is of one light, and there is a list' none --wavelength 532nm --pitch 8um --waist 1mm,2mm --plot none.png
refuse 2 '--jobs is of a list' none.npy --wavelength 532nm --pitch 8um --jobs 2
refuse 2 "--waist is '1mm,2ns'; expected" none --wavelength 532nm --pitch 8um --waist 1mm,2ns

good='--wavelength 532e-9 --pitch 8e-6'
refuse 2 'expected OUT'
refuse 2 "OUT is 'none'; expected a name that ends in .npy, .npz, .h5, .mat, .png or .tif" none $good
refuse 2 '--wavelength is missing' none.npy --pitch 8e-6
refuse 2 '--pitch is missing' none.npy --wavelength 532e-9
expect 0 source tiny.npy --wavelength 532nm --pitch 8um --size 32 --aperture 2um
errs 'WARNING: the aperture is 4 um wide, less than a pixel of 8 um x 8 um'
refuse 1 'nodir/a.png: there is no folder nodir/' none.npy --wavelength 532nm --pitch 8um --plot nodir/a.png
refuse 2 "--wavelength is '532'; expected a unit: 532nm, or 532m where that is meant" none.npy --wavelength 532 --pitch 8e-6
refuse 2 "--kind is 'gausian'" none.npy $good --kind gausian
refuse 2 '--tilt goes with --kind plane; given gaussian' none.npy $good --tilt 0.1
refuse 2 '--waist goes with --kind gaussian, hermite-gauss or laguerre-gauss; given plane' none.npy $good --kind plane --waist 1e-4
refuse 2 '--charge is 1.5; expected a whole number' none.npy $good --kind laguerre-gauss --charge 1.5
refuse 2 '--kind point needs --distance' none.npy $good --kind point
refuse 2 "--size is '0'" none.npy $good --size 0
refuse 1 'the grid has one row' none.npy $good --size 1,64 --kind laguerre-gauss
refuse 1 'there is no folder missing/' missing/none.npy $good
refuse 1 '1048576 x 1048576 pixels need ' none.npy $good --size 1048576
finish
