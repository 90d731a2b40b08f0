#!/bin/sh
# onn propagate: its numbers by every method, its line, its files and its errors. $2 makes and compares fields.
command=propagate
. "$(dirname "$0")/field.sh"
export ONN_DEVICE=c

# light IN OUT OPTIONS: at 532 nm and 8 um; succeeds with one line on standard error and nothing on standard output.
light() {
	expect 0 propagate --wavelength 532e-9 --pitch 8e-6 "$@"
	[ "$(wc -l <err)" = 1 ] || fail "$what: $(wc -l <err) lines on standard error"
	[ ! -s out ] || fail "$what: text on standard output"
}

"$field" random c128 48,60 random.npy
"$field" random f64 48,60 real.npy
"$field" random c64 2,3,16,20 stack.npy
"$field" gaussian 128 8e-6 532e-9 80e-6 0 beam.npy

# There and back, and in two steps, without padding: nothing is lost and nothing comes in.
light random.npy there.npy --distance 0.0137 --padding 0 --evanescent drop
shape there.npy 'c128 48,60'
"$field" near there.npy random.npy 0.1 >/dev/null && fail 'nothing was propagated'
light there.npy back.npy --distance -0.0137 --padding 0 --evanescent drop
near back.npy random.npy 1e-12
light random.npy half.npy --distance 0.00685 --padding 0
light half.npy whole.npy --distance 0.00685 --padding 0
near whole.npy there.npy 1e-12
light random.npy same.npy --distance 0
near same.npy random.npy 1e-13
# A plane wave without an edge: exp(ikz), 0.1 m being 187969 wavelengths and 0.924812030 of one.
"$field" ones c128 4,6 ones.npy
light ones.npy plane.npy --distance 0.1 --padding 0
value plane.npy 3,5 0.8904697174694 -0.4550425060034 1e-9
# In single precision, 2e-6 of the peak.
light random.npy single.npy --distance 0.0137 --padding 0 --evanescent drop --precision f32 --threads 1
shape single.npy 'c64 48,60'
near single.npy there.npy 2e-6
errs 'f32 on c'

# Each method against something computed another way.
"$field" gaussian 128 8e-6 532e-9 80e-6 0.05 beam5.npy
light beam.npy fresnel.npy --distance 0.05 --method fresnel
near fresnel.npy beam5.npy 1e-10
light beam.npy asm.npy --distance 0.05
# The paraxial beam is off by at most theta^2 z/(2 zR), theta = wavelength/(pi w0): 3.0e-6 here.
near asm.npy beam5.npy 3e-6
light beam.npy banded.npy --distance 0.05 --method band-limited
near banded.npy beam5.npy 3e-6
light beam.npy rs.npy --distance 0.05 --method rs
near rs.npy beam5.npy 3e-6
light beam.npy scaled.npy --distance 0.05 --method scaled
near scaled.npy asm.npy 1e-11
light beam.npy finer.npy --distance 0.05 --method scaled --out-pitch 4e-6,2e-6 --out-shift 80e-6,-40e-6
errs 'pitch out 4 um x 2 um about 80 um, -40 um'
# Pixels 74, 59 of the first grid are the middle of the finer one.
"$field" value asm.npy 74,59 0 1 0 >middle
value finer.npy 64,64 $(sed -n 's/^found //p' middle) 1e-10
# The light of one pixel, by Rayleigh and Sommerfeld: h(4, 3, 10 um; 633 nm) dy dx.
"$field" delta c128 9,9 delta.npy
expect 0 propagate delta.npy h.npy --wavelength 633e-9 --pitch 1e-6 --distance 10e-6 --method rs
value h.npy 8,7 -0.108339055997175 0.0650878886372996 1e-11
errs 'WARNING: sampled too coarsely: rs'
# The far field of one pixel is even: dy dx/(wavelength z), and -i on the axis times exp(ikz).
light delta.npy far.npy --distance 0.1 --method fraunhofer
errs 'pitch out 738.888889 um x 738.888889 um'
value far.npy 4,4 -0.00054741955609 -0.00107124176538 1e-9
light random.npy chosen.npy --distance 0.001 --method auto
errs 'onn propagate: asm ('
light random.npy plainly.npy --distance 0.001
near chosen.npy plainly.npy 0

