#!/bin/sh
# onn pulse: its numbers against closed forms, its files, its figures and its errors.
. "$(dirname "$0")/expect.sh"

# near COLUMN ROW VALUE TOLERANCE: a number of the CSV in out, by the name of its column.
near() {
	awk -F, -v name="$1" -v row="$2" -v value="$3" -v most="$4" '
		NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) column = i }
		NR == row + 1 { found = 1; d = $column / value - 1; if (!(d * d <= most * most)) { print name " " $column; bad = 1 } }
		END { exit !(column && found && !bad) }' out >said || fail "$1 of row $2 is $(cat said), not $3"
}

# The slow absorber, docs/physics.md: f' = ln(1 + e^-a (e^f - 1)), probe = derivative.
expect 0 pulse --od 3 --t1 inf --fluence 0.1:10:30:log --csv -
[ "$(head -1 out | cut -d, -f1-4)" = fluence_in,fluence_out,probe_transmission,derivative ] || fail "head: $(head -1 out)"
[ "$(wc -l <out)" = 31 ] || fail 'not a row a pulse'
awk -F, 'NR > 1 { f = log(1 + exp(-3) * (exp($1) - 1)); p = (1 - exp(-f)) / (1 - exp(-$1))
	if (!((f / $2 - 1)^2 < 1e-20 && (p / $3 - 1)^2 < 1e-20 && ($3 / $4 - 1)^2 < 1e-20)) exit 1 }' out ||
	fail 'fluences are not those of Frantz and Nodvik'
[ "$(sed -n 2p out | cut -d, -f1)" = 0.1 ] && [ "$(sed -n 31p out | cut -d, -f1)" = 10 ] || fail 'the sweep lacks an end'

expect 0 pulse --od 3 --fluence 1 --csv -
near fluence_out 1 .0820851265481 1e-12
near probe_transmission 1 .124669988291 3e-12
# A square pulse of width T1.
expect 0 pulse --od 3 --t1 1e-9 --width 1e-9 --shape square --fluence 1 --tolerance 1e-7 --csv -
near fluence_out 1 .0711787831266 1e-7
near probe_transmission 1 .0893743539027 1e-7
near derivative 1 .0970200696 1e-7
# Each with each; the fluence turns fastest.
expect 0 pulse --od 1,2 --detuning 0,1 --fluence 1,2,3 --csv all.csv
[ "$(cut -d, -f1,7,8 all.csv | tail -n +2 | tr '\n' ' ')" = '1,1,0 2,1,0 3,1,0 1,1,1 2,1,1 3,1,1 1,2,0 2,2,0 3,2,0 1,2,1 2,2,1 3,2,1 ' ] || fail 'the sweeps are in another order'
# Off resonance: depth a0/D and fluence D Fsat, D = 1 + detuning^2.
expect 0 pulse --od 4 --detuning 1 --fluence 2 --csv -
near transmission 1 .209080454232 1e-9

# Light in joules: F = E/(pi w^2).
expect 0 pulse --fsat 0.5 --energy 1e-6 --waist 1e-3 --csv -
near fluence_in 1 .636619772368 1e-9
near energy_in 1 1e-6 1e-9
expect 0 pulse --fsat 0.5 --intensity 1e9 --shape square --width 1e-9 --csv -
near fluence_in 1 2 1e-9
expect 0 pulse --fsat 0.5 --power 1 --waist 1e-3 --shape train --repetition 1e6 --pulses 3 --csv -
near energy_in 1 3e-6 1e-9

# A fluence with a unit is over Fsat, too, where that is known; plain ones are.
expect 0 pulse --fsat 0.5 --fluence 50uJ/cm^2,100uJ/cm^2 --csv -
near fluence_in 1 1 1e-12
near fluence_in 2 2 1e-12
expect 0 pulse --fsat 0.5 --fluence 0.5J/m^2:2J/m^2:2 --csv -
near fluence_in 2 4 1e-12
expect 2 pulse --fluence 5mJ/cm^2
errs '--fluence in J/m^2 needs --fsat or --isat of the medium'
expect 2 pulse --fsat 0.5 --fluence 1,5mJ/cm^2
errs '--fluence has numbers with a unit and without'
expect 2 pulse --fluence much
errs 'each over Fsat, or a fluence (in J/m^2, or as 50uJ/cm^2)'

# Probes: at once, after T1, against the light.
expect 0 pulse --od 3 --t1 1 --width 1e-6 --fluence 1 --probe-delay 0,1 --csv -
near probe_at_delay 1 .124669988291 1e-5
near probe_at_delay 2 .0697862702877 1e-5
expect 0 pulse --od 3 --t1 1 --width 1e-6 --fluence 1 --probe-delay 0 --probe-direction counter --transit 0.2 --csv -
near probe_at_delay 1 .101250034225 1e-4
# A coherent copy that runs back: with full contrast nearly the derivative, without it as the pulse.
back="--od 3 --t1 1e-9 --shape cw --width 5e-8 --fluence 200 --probe-direction counter --probe-delay 0 --csv -"
expect 0 pulse $back --grating 1
near probe_at_delay 1 .796453 1e-4
near derivative 1 .796943 1e-5
expect 0 pulse $back --grating 1 --grating-time 1e-20
near probe_at_delay 1 .443981 1e-5
expect 0 pulse --od 3 --fluence 1 --probe-fraction 0.7 --csv -
near strong_probe 1 .170018542230 1e-9

