#!/bin/sh
# onn simulate: its tables, files, pictures and errors. $2 makes and compares fields, $3 has the example systems.
field=$(realpath "$2") examples=$(realpath "$3")
. "$(dirname "$0")/expect.sh"

cp "$examples"/* .
for file in *.json; do
	[ "$(wc -l <"$file")" -le 20 ] || fail "$file has more than 20 lines"
done

# A focus, in a table for people and in files.
expect 0 simulate lens.json --out seen --device c
silent
says 'lens.json: 256 x 256 pixels of 8 um, 532 nm; f64 on c'
says '6 cm  camera'
says 'distance 6 cm; asm padded by'
says 'half     32.94 um x 32.94 um full width'
has seen camera.npy camera.field.npy camera.png cameras.csv system.json
head -1 seen/cameras.csv | grep -q '^camera,z,power,share,inside,overlap,peak,at_y,' || fail "columns: $(head -1 seen/cameras.csv)"
"$field" shape seen/camera.field.npy >off
grep -q 'c128 1,256,256' off || fail "shape of the field: $(cat off)"
# The system as it was, which gives the same again; an archive instead of a folder.
expect 0 simulate seen/system.json --out again
same seen/camera.npy again/camera.npy
same seen/cameras.csv again/cameras.csv
same seen/system.json again/system.json
expect 0 simulate lens.json --out all.npz
has . all.npz
# A file of MATLAB's, whose arrays others take by their name.
expect 0 simulate lens.json --out all.mat
expect 0 propagate all.mat:camera_field back.npy --wavelength 532nm --pitch 8um --distance 0 --padding 0 --precision f64
"$field" shape back.npy >off
grep -q 'c128 1,256,256' off || fail "shape of the field in all.mat: $(cat off)"
expect 0 simulate lens.json --set plane.radius=0.25mm --set lens.at.x=80um --csv -
awk -F, 'NR == 2 && ($9 < 7.9e-5 || $9 > 8.1e-5) { exit 1 }' out || fail "the focus is not at 80 um: $(tail -1 out)"

# A scan: a row a value, brightest near the focus.
expect 0 simulate lens.json --scan space.distance=50mm:70mm:5 --csv scan.csv
silent
[ "$(wc -l <scan.csv)" = 6 ] || fail "rows of the scan: $(wc -l <scan.csv)"
[ "$(sort -t, -gk8 scan.csv | tail -1 | cut -d, -f1)" = 0.06 ] || fail "brightest: $(sort -t, -gk8 scan.csv | tail -1)"
expect 0 simulate lens.json --scan plane.radius=0.1mm:1mm:3:log --csv -
[ "$(sed -n 3p out | cut -c1-12)" = 0.0003162277 ] || fail "the middle of a logarithmic scan: $(sed -n 3p out)"
says 'plane.radius,camera,z,power'

# A scan in a folder: the same bytes with any number of jobs, and nothing done twice.
scan='lens.json --set grid=64 --set pitch=20um --scan space.distance=50mm:70mm:5 --device c'
for jobs in 1 3; do
	expect 0 simulate $scan --jobs $jobs --threads 2 --out scan$jobs --csv scan$jobs.csv
	silent
	has scan$jobs camera.npy scan.csv system.json runs.json jobs/00004.npy
	cp out said$jobs
done
for file in camera.npy scan.csv system.json; do same scan1/$file scan3/$file; done
same said1 said3
"$field" shape scan1/camera.npy >off
grep -q 'f64 5,64,64' off || fail "shape of the scan: $(cat off)"
rm scan3/jobs/00002.npy scan3/camera.npy
touch -d '2001-01-01' scan3/jobs/00001.npy
expect 0 simulate $scan --out scan3
same scan1/camera.npy scan3/camera.npy
has scan3 jobs/00002.npy
[ -z "$(find scan3/jobs/00001.npy -newermt 2002-01-01)" ] || fail "$what: what was there is done again"
expect 1 simulate $scan --set lens.f=61mm --out scan3
errs 'scan3 holds runs that were made with another system; expected the same, or another folder'
expect 1 simulate $scan --scan space.distance=50mm:70mm:4 --out scan3
errs 'holds runs that were made with --scan space.distance=50mm:70mm:5, and it is space.distance=50mm:70mm:4 now'
# A folder of an onn that wrote down otherwise what its runs are of is refused, not mixed.
mkdir -p old/jobs && echo 'space.distance=50mm:70mm:5' >old/jobs/what.txt
expect 1 simulate $scan --out old
errs 'old holds runs of an earlier onn'
[ ! -e old/jobs/00000.npy ] || fail "$what: it has written there"
expect 0 simulate $scan --out scan.npz
has . scan.npz

# SIGINT ends it with 130, and nothing is written.
what='onn simulate, SIGINT'
timeout --foreground --preserve-status -s INT .6 "$onn" simulate lens.json --set grid=2048 --set space.method=rs \
	--device c --threads 1 --out stopped --csv stopped.csv >out 2>err
[ $? = 130 ] || fail "$what: no 130: $(cat err)"
errs 'stopped by a signal'
[ ! -e stopped ] && [ ! -e stopped.csv ] || fail "$what: it left files"

# Letters, and a 4f in one row.
echo '{"grid": 128, "pitch": "10um", "wavelength": "532nm", "layers": [
	{"layer": "text", "text": "F", "height": "0.6mm"}, {"layer": "camera", "name": "object", "target": "object.npy"},
	{"4f": {"f1": "60mm", "mask": {"layer": "aperture", "radius": "0.5mm"}}},
	{"layer": "camera", "name": "image"}]}' >letters.json
expect 0 simulate letters.json --set object.target= --csv -
awk -F, '$1 == "object" { y = $10; x = $11 } $1 == "image" { d = ($10 + y) ^ 2 + ($11 + x) ^ 2; exit !(x < -2e-5 && d < 1e-10) }' out ||
	fail "the image is not the letter turned round: $(cat out)"

# One camera of several, in the table and its CSV; long tables show some values.
expect 0 simulate letters.json --set object.target= --camera image --csv one.csv
! grep -q 'object at z' out || fail "$what: the table has other cameras"
says 'image at z'
[ "$(cut -d, -f1 one.csv | tr '\n' ' ')" = 'camera image ' ] || fail "$what: $(cat one.csv)"
expect 0 simulate letters.json --set object.target= --camera image --scan text.height=.2mm:.6mm:3 --csv one.csv
[ "$(cut -d, -f2 one.csv | tr '\n' ' ')" = 'camera image image image ' ] || fail "$what: $(cat one.csv)"
expect 0 simulate lens.json --set grid=32 --set plane.radius=0.1mm --scan space.distance=50mm:70mm:101 --csv all.csv
[ "$(wc -l <out)" = 42 ] && [ "$(wc -l <all.csv)" = 102 ] || fail "$what: $(wc -l <out) lines, $(wc -l <all.csv) in all.csv"
says 'these are 40 of 101 values, evenly spaced; all are in all.csv'
sed -n '2p;41p' out | awk '{ print $1 }' | tr '\n' ' ' | grep -q '^5 7 $' || fail "$what: not from the first to the last: $(cat out)"

# 4f: the mesh's crossing wires are filtered away.
expect 0 simulate 4f.json --out 4f
silent
has 4f object.npy spectrum.npy filtered.npy filtered.png
awk -F, '$1 == "filtered" && ($4 < .45 || $4 > .58) { exit 1 }' 4f/cameras.csv || fail "light behind the slit: $(cat 4f/cameras.csv)"

# An optimization: 1/60 of the places that the region has, and the lens's distance.
expect 0 simulate aim.json --out aim
says 'optimized in 100 steps: loss -0.0267'
has aim history.csv system.json
[ "$(wc -l <aim/history.csv)" = 102 ] || fail "rows of the history: $(wc -l <aim/history.csv)"
tail -1 aim/history.csv | awk -F, '$2 > -.83 || $3 < 1.4e-3 || $3 > 1.8e-3 || $5 < .058 || $5 > .062 { exit 1 }' ||
	fail "what was found: $(tail -1 aim/history.csv)"
# Its system has the numbers that were found, and nothing that is free.
expect 0 simulate aim/system.json --csv -
awk -F, 'NR == 2 && $5 < .83 { exit 1 }' out || fail "light in the region: $(tail -1 out)"
expect 0 simulate aim.json --steps 0 --csv -
awk -F, 'NR == 2 && $5 > .1 { exit 1 }' out || fail "light without an optimization: $(tail -1 out)"
expect 0 simulate aim.json --steps 2
says 'optimized in 2 steps'

# What is sampled too coarsely is told.
expect 0 simulate lens.json --set lens.f=20mm
errs 'onn simulate: WARNING: lens is sampled too coarsely: a lens of focal length 2 cm turns by'

# So is what is smaller than a pixel or off the grid, and what is to be optimized without an objective.
expect 0 simulate lens.json --set plane.radius=1um
errs 'onn simulate: WARNING: plane: its radius makes it smaller than a pixel, which is 8 um x 8 um'
sed '/"objective"/d; s/^  ],$/  ]/' aim.json >aimless.json
expect 0 simulate aimless.json
errs 'WARNING: tilt.angle.y is to be optimized, and the file does not say for what; expected "objective"'

refuse() {
	wanted_code=$1 text=$2
	shift 2
	expect "$wanted_code" simulate "$@"
	errs "$text"
}
refuse 2 'expected SYSTEM.json'
refuse 1 'none.json' none.json
refuse 2 "the system has no 'lense.f'; expected one of grid, pitch, wavelength, power" lens.json --set lense.f=1m
refuse 2 "lens has no 'g'; expected one of f, at" lens.json --set lens.g=1m
refuse 2 "lens.f is '5ns'; expected a length" lens.json --set lens.f=5ns
refuse 2 "--set is 'lens.f'; expected NAME=VALUE" lens.json --set lens.f
refuse 1 'f is 0; expected a focal length other than 0' lens.json --set lens.f=0
refuse 2 "lens.f is '1mm:2ns:3'; expected a length: 2nm, 2um, 2mm, 2cm or 2m" lens.json --scan lens.f=1mm:2ns:3
refuse 2 "--scan: lens has no 'g'" lens.json --scan lens.g=1,2
refuse 2 '--jobs goes with --scan' lens.json --jobs 2
refuse 2 '--view goes with --scan' lens.json --view side
refuse 2 "--view side is one picture, and --plot is 'x.gif', a film; expected a name that ends in .png, .svg or .pdf" \
	lens.json --scan lens.f=50mm:70mm:3 --view side --plot x.gif
refuse 1 'takes at least 12480000000000 bytes, and this machine has' lens.json --set grid=200000
refuse 2 "--plot is 'a.jpg'" lens.json --plot a.jpg
refuse 2 "--camera is 'cam'; expected one of camera" lens.json --camera cam
refuse 1 'there is no folder missing/' lens.json --csv missing/a.csv
refuse 1 'there is no folder missing/' lens.json --report missing/a.html
refuse 2 "--report is 'page.txt'; expected a name that ends in .html" lens.json --report page.txt
refuse 1 'no number is free' lens.json --steps 3
# A step as long as the focal length itself is to 0, where there is no lens.
sed 's/"start": "40mm"/"start": "40mm", "step": "40mm"/' aim.json >steep.json
refuse 1 'a derivative is no number at tilt.angle.y = ' steep.json
errs 'lens.f = 0 m; expected numbers'
# A number without its unit, wherever it stands; with one it is what it says, and is written so.
refuse 2 "lens.f is '60'; expected a unit: 60mm, or 60m where that is meant" lens.json --set lens.f=60
refuse 2 "plane.radius is '20'; expected a unit: 20mm, or 20m where that is meant" lens.json --set plane.radius=20
refuse 2 "--scan: lens.f is '40:80:9'; expected a unit: 40mm, or 40m" lens.json --scan lens.f=40:80:9
sed 's/"532nm"/532/' lens.json >plain.json
refuse 1 'wavelength is 532; expected a unit: 532nm, or 532m where that is meant' plain.json
expect 0 simulate lens.json --set lens.f=60m --out far
expect 0 simulate far/system.json --csv -
expect 0 simulate lens.json --scan lens.f=40m:80m:2
says '80 m'
echo '{"grid": 8' >broken.json
refuse 1 'broken.json: system: the text is not JSON: it ends in line 2, before its object does' broken.json
printf '{"grid": 8,\n "pitch" 1}\n' >broken.json
refuse 1 'broken.json: system: the text is not JSON from line 2, column 10 on: 1}' broken.json
"$field" random f64 32,32 small.npy
echo '{"grid": 64, "pitch": "8um", "wavelength": "532nm", "layers": [{"layer": "plane"},
	{"layer": "mask", "file": "small.npy"}, {"layer": "camera"}]}' >mask.json
refuse 1 'expected a mask of real numbers, [64, 64]; or how long its longer side is, "side": "1mm"' mask.json
touch file
refuse 1 'onn simulate: --out: file: Not a directory' lens.json --out file
[ ! -e many ] && [ ! -e none.npz ] || fail 'a refused command left files'

# A slit is as wide as it says: the amplitude of a pixel that an edge crosses is its open part.
echo '{"grid": 64, "pitch": "10um", "wavelength": "532nm", "layers": [
	{"layer": "slits", "count": 1, "width": "60um"}, {"layer": "camera"}]}' >slit.json
expect 0 simulate slit.json --out slit.npz --csv slit.csv
awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
	NR == 2 { p = $at["power"] / (640e-6 * 10e-6); exit !(p > 5.499 && p < 5.501) }' slit.csv ||
	fail "a slit of 5 whole and 2 half pixels: $(cat slit.csv)"

# Pictures, where gnuplot is.
if command -v gnuplot >/dev/null; then
	expect 0 simulate 4f.json --plot 4f.png --gamma 0.4
	expect 0 simulate 4f.json --plot 4f.svg
	grep -q 'filtered, z = ' 4f.svg || fail 'the panels of cameras lack their names'
	expect 0 simulate lens.json --plot phase.png --show phase --camera camera
	expect 0 simulate lens.json --scan lens.f=50mm:70mm:3 --plot scan.svg
	has . 4f.png phase.png scan.svg
	expect 0 simulate $scan --plot film.gif
	errs 'onn simulate: drawing film.gif, 5 frames'
	expect 0 simulate $scan --plot film.gif --quiet
	silent
	expect 0 simulate $scan --plot side.svg --view side
	expect 0 simulate $scan --plot frames.svg --view frames
	has . film.gif side.svg frames.svg scan1/scan.png
	head -c 6 film.gif | grep -q GIF89a || fail 'film.gif is none'
	grep -q 'space.distance / mm' side.svg || fail 'the side view has no axis of distances'
	grep -q 'space.distance = 5.5 cm' frames.svg || fail 'frames have no distances'
	expect 1 simulate $scan --scan space.distance=50mm,60mm,90mm --plot side.png --view side
	errs '--view side is of equally spaced values'
	grep -q 'lens.f / mm' scan.svg || fail 'the axis of the scan has no unit'

	# The page has it all, and nothing of it is fetched: src, href and url() are data or places in the page.
	page() {
		html=$1
		shift
		expect 0 simulate "$@" --report "$html"
		grep -oE '(src|href|xlink:href)=.[^"#]{0,5}' "$html" | grep -vE 'data:|href=.$' && fail "$what: $html names other files"
		grep -q 'url(' "$html" && grep -oE "url\\([^#]{0,9}" "$html" | grep -v '^url($' && fail "$what: $html names other files"
		tail -c 16 "$html" | grep -q '</html>' || fail "$what: $html has no end"
	}
	shows() { for word; do grep -qF -e "$word" "$html" || fail "$what: $html lacks '$word'"; done; }
	pictures() { [ "$(grep -c '<img' "$html")" = "$1" ] || fail "$what: $(grep -c '<img' "$html") pictures, not $1"; }
	page lens.html lens.json --set lens.f=20mm --set 'plane.at=0,-8um' --device c
	shows '<td>lens.f</td><td>6 cm</td><td>2 cm</td>' '<td>plane.at</td><td>0 m, 0 m</td><td>0 m, -8 um</td>' \
		'<td>asm padded by ' '</b> is sampled too coarsely: a lens of focal length 2 cm' '<td>c: ' '<th>onn</th>' \
		"--set lens.f=20mm --set plane.at=0,-8um" '<th>peak</th>' ' arb. units at y = ' "time of the light's way"
	pictures 1
	# The picture is a PNG, and its command makes the same page but for times.
	grep -o 'data:image/png;base64,[A-Za-z0-9+/=]*' lens.html | sed 's/.*base64,//' | base64 -d | head -c 4 | tail -c 3 | grep -q PNG ||
		fail "$what: the picture is no PNG"
	again=$(sed -n 's/<pre>onn simulate \(.*\)<\/pre>/\1/p' lens.html)
	mv lens.html first.html
	# shellcheck disable=SC2086
	expect 0 simulate $again
	for file in first.html lens.html; do grep -v 'time of' $file >$file.timeless; done
	same first.html.timeless lens.html.timeless
	page colours.html 4f.json --set wavelength=450nm,633nm
	shows '450 nm, 633 nm' 'object at z = 0 m' 'spectrum at z = 14 cm' 'filtered at z = 28 cm'
	pictures 3
	page one.html 4f.json --camera filtered
	pictures 1
	page aim.html aim.json
	shows 'finely enough' 'Optimization in 100 steps' '<td>lens.f</td><td>4 cm</td><td>5.99' 'tilt.angle.x / mrad' 'time of the optimization' '<svg'
	page scan.html 4f.json --set grid=128 --set pitch=32um --scan space4.distance=60mm:80mm:12 --out scanned --csv scanned.csv
	[ "$(grep -c '^<tr><td>[67][0-9.]* cm</td><td>[0-9.]* %</td>' scan.html)" -ge 10 ] || fail "$what: rows of the scan"
	shows 'space4.distance has 12 values, 6 cm to 8 cm' '<th colspan="4">spectrum</th>' 'space4.distance / mm' 'at once'
	pictures 3
	page narrow.html letters.json --set object.target= --scan grid=64,128
	shows 'there is no picture'
	page warned.html lens.json --scan lens.f=20mm,25mm,60mm
	shows '<b>lens</b> is sampled too coarsely at lens.f = 2 cm, 2.5 cm: a lens of'

	# Without gnuplot, or with one that fails, there is no page, and a message; what was there stays.
	for failing in 'exit 1' none; do
		rm -rf bin
		mkdir bin
		[ "$failing" = none ] || printf '#!/bin/sh\n%s\n' "$failing" >bin/gnuplot
		[ "$failing" = none ] || chmod +x bin/gnuplot
		echo before >kept.html
		(PATH=$PWD/bin; "$onn" simulate lens.json --report kept.html >out 2>err; echo $? >code)
		[ "$(cat code)" = 1 ] || fail "without gnuplot: exit code $(cat code)"
		[ "$(cat kept.html)" = before ] || fail 'without gnuplot: a page is written'
	done
	what='onn simulate without gnuplot'
	errs '--report needs gnuplot, which is not installed'
fi
finish