# Axes of their own, and a field in one dimension.
expect 0 propagate random.npy axes.npy --wavelength 532e-9 --pitch 8e-6,4e-6 --distance 0.001 --padding 7,5
errs '48 x 60 pixels padded to 62 x 70; pitch out 8 um x 4 um; f64 on c'
"$field" ones f64 1,32 line.npy
light line.npy line1.npy --distance 0.001
shape line1.npy 'c128 1,32'
errs 'padded to 1 x 64'
light line.npy line2.npy --distance 0.001 --padding 16
errs 'padded to 1 x 64'
near line2.npy line1.npy 0

# Several distances: a stack of what each alone gives, to the bit.
expect 0 propagate beam.npy stack3.npy --wavelength 532nm --pitch 8um --distance 0:5cm:3
errs '3 distances from 0 m to 5 cm, worst at '
shape stack3.npy 'c128 3,128,128'
light beam.npy one.npy --distance 2.5cm
for index in 70,64 60,50; do
	"$field" value one.npy $index 0 1 0 >middle
	value stack3.npy 1,$index $(sed -n 's/^found //p' middle) 0
done
expect 0 propagate stack.npy deep.npy --wavelength 532nm --pitch 8um --distance 1mm,2mm
shape deep.npy 'c128 2,2,3,16,20'
light stack.npy stack1.npy --distance 0.002
"$field" value stack1.npy 1,2,7,9 0 1 0 >middle
value deep.npy 1,1,2,7,9 $(sed -n 's/^found //p' middle) 0
# Side by side the same bytes, by any number of jobs; in a folder nothing is done twice.
list='beam.npy --wavelength 532nm,600nm --pitch 8um --distance 0:5cm:3'
for more in '' --incoherent '--precision f32'; do
	for jobs in 1 3; do
		expect 0 propagate $list $more list$jobs.npy --jobs $jobs --threads 2 --csv list$jobs.csv
		sed 's/^onn propagate: //' err >said$jobs
		expect 0 propagate $list $more folder$jobs --jobs $jobs --threads 2
		kept=fields.npy
		[ "$more" = --incoherent ] && kept=intensity.npy
		has folder$jobs $kept measures.csv runs.json jobs/00005.npy
		same list$jobs.npy folder$jobs/$kept
		same list$jobs.csv folder$jobs/measures.csv
		[ "$jobs" = 3 ] && [ "$more" != '--precision f32' ] && rm -r folder$jobs
	done
	same list1.npy list3.npy
	same list1.csv list3.csv
	same said1 said3
	rm -r folder1
