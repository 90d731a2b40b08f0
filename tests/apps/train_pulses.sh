#!/bin/sh
# onn train with numbers that pulses carry: the probe against the exact derivative, its strength, its photons.
. "$(dirname "$0")/expect.sh"
small='train mlp --device c --hidden 32 --medium dynamic --encoding fluence --od 2 --lr 3e-3 --seed 5 --quiet'

# A weak probe in a slow absorber is the derivative: the losses follow each other.
expect 0 $small --epochs 8 --gradient exact --out exact
expect 0 $small --epochs 8 --out probe
paste -d, exact/metrics.csv probe/metrics.csv | awk -F, 'NR > 1 && ($2 - $7) ^ 2 > (1e-3 * $2) ^ 2 { exit 1 }' ||
	fail "losses are apart: $(paste -d, exact/metrics.csv probe/metrics.csv)"
# Launched where there is no pump it is not.
expect 0 $small --epochs 8 --probe-at all --out all
paste -d, exact/metrics.csv all/metrics.csv | awk -F, 'NR == 9 && ($2 - $7) ^ 2 < (1e-2 * $2) ^ 2 { exit 1 }' ||
	fail "probes without a pump change nothing: $(paste -d, exact/metrics.csv all/metrics.csv)"

# Strength and photons: they change the run, and are drawn again as they were.
noisy="$small --probe-fraction 0.05 --probe-noise 200"
expect 0 $noisy --epochs 4 --out whole
accuracy=$(sed -n 's/^report accuracy \([0-9]*\).*/\1/p' out)
[ "$accuracy" -ge 70 ] || fail "$what: report accuracy $accuracy %"
cmp -s whole/metrics.csv probe/metrics.csv && fail 'noise changes nothing'
expect 0 $noisy --epochs 2 --out parts
expect 0 train mlp --quiet --out parts --resume --epochs 4
same parts/last.npz whole/last.npz
grep -q probe_noise parts/config.json || fail 'config.json lacks probe_noise'
grep -q probe_noise probe/config.json && fail 'config.json has a probe_noise that was not asked for'

# Accuracy is without noise, and with it where it is asked for.
expect 0 eval whole --device c
cp out clean
expect 0 eval whole --device c --pump-photons 1 --copies 2
says 'damaged copy 2'
[ "$(head -1 out)" = "$(head -1 clean)" ] || fail "$what: $(head -1 out), without noise $(head -1 clean)"
sound=$(sed -n 's/^accuracy \([0-9]*\).*/\1/p' out)
damaged=$(sed -n 's/^damaged copy 1: accuracy \([0-9]*\).*/\1/p' out)
[ "$damaged" -lt "$sound" ] || fail "a photon a number is enough: $damaged % of $sound %"
expect 0 train mlp --device c --hidden 8 --epochs 1 --quiet --out thin
expect 1 eval thin --device c --pump-photons 10
errs 'without dynamic absorbers'

# The other networks have them too.
pulses='--medium dynamic --encoding fluence --od 1 --probe-fraction 0.1 --probe-noise 100'
expect 0 train cnn --device c --channels 4 --kernel 3 --hidden 8 --epochs 1 --quiet $pulses --out cnn
expect 0 show cnn --json
cp out list.json
expect 0 train net --network list.json --device c --epochs 1 --quiet

expect 2 $small --probe-fraction -1
errs 'probe-fraction'
expect 2 $small --probe-at nowhere
errs 'pumped'
finish
