#!/bin/sh
# Errors of weights, activations and bits: curves of onn eval, and trainings that meet them.
. "$(dirname "$0")/expect.sh"
small='train mlp --device c --epochs 30 --lr 2e-3 --hidden 64'

# accuracy ERROR: of the curve's last line in out, hundredths of a per cent
accuracy() {
	sed -n "s/^$1 [^:]*: accuracy \([0-9]*\)\.\([0-9]*\).*/\1\2/p" out | tail -1
}

expect 0 $small --out sound
expect 0 eval sound --device c
cp out whole
expect 0 eval sound --device c --weight-noise 0,.3,.6 --bits 0,8,24 --copies 10 --csv noise.csv
says 'weight-noise 0.6: accuracy'
head -2 out | cmp -s - whole || fail "$what: the sound network is another"
[ "$(grep -c '^weight_noise,' noise.csv)" = 3 ] || fail "noise.csv: $(cat noise.csv)"
head -1 noise.csv | grep -qx 'error,value,accuracy,deviation,copies' || fail "noise.csv: $(cat noise.csv)"
# no noise and any weight are the network itself
sound=$(sed -n 's/^none,0,\([^,]*\),.*/\1/p' noise.csv)
grep -qx "weight_noise,0,$sound,0.000000,10" noise.csv || fail "noise.csv: $(cat noise.csv)"
grep -qx "bits,24,$sound,0.000000,10" noise.csv || fail "noise.csv: $(cat noise.csv)"
weights=$(accuracy weight-noise)
expect 0 eval sound --device c --weight-noise 0,.3,.6 --bits 0,8,24 --copies 10 --csv again.csv
cmp -s noise.csv again.csv || fail 'errors are not drawn the same again'
# Points side by side are the same, and in a folder they are not measured twice.
for jobs in 1 2; do
	expect 0 eval sound --device c --weight-noise 0,.3,.6 --bits 0,8,24 --copies 10 --jobs $jobs --threads 2 --out curves$jobs
	same noise.csv curves$jobs/curves.csv
done
rm curves2/jobs/00003.npy
touch -d '2001-01-01' curves2/jobs/00001.npy
expect 0 eval sound --device c --weight-noise 0,.3,.6 --bits 0,8,24 --copies 10 --out curves2
same noise.csv curves2/curves.csv
has curves2 jobs/00003.npy
[ -z "$(find curves2/jobs/00001.npy -newermt 2002-01-01)" ] || fail "$what: what was there is measured again"
expect 1 eval sound --device c --weight-noise 0,.3,.6 --bits 0,8,24 --copies 11 --out curves2
errs 'curves2 holds runs that were made with --copies 10, and it is 11 now; expected the same, or another folder'
expect 1 eval sound --device c --bits 0,8,24 --copies 10 --out curves2
errs 'made with --weight-noise 0,.3,.6, and it is not given now'
expect 2 eval sound --device c --weight-noise .1 --jobs 2
errs '--jobs goes with a list of errors'
expect 0 eval sound --device c --bits 2,2
bits=$(accuracy bits)
expect 0 eval sound --device c --activation-noise .5,1
activations=$(accuracy activation-noise)
[ "$activations" -lt 9500 ] || fail "noise of activations does not matter: $activations"
# Fewer photons a multiplication, more noise; enough of them, and none is seen.
expect 0 eval sound --device c --product-photons .1,1e6 --csv photons.csv
few=$(sed -n 's/^product_photons,0.1,0\.\([0-9]*\),.*/\1/p' photons.csv) many=$(sed -n 's/^product_photons,1000000,\([^,]*\),.*/\1/p' photons.csv)
[ "$few" -lt 900000 ] || fail "photons.csv: $(cat photons.csv)"
[ "$many" = "$sound" ] || fail "photons.csv: $(cat photons.csv)"
expect 2 eval sound --device c --product-photons -1
errs '--product-photons has -1; expected finite numbers that are 0 or more'

# A network that has met an error bears more of it; what it drew it draws again.
expect 0 $small --weight-noise .6 --out noisy
expect 0 eval noisy --device c --weight-noise .3,.6 --copies 10
[ "$(accuracy weight-noise)" -gt "$weights" ] || fail "noise: $(accuracy weight-noise), not over $weights"
expect 0 $small --bits 2 --out coarse
expect 0 eval coarse --device c --bits 2,2
[ "$(accuracy bits)" -gt $((bits + 1000)) ] || fail "bits: $(accuracy bits), not well over $bits"
expect 0 $small --activation-noise .5 --out bright
expect 0 eval bright --device c --activation-noise .5,1
[ "$(accuracy activation-noise)" -gt "$activations" ] || fail "activations: $(accuracy activation-noise)"
expect 0 train mlp --device c --epochs 2 --weight-noise .2 --bits 4 --activation-noise .1 --out part
expect 0 train mlp --device c --epochs 4 --weight-noise .2 --bits 4 --activation-noise .1 --out part --resume
expect 0 train mlp --device c --epochs 4 --weight-noise .2 --bits 4 --activation-noise .1 --out all
cmp -s part/last.npz all/last.npz || fail 'a resumed run draws other noise'
expect 1 train mlp --device c --epochs 4 --weight-noise .3 --bits 4 --activation-noise .1 --out part --resume
errs 'weight_noise'

expect 2 eval sound --bits 2.5
errs '--bits has 2.5; expected whole numbers from 1 to 24, or 0 for any weight'
expect 2 eval sound --weight-noise=-1,2
errs '--weight-noise has -1; expected finite numbers that are 0 or more'
expect 2 eval sound --csv noise.csv
errs '--csv goes with a list of errors'
expect 2 eval sound --phase-noise 1,2
errs '--phase-noise goes with a network that has a layer plate or conv4f'
expect 2 eval sound --bits 1,2 --plot noise.jpg
errs "--plot is 'noise.jpg'; expected a name that ends in .png, .svg or .pdf"
expect 0 train net --network "$here/../../data/cnn-4f.json" --device c --epochs 1 --phase-noise .1
if command -v gnuplot >/dev/null; then
	expect 0 eval sound --device c --bits 2,4 --weight-noise .01,.3 --plot noise.svg
	grep -q '</svg>' noise.svg || fail 'noise.svg is not whole'
fi
finish
