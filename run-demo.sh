#!/bin/sh
# run-demo.sh [cmake options]: installs what is missing with apt, builds, and trains an all-optical
# network on handwritten digits on each device of this machine. Pictures and checkpoints are left in
# runs/demo.
set -eu
cd "$(dirname "$0")"
sh cmake/install-dependencies.sh
sh cmake/build-release.sh "$@"

onn=build/release/apps/onn/onn
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
for device in $("$onn" devices | awk 'NR > 1 && $1 != "reference" { print $1 }'); do
  folder=$demo/$(echo "$device" | tr ':' '-')
  echo
  echo "Training 64-128-128-10 with saturable absorbers and optical backpropagation on $device:"
  "$onn" train mlp --dataset digits --epochs 100 --lr 1e-3 --quiet \
    --device "$device" --out "$folder" || failed=1
done

echo
echo "Accuracy on the report half of the test images, at the epoch that was best on the other half:"
for metrics in "$demo"/*/metrics.csv; do
  awk -F, -v device="$(basename "$(dirname "$metrics")")" '
    NR > 1 && $3 > best { best = $3; report = $4 }
    END { printf "%-16s  %.1f %%\n", device, 100 * report }' "$metrics"
done
echo
echo "Pictures are in $demo: absorber.svg and absorber.png, and the curves of each training in a folder"
echo "named for its device."
exit $failed