# Light that is switched on: the thick steady state at s = 4, a = 10.
expect 0 pulse --od 10 --t1 1e-9 --shape cw --isat 1 --intensity 4 --width 1e-7 --tolerance 1e-4
says 'steady   transmission 0.00245'

# Media by name, and what is told of the regime.
expect 0 pulse --medium sesam --width 1e-13
says '100 fs'
says 'no T2 is known'
expect 0 pulse --medium rb87-d2 --model rate --width 5e-9 --classes 1 --od 1
errs 'WARNING: rb87-d2 is beyond the rate model'
says 'width/T2 0.0953'
says 'area'

# Files.
expect 0 pulse --t1 1e-9 --fluence 2 --pulse-csv p.csv --out p.npz --slots 64 --cells 8
[ "$(head -1 p.csv)" = pulse,time,power_in,power_out ] && [ "$(wc -l <p.csv)" = 65 ] || fail 'the course of the pulse'
[ -s p.npz ] || fail 'no archive'
printf 'time,power\n0,0\n1e-9,1\n3e-9,0\n' >light.csv
expect 0 pulse --shape file --light light.csv --fluence 1 --csv -
near fluence_out 1 .0820851265481 1e-12
near width_in 1 1.5e-9 1e-2

# A fit of what the command itself computes comes back.
expect 0 pulse --od 0.4 --fsat 0.5 --fluence 0.01:100:30:log --csv -
awk -F, 'NR > 1 { print $1 * 0.5 "," $5 }' out >measured.csv
expect 0 pulse --fit measured.csv --fix f2 --csv fitted.csv
says 'modulation depth 0.32968'
says 'correlations'
awk '$1 == "fsat" && ($2 / 0.5 - 1)^2 < 1e-4 { fsat = 1 } $1 == "depth" && ($2 / 0.4 - 1)^2 < 1e-4 { depth = 1 }
	$1 == "loss" && $2 * $2 < 1e-8 { loss = 1 } END { exit !(fsat && depth && loss) }' out ||
	fail "the fit gives $(cat out)"
[ "$(head -1 fitted.csv)" = fluence,measured,fit,residual ] && [ "$(wc -l <fitted.csv)" = 31 ] || fail 'the CSV of the fit'
expect 0 pulse --od 0.8 --t1 3e-12 --width 1e-16 --fluence 2 --probe-delay 0:2e-11:41 --csv -
awk -F, 'NR > 1 { print $(NF - 2), $NF }' out >trace.txt
expect 0 pulse --fit trace.txt --fit-data delay --fluence 2
awk '$1 == "t1" && ($2 / 3e-12 - 1)^2 < 1e-4 { fine = 1 } END { exit !fine }' out || fail "T1 of the trace: $(cat out)"
# Units stand in the first line, and a comma may be a decimal one; what is no column of a fit is refused.
awk -F, 'BEGIN { print "fluence (uJ/cm^2);T (%)" } { t = sprintf("%.17g;%.17g", $1 * 100, $2 * 100); gsub(/\./, ",", t); print t }' measured.csv >german.csv
expect 0 pulse --fit german.csv --fix f2
awk '$1 == "fsat" && ($2 / 0.5 - 1)^2 < 1e-4 { fine = 1 } END { exit !fine }' out || fail "the fit in other units gives $(cat out)"
awk 'BEGIN { print "# delay [ps], transmission" } { print $1 * 1e12, $2 }' trace.txt >ps.txt
expect 0 pulse --fit ps.txt --fit-data delay --fluence 2
awk '$1 == "t1" && ($2 / 3e-12 - 1)^2 < 1e-4 { fine = 1 } END { exit !fine }' out || fail "T1 of the trace in ps: $(cat out)"
sed '1s/.*/fluence (ns),T/' german.csv >wrong.csv
expect 1 pulse --fit wrong.csv
errs "wrong.csv: its first line says 'ns' of the fluences; expected a unit such as (mJ/cm^2)"
sed 's/$/,0.1,7/' measured.csv >four.csv
expect 1 pulse --fit four.csv
errs 'four.csv has 4 columns; expected 2 or 3: fluence, transmission and'
printf 'time (ns),power\n0,0\n1,1\n3,0\n' >light.csv
expect 0 pulse --shape file --light light.csv --fluence 1 --csv -
near width_in 1 1.5e-9 1e-2
awk -F, 'NR < 6 { print $1 "," $2 * (1 + 0.01 * (NR % 2)) }' measured.csv >few.csv
expect 1 pulse --fit few.csv --fix f2,fsat=0.5
errs 'cannot tell depth and loss apart'
head -4 measured.csv >few.csv
expect 1 pulse --fit few.csv
errs '4 points and 4 parameters'
expect 2 pulse --fit measured.csv --fix lss
errs "--fix has 'lss'"
expect 2 pulse --fit measured.csv --start loss
errs "--start has 'loss'"
expect 2 pulse --fit trace.txt --fit-data delay
errs 'needs --fluence'
expect 2 pulse --fix loss
errs 'goes with --fit'
expect 2 pulse --fit measured.csv --out a.npz
errs 'goes with a simulation'