done
rm folder3/jobs/00002.npy folder3/fields.npy
touch -d '2001-01-01' folder3/jobs/00001.npy
expect 0 propagate $list --precision f32 folder3/
same list1.npy folder3/fields.npy
[ -z "$(find folder3/jobs/00001.npy -newermt 2002-01-01)" ] || fail "$what: what was there is done again"
expect 1 propagate $list folder3
errs 'folder3 holds runs that were made with --precision f32, and it is not given now; expected the same, or another folder'
expect 1 propagate random.npy ${list#* } --precision f32 folder3
errs 'folder3 holds runs that were made with another IN'
refuse 2 '--jobs goes with a list' beam.npy none.npy --wavelength 532nm --pitch 8um --distance 1mm --jobs 2
refuse 2 "--device is 'c,c', and there is one run" beam.npy none.npy --wavelength 532nm --pitch 8um --distance 1mm --device c,c
refuse 2 "OUT is 'none.xyz'; expected a name that ends in .npy, .npz, .h5, .mat, .png or .tif, or of a folder, without an ending" \
	$list none.xyz

# SIGINT ends it with 130: of a file nothing is there, a folder goes on.
"$field" random c64 200,200 large.npy
long='large.npy --wavelength 532nm --pitch 8um --distance 1mm:2cm:2000 --method asm --threads 2 --precision f32'
for out in stopped.npy stopped; do
	for jobs in 1 2; do
		what="onn propagate $long $out --jobs $jobs, SIGINT"
		timeout --foreground --preserve-status -s INT 1 "$onn" propagate $long $out --jobs $jobs >out 2>err
		[ $? = 130 ] || fail "$what: no 130: $(cat err)"
		errs 'stopped by a signal'
	done
done
[ ! -e stopped.npy ] || fail "$what: it left a file"
[ ! -e stopped/fields.npy ] && [ -s stopped/jobs/00000.npy ] || fail "$what: in its folder: $(ls stopped)"
errs 'what is done is kept: the same command goes on'
refuse 1 'none.png is one picture, and there are 2 fields' beam.npy none.png --wavelength 532nm --pitch 8um --distance 1mm,2mm
refuse 2 'has a pitch of its own at each distance' beam.npy none.npy --wavelength 532nm --pitch 8um --distance 1,2 --method fraunhofer
refuse 2 '--distance is -0.1 and --evanescent is decay' beam.npy none.npy --wavelength 532nm --pitch 8um --distance 1,-10cm
refuse 2 "--distance is '3ns'; expected" beam.npy none.npy --wavelength 532nm --pitch 8um --distance 3ns
refuse 2 "--wavelength is '5ns'; expected a length: 5nm, 5um, 5mm, 5cm or 5m" beam.npy none.npy --wavelength 5ns --pitch 8um --distance 1

# A faint field keeps its digits: the same, times a power of 10.
for faint in 'f32 1e-30 1e30' 'f32 1e-36 1e36' 'f64 1e-300 1e300'; do
	set -- $faint
	"$field" times "$2" random.npy faint.npy
	for method in asm rs; do
		light random.npy bright1.npy --distance 0.0137 --precision "$1" --method $method
		light faint.npy faint1.npy --distance 0.0137 --precision "$1" --method $method
		"$field" times "$3" faint1.npy faint2.npy
		[ "$1" = f32 ] && near faint2.npy bright1.npy 3e-6 || near faint2.npy bright1.npy 1e-12
	done
done

# Real numbers, whole numbers and stacks.
light real.npy real1.npy --distance 0.0137
shape real1.npy 'c128 48,60'
"$field" ones u8 4,6 bytes.npy
light bytes.npy bytes1.npy --distance 0.1 --padding 0
near bytes1.npy plane.npy 0
light stack.npy stack1.npy --distance 0.002
shape stack1.npy 'c128 2,3,16,20'
errs '6 fields of 16 x 20 pixels'
light stack1.npy stack2.npy --distance -0.002 --evanescent drop --padding 0
light stack.npy stack32.npy --distance 0.002 --precision f32
near stack32.npy stack1.npy 2e-6

# Pictures: grey is amplitude before and intensity behind.
light beam.npy beam.png --distance 0.05
errs 'white is an intensity of'
"$field" intensity beam.png asm.npy 8e-6 >off || fail "beam.png: $(cat off)"
cp beam.png BEAM.PNG
light BEAM.PNG again.npy --distance 0 --padding 0
"$field" value again.npy 64,64 1 0 1e-12 >off || fail "white is not an amplitude of 1: $(cat off)"
# auto, the default, keeps to its promise: what is expected to be wrong is told, the tolerance is met, padding is found.
light beam.npy best.npy --distance 0.05
errs 'onn propagate: rs (exact to rounding); 128 x 128 pixels'
near best.npy beam5.npy 3e-6
"$field" square 32 13 hard.npy
light hard.npy hard1.npy --distance 0.003
errs 'of the peak is wrong); 32 x 32 pixels'
light hard.npy hard2.npy --distance 0.003 --tolerance 1e-5
near hard1.npy hard2.npy 1e-3
light hard.npy hard3.npy --distance 0.003 --method asm --padding 2
errs 'WARNING: sampled too coarsely: asm (some '
errs '1.0e-03 is asked for; expected method asm with padding of '
# What was named there is enough.
advice=$(sed -n 's/.*with padding of \([0-9]*\) x \([0-9]*\) pixels.*/\1,\2/p' err)
light hard.npy hard4.npy --distance 0.003 --method asm --padding "$advice"
grep -q WARNING err && fail "$what: the padding that was named is not enough: $(cat err)"
near hard4.npy hard2.npy 1e-3
# A grating of whole periods that repeats beyond its edges does so at any distance: |u|^2 after one and two Talbot lengths.
"$field" grating 300 10 grating.npy
for z in 0.0099997499875 0.019999499975; do
	expect 0 propagate grating.npy talbot.npy --wavelength 500e-9 --pitch 5e-6 --padding 0 --distance $z
	errs 'asm (exact to rounding, for a field that repeats itself in y and x, where there is no padding)'
	[ -z "$(grep WARNING err)" ] || fail "$what: $(cat err)"
	"$field" intensity-near talbot.npy grating.npy 5e-3 >off || fail "$what: $(cat off)"
done
# A column is the same light as a row, however far it goes.
"$field" ones f64 48,1 column.npy
"$field" ones f64 1,48 row.npy
for z in 2e-3 6e-3 1e-2; do
	expect 0 propagate column.npy column1.npy --wavelength 633e-9 --pitch 4e-6 --distance $z
	expect 0 propagate row.npy row1.npy --wavelength 633e-9 --pitch 4e-6 --distance $z
	"$field" near column1.npy row1.npy 1e-3 >off || fail "$what: column and row: $(cat off)"
done
# Pixels finer than the wavelength keep their evanescent waves: z -> 0 tends to the field.
expect 0 propagate hard.npy close.npy --wavelength 1e-6 --pitch 1e-7 --distance 1e-9
near close.npy hard.npy 0.1
expect 0 propagate hard.npy close1.npy --wavelength 1e-6 --pitch 1e-7 --distance 1e-9 --method asm --padding 200
near close.npy close1.npy 1e-3
for z in 1e-7 5e-7 3e-6; do
	expect 0 propagate hard.npy close.npy --wavelength 1e-6 --pitch 1e-7 --distance $z
	expect 0 propagate hard.npy close1.npy --wavelength 1e-6 --pitch 1e-7 --distance $z --method asm --padding 400
	near close.npy close1.npy 2e-3
done
# The far field, and the paraxial one, outside their ranges.
light beam.npy far.npy --distance 0.1 --method fraunhofer
errs 'WARNING: no far field: fraunhofer (the far field of what is lit, 344 um, begins'
light beam.npy far.npy --distance 1 --method fraunhofer
grep -q WARNING err && fail "$what: $(cat err)"
"$field" gaussian 64 1e-6 532e-9 2e-6 0 steep.npy
expect 0 propagate steep.npy steep1.npy --wavelength 532e-9 --pitch 1e-6 --distance 30e-6 --method fresnel
errs 'WARNING: sampled too coarsely: fresnel (some '
errs 'expected method'
light beam.npy flat.npy --distance 0.05 --method fresnel
grep -q WARNING err && fail "$what: $(cat err)"
# Light whose phase turns too fast for its pixels: a lens of 3 mm, where 128 pixels of 8 um sample one of 15 mm.
"$field" lens 128 8e-6 532e-9 3e-3 lens.npy
expect 0 propagate lens.npy lens1.npy --wavelength 532e-9 --pitch 8e-6 --distance 1e-3
errs 'WARNING: lens.npy is sampled too coarsely: the light turns by up to'
errs 'expected a pitch of at most 1.58'
"$field" lens 128 8e-6 532e-9 20e-3 lens.npy
light lens.npy lens1.npy --distance 1e-3

# What was wrong, by name and value.
good='--wavelength 532e-9 --pitch 8e-6 --distance 0.1'
refuse 2 'expected IN OUT' random.npy
refuse 2 "IN is 'random.txt'; expected a name that ends in .npy, .npz, .h5, .mat, .png or .tif" random.txt none.npy $good
refuse 2 "OUT is 'none'; expected a name that ends in .npy, .npz, .h5, .mat, .png or .tif" random.npy none $good
refuse 2 '--wavelength is missing; expected numbers with commas' random.npy none.npy --pitch 8e-6 --distance 1
refuse 2 '--pitch is missing' random.npy none.npy --wavelength 1e-6 --distance 1
refuse 2 '--distance is missing' random.npy none.npy --wavelength 1e-6 --pitch 8e-6
refuse 2 "--wavelength has 0; expected lengths above 0" random.npy none.npy $good --wavelength 0
refuse 2 "--wavelength is '532n'" random.npy none.npy $good --wavelength 532n
refuse 2 "--pitch is '-8e-6'; expected a length above 0 (in m, or as 8um), or Y,X" random.npy none.npy $good --pitch -8e-6
refuse 2 "--pitch is '8e-6,0'" random.npy none.npy $good --pitch 8e-6,0
refuse 2 "--pitch is '8e-6,'" random.npy none.npy $good --pitch 8e-6,
refuse 2 "--pitch is '1,2,3'" random.npy none.npy $good --pitch 1,2,3
refuse 2 "--distance is 'nan'; expected numbers" random.npy none.npy $good --distance nan
refuse 2 "--distance is 'inf'" random.npy none.npy $good --distance inf
refuse 2 "--distance is '1e999'" random.npy none.npy $good --distance 1e999
refuse 2 "--padding is '-1'; expected a whole number from 0" random.npy none.npy $good --padding -1
refuse 2 "--padding is '1.5'" random.npy none.npy $good --padding 1.5
refuse 2 "--method is 'asn'" random.npy none.npy $good --method asn
refuse 2 'the nearest is asm' random.npy none.npy $good --method asn
refuse 2 '--distance is -0.1 and --evanescent is decay' random.npy none.npy $good --distance -0.1
refuse 2 '--out-pitch goes with --method scaled; given auto' random.npy none.npy $good --out-pitch 1e-6
refuse 2 '--out-shift goes with --method scaled' random.npy none.npy $good --method auto --out-shift 0,0
refuse 2 '--padding goes with' random.npy none.npy $good --method rs --padding 4
refuse 2 '--evanescent goes with' random.npy none.npy $good --method fresnel --evanescent drop
refuse 1 'the distance is 0' random.npy none.npy $good --distance 0 --method rs
refuse 1 'the distance is 0' random.npy none.npy $good --distance 0 --method fraunhofer

cp random.npy kept.npy
ln -s random.npy other.npy
refuse 2 'OUT, other.npy, is IN, random.npy, which is never overwritten' random.npy other.npy $good
refuse 2 'OUT, ./random.npy, is IN' random.npy ./random.npy $good
refuse 2 'OUT, random.npy, is IN' random.npy random.npy $good
same random.npy kept.npy
# OUT may be a link, and keeps its mode.
mkdir disk
cp random.npy disk/out.npy
chmod 600 disk/out.npy
ln -s disk/out.npy link.npy
expect 0 propagate random.npy link.npy $good
[ -L link.npy ] || fail "a link as OUT was replaced"
cmp -s random.npy disk/out.npy && fail "the file behind a link is the old one"
[ "$(stat -c %a disk/out.npy)" = 600 ] || fail "OUT has another mode"

refuse 1 'missing.npy' missing.npy none.npy $good
refuse 1 'there is no folder missing/' random.npy missing/none.npy $good
refuse 1 'none.png is one picture, and there are 6 fields' stack.npy none.png $good
"$field" ones f64 7 flat.npy
refuse 1 'flat.npy has the shape [7]; expected [y, x] or [..., y, x]' flat.npy none.npy $good
"$field" ones f64 0,7 empty.npy
refuse 1 'empty.npy has the shape [0, 7]' empty.npy none.npy $good
"$field" nan c128 2,3,4 nan.npy
refuse 1 'nan.npy holds nan at [1, 2, 3]' nan.npy none.npy $good
"$field" huge c128 8,8 bright.npy
refuse 1 'none.png: the largest intensity is beyond f64' bright.npy none.png $good
# Several wavelengths: as each alone, in front of the distances. What does not interfere is added up.
light beam.npy one.npy --distance 0.05 --wavelength 600e-9
light beam.npy colours.npy --distance 0.05 --wavelength 532e-9,600e-9 --csv colours.csv
errs '2 wavelengths from 532 nm to 600 nm, worst at'
shape colours.npy 'c128 2,128,128'
"$field" value one.npy 74,59 0 0 0 >middle
value colours.npy 1,74,59 $(sed -n 's/^found //p' middle) 1e-12
light beam.npy all.npy --distance 0,0.05,0.1 --wavelength 532e-9,600e-9
shape all.npy 'c128 2,3,128,128'
value all.npy 1,1,74,59 $(sed -n 's/^found //p' middle) 1e-12
# A Gaussian beam's width is w0 (1 + (z lambda/(pi w0^2))^2)^1/2, w0 = 80 um: twice the standard deviation.
awk -F, 'NR == 1 { if ($0 !~ /^wavelength,z,field,power,peak,at_y/) bad = 1; next }
	{ q = $2 * $1 / (3.14159265358979 * 6.4e-9); w = 80e-6 * sqrt(1 + q * q); if ($10 < .999 * w || $10 > 1.001 * w) bad = 1 }
	END { exit NR != 3 || bad }' colours.csv || fail "widths of colours: $(cat colours.csv)"
light beam.npy sum.npy --distance 0.05 --wavelength 532e-9,600e-9 --incoherent
shape sum.npy 'f64 128,128'
expect 0 propagate beam.npy sum2.npy --pitch 8e-6 --distance 0.05 --wavelength 532e-9,600e-9 --incoherent --precision f32 --csv -
[ "$(wc -l <out)" = 2 ] || fail "rows of what does not interfere: $(cat out)"
light stack.npy six.npy --distance 0.01,0.02 --incoherent
shape six.npy 'f64 2,16,20'
light beam.npy sum.png --distance 0.05 --wavelength 532e-9,600e-9 --incoherent
refuse 1 'is one picture, and there are 2 fields; expected a name that ends in .npy, or --incoherent' beam.npy none.png $good \
	--distance 0.05 --wavelength 532e-9,600e-9
refuse 2 '--method fraunhofer has a pitch of its own at each wavelength' beam.npy none.npy $good --method fraunhofer \
	--wavelength 532e-9,600e-9

# Lengths in other units than metres.
refuse 2 "--wavelength is '532'; expected a unit: 532nm, or 532m where that is meant" random.npy none.npy $good --wavelength 532
refuse 2 "--wavelength is '0.532'; expected a unit: 0.532um, or 0.532m where that is meant" random.npy none.npy $good --wavelength 0.532
refuse 2 '--wavelength is 0.02 m, above 1 cm; expected metres' random.npy none.npy $good --wavelength 0.02 --pitch 1
refuse 2 '--wavelength is 5.32e-07 m, longer than the grid; expected metres' random.npy none.npy $good --pitch 1e-9
refuse 2 "--tolerance is '0'; expected a number above 0" random.npy none.npy $good --tolerance 0
# The header of a field that no machine holds, and a padding that none does.
printf '\223NUMPY\001\000\166\000%-117s\n' \
	"{'descr': '<c16', 'fortran_order': False, 'shape': (1000000, 1000000), }" >huge.npy
refuse 1 'huge.npy has 0 bytes behind its header' huge.npy none.npy $good
refuse 1 '48 x 60 pixels padded by 1000000000 x 1000000000' random.npy none.npy $good --padding 1000000000
printf 'text' >text.npy
refuse 1 'text.npy' text.npy none.npy $good
cp random.npy text.png
refuse 1 'text.png' text.png none.npy $good
refuse 1 'device opencl:none' random.npy none.npy $good --device opencl:none
if [ "$(id -u)" != 0 ]; then
	mkdir closed
	chmod 555 closed
	refuse 1 'closed/none.npy' random.npy closed/none.npy $good
fi
# A limit of files' sizes is an error too, and leaves no part of a file.
(ulimit -f 8 && "$onn" propagate --wavelength 532e-9 --pitch 8e-6 --distance 0.01 random.npy limited.npy) >out 2>err
code=$?
what='onn propagate beyond ulimit -f'
[ $code = 1 ] || fail "$what: exit code $code"
errs 'File too large'
[ -z "$(ls limited*)" ] 2>/dev/null || fail "$what: left $(ls limited*)"

# Without standard descriptors the file is the same: no message goes into it.
light random.npy open.npy --distance 0.01
for closed in '<&-' '2>&-' '<&- >&-' '>&- 2>&-' '<&- 2>&-' '<&- >&- 2>&-'; do
	what="onn propagate $closed"
	eval "\"\$onn\" propagate --wavelength 532e-9 --pitch 8e-6 --distance 0.01 random.npy closed.npy $closed" ||
		fail "$what: exit code $?"
	same closed.npy open.npy
	rm -f closed.npy
done
finish
