#!/bin/sh
# run-demo.sh [cmake options]: installs what is missing with apt, builds, and trains an all-optical
# network on handwritten digits on each device of this machine; then plates that read digits and
# plates that draw a smiley. Pictures and checkpoints are left in runs/demo.
set -eu
cd "$(dirname "$0")"
sh cmake/install-dependencies.sh
ONN_TARGET=onn_demo sh cmake/build-release.sh "$@"

onn=build/release/bin/onn
demo=runs/demo
rm -rf "$demo"
mkdir -p "$demo"
echo
"$onn" devices
if command -v gnuplot >/dev/null; then
  "$onn" response --plot "$demo/absorber.svg" >"$demo/absorber.csv"
  "$onn" response --plot "$demo/absorber.png" >/dev/null
fi

# The reference device is left out: it is for checking the others, and slow.
failed=0
for device in $("$onn" devices | awk 'NR > 1 && !NF { exit } NR > 1 && $1 != "reference" { print $1 }'); do
  folder=$demo/$(echo "$device" | tr ':' '-')
  echo
  echo "Training 64-128-128-10 with saturable absorbers and optical backpropagation on $device:"
  "$onn" train mlp --dataset digits --epochs 100 --lr 1e-3 --quiet \
    --device "$device" --out "$folder" || failed=1
done

echo
echo "Accuracy on the report half of the test images, at the epoch that was best on the other half:"
for metrics in "$demo"/*/metrics.csv; do # of each device
  awk -F, -v device="$(basename "$(dirname "$metrics")")" '
    NR > 1 && $3 > best { best = $3; report = $4 }
    END { printf "%-16s  %.1f %%\n", device, 100 * report }' "$metrics"
done
echo
echo "Five plates in free space that send a digit's light to the region of its class:"
"$onn" train d2nn --size 64 --distance 9e-3 --efficiency 0.3 --epochs 8 --quiet --out "$demo/light" || failed=1
echo
echo "Plates that turn a disc of light into a smiley:"
"$onn" design --preset phase --quiet --out "$demo/smiley" || failed=1

echo
echo "The command is $onn; '$onn --help' shows what it can do."
echo "Pictures are in $demo:"
for picture in absorber.png c/accuracy.png light/light.png light/plates.png light/confusion.png smiley/sheet.png; do
  [ ! -f "$demo/$picture" ] || echo "  $demo/$picture"
done
exit $failed