if command -v gnuplot >/dev/null; then
	expect 0 pulse --t1 1e-9 --plot one.svg
	silent
	grep -q 'time / ps' one.svg && grep -q 'intensity / I' one.svg || fail 'the pulse has no axes'
	expect 0 pulse --medium sesam --fluence 0.1:10:5:log --plot many.svg
	silent
	grep -q 'fluence / J/m²' many.svg && grep -q 'steady state' many.svg || fail 'the sweep lacks its axis or its limits'
	expect 0 pulse --t1 1e-9 --fluence 1,5 --probe-delay 0:5e-9:11 --plot trace.svg
	grep -q 'delay behind the end of the pulse / ns' trace.svg || fail 'the trace has no axis'
	expect 0 pulse --detuning=-3:3:7 --plot line.png
	[ "$(head -c 4 line.png | od -An -tx1 | tr -d ' ')" = 89504e47 ] || fail 'no PNG'
	expect 0 pulse --fit measured.csv --fix f2 --plot fit.svg
	silent
	grep -q 'residual' fit.svg || fail 'the fit has no residuals'
	expect 0 pulse --fit measured.csv --fix f2 --start fsat=50uJ/cm^2
	expect 2 pulse --fit measured.csv --start fsat=50ns
	errs "--start has 'fsat=50ns'"
	expect 1 pulse --plot nodir/a.png
	errs 'nodir/a.png: there is no folder nodir/'
	expect 2 pulse --plot a.jpg
	errs '.png, .svg or .pdf'
fi

# What is wrong is named.
expect 2 pulse --medium rb85
errs "one of own, rb87-d2"
expect 2 pulse --t1 0.0.0
errs 'or inf'
expect 2 pulse --model bloch
errs 'needs a T2'
expect 2 pulse --fluence 1 --energy 1 --fsat 1 --waist 1
errs 'more than one of'
expect 2 pulse --energy 1e-6 --waist 1e-3
errs 'needs --fsat'
expect 2 pulse --energy 1e-6 --fsat 1
errs 'needs --waist'
expect 2 pulse --isat 1 --fsat 1
errs 'one of them'
expect 2 pulse --temperature 300
errs 'goes with a vapour'
expect 2 pulse --medium sesam --length 1
errs 'goes with a vapour'
# A pipe is written to, and stays one.
mkfifo pipe
cat pipe >piped &
expect 0 pulse --csv pipe --fluence 1,2
wait
[ -p pipe ] || fail 'a pipe became a file'
[ "$(wc -l <piped)" = 3 ] || fail "a pipe got $(cat piped)"
expect 2 pulse --shape file
errs 'needs --light'
expect 2 pulse --probe-fraction 0.1 --probe-direction counter
errs 'goes with the light'
expect 2 pulse --grating 1 --probe-delay 0
errs 'needs --probe-direction counter'
expect 2 pulse --grating-time 1 --probe-delay 0 --probe-direction counter
errs 'goes with --grating'
expect 2 pulse --repetition 1e6
errs '--shape train'
expect 2 pulse --width 0,1
errs 'seconds above 0'
expect 2 pulse --out a.npy
errs '.npz'
expect 2 pulse --csv a --pulse-csv a
errs 'two results'
expect 2 pulse --fluence 1:2:1000 --od 1:2:1000 --detuning 0:1:2
errs 'pulses; expected 1e+06'
expect 2 pulse --out a.npz --fluence 1,2
errs 'expected one'
expect 1 pulse --fluence -1
errs 'fluence is -1'
expect 1 pulse --medium cs133-d2 --buffer-gas neon --pressure 100
errs 'expected a linewidth'
expect 1 pulse --shape file --light nowhere.csv
errs 'nowhere.csv'
# a second pulse from the exit: what it finds bleached lets more of it through
expect 0 pulse --od 3 --t1 inf --width 1e-9 --fluence 2 --counter-fluence 2 --transit .3e-9 --csv both.csv
says 'against  2 Fsat from the exit'
awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
	NR == 2 { f = $at["fluence_out_against"]; b = $at["counter_fluence_out"]
	exit !(f > 1.2 * $at["fluence_out"] && f / b < 1.000001 && b / f < 1.000001) }' both.csv ||
	fail "$what: $(cat both.csv)"
expect 0 pulse --od 3 --t1 inf --width 1e-9 --counter-fluence 2 --transit .3e-9 --json
says '"counter_fluence_out"'
expect 2 pulse --od 3 --counter-fluence 2
errs 'expected --transit'
expect 2 pulse --od 3 --counter-fluence 2 --transit 1e-10 --profile gaussian
errs 'flat beams'
finish
