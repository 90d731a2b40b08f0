#!/bin/sh
# onn response: its numbers, its figure and its errors.
. "$(dirname "$0")/expect.sh"

# row TEXT ARGUMENTS: the last line of the CSV is TEXT, as computed at 40 digits.
row() {
	wanted=$1
	shift
	run response "$@"
	[ "$code" = 0 ] || fail "response $*: exit code $code: $(cat err)"
	[ "$(head -1 out)" = input,output,exact,probe ] || fail "response $*: head is $(head -1 out)"
	[ "$(tail -1 out)" = "$wanted" ] || fail "response $*: $(tail -1 out), not $wanted"
}
row 1,0.0820849986239,0.287297495184,0.0820849986239 --inputs 1
row 2,0.735758882343,0.956486547046,0.367879441171 --inputs 1,2
row 1,0.00673794699909,0.0235828144968,0.00673794699909 --inputs 1 --encoding intensity
row 1,0.0111083111644,0.0222138812564,0.0111083111644 --inputs 1 --medium thick
row 2,0.0990865182783,0.245307829547,0.0495432591391 --inputs 2 --medium thick
# A detuned field, real parts: dE + dE* along a real input.
row 3,1.71085716464,1.20175046403,0.570285721547 --inputs 3 --detuning 1
row 3,1.03483443139,1.5102420071,0.344944810463 --inputs 3 --detuning 1 --medium thick
# Intensities off resonance: depth a0/D and saturation D, D = 1 + Delta^2.
run response --inputs 4 --detuning 1 --encoding intensity
cp out detuned
run response --inputs 4 --od 5 --isat 2 --encoding intensity
cmp -s out detuned || fail 'detuned intensities are not those of depth a0/D and saturation D'
# Isat only scales the input: E = 4 at Isat 4 is E = 2 at Isat 1, and twice the output.
row 4,1.47151776469,0.956486547046,0.367879441171 --inputs 4 --isat 4
row -2,-0.735758882343,0.956486547046,0.367879441171 --inputs -2
row 0,0,0.00673794699909,0.00673794699909 --inputs 0
row 5,5,1,1 --inputs 5 --od 0

expect 0 response --inputs 0:1:5
[ "$(cut -d, -f1 out | tr '\n' ' ')" = 'input 0 0.25 0.5 0.75 1 ' ] || fail "0:1:5 gives $(cut -d, -f1 out)"
expect 0 response --inputs 0.25:4:5:log
[ "$(cut -d, -f1 out | tr '\n' ' ')" = 'input 0.25 0.5 1 2 4 ' ] || fail "0.25:4:5:log gives $(cut -d, -f1 out)"
expect 0 response
[ "$(wc -l <out)" = 102 ] || fail 'the default is not 101 inputs'

expect 2 response --inputs -1 --encoding intensity
errs 'intensity -1; expected none below 0'
expect 2 response --inputs 1:0:5
errs 'MIN below MAX'
expect 2 response --inputs 0:1:1
errs 'COUNT from 2'
expect 2 response --inputs 0:1:5:7
expect 2 response --inputs 0:1:5:log
errs 'MIN above 0'
expect 2 response --inputs 1:2:5:logs
expect 2 response --inputs 1,two
errs "--inputs is '1,two'"
expect 2 response --isat 0
errs 'a number above 0'
expect 2 response --plot figure.jpg
errs '.png, .svg or .pdf'

# Without gnuplot only --plot fails.
onn_alone=$(command -v "$onn")
PATH=$folder/nowhere "$onn_alone" response --inputs 1 >out 2>err || fail 'response needs gnuplot without --plot'
PATH=$folder/nowhere "$onn_alone" response --inputs 1 --plot a.svg >out 2>err && fail 'no gnuplot, no failure'
errs 'gnuplot'
[ ! -e a.svg ] || fail 'a figure without gnuplot'
mkdir bin
printf '#!/bin/sh\necho broken >&2\nexit 3\n' >bin/gnuplot
chmod +x bin/gnuplot
PATH=$folder/bin:$PATH "$onn" response --inputs 1 --plot a.svg >out 2>err && fail 'gnuplot failed, response did not'
errs 'broken'
errs 'status 3'
[ -z "$(ls | grep '^a\.svg')" ] || fail 'a half-written figure is left'

# gnuplot does not notice that a disk is full.
printf '#!/bin/sh\necho half\n' >bin/gnuplot
for figure in a.svg a.png; do
	PATH=$folder/bin:$PATH "$onn" response --inputs 1 --plot $figure >out 2>err && fail 'half a figure was taken'
	errs "cannot write $figure: gnuplot left a part of it"
	[ ! -e $figure ] || fail "half of $figure is there"
done
# A gnuplot that goes on where onn is killed holds nothing that would be left.
printf '#!/bin/sh\n: >begun\nsleep 0.5\necho "</svg>"\n' >bin/gnuplot
PATH=$folder/bin:$PATH "$onn" response --inputs 1 --plot slow.svg >out 2>err &
process=$!
for try in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	[ -e begun ] && break
	sleep 0.1
done
kill -9 $process || fail 'onn did not wait for gnuplot'
wait $process 2>/dev/null
[ -z "$(find . -name '.onn-*' -o -name 'slow*')" ] || fail "a kill leaves $(find . -name '.onn-*')"
if command -v gnuplot >/dev/null; then
	# A name that a shell or gnuplot would take apart.
	name="it's a \"figure\"; \$(touch no).svg"
	expect 0 response --plot "$name"
	silent
	grep -q '<svg' "$name" || fail 'no SVG'
	grep -q 'optical depth 10' "$name" || fail 'the figure has no title'
	[ ! -e no ] || fail 'the name of the figure was run by a shell'
	expect 0 response --medium thick --encoding intensity --inputs 3 --plot a.png
	silent
	[ "$(head -c 4 a.png | od -An -tx1 | tr -d ' ')" = 89504e47 ] || fail 'no PNG'
	# Weak light off resonance, whose derivative hardly changes: no two labels of an axis are alike.
	expect 0 response --inputs 0:1e-3:11 --detuning 2 --plot flat.svg
	grep -q 'detuned by 2' flat.svg || fail 'the title lacks the detuning'
	grep -o '>-0\.15[0-9]*<' flat.svg >labels
	[ "$(wc -l <labels)" -ge 3 ] || fail "$(wc -l <labels) labels of the derivative"
	[ -z "$(sort labels | uniq -d)" ] || fail "labels that are alike: $(sort labels | uniq -d)"
	expect 1 response --inputs 1 --plot missing/a.png
	errs 'missing/a.png: there is no folder missing/'
fi
finish
