#!/bin/sh
# address_space.sh ONN STEP: a training with 60 to 420 MB of address space, in steps of so many MB. It ends well, or with a
# message, and never spins. With less than 130 MB a library may end the program, as it is loaded or, oneDNN, as it makes
# its code.
set -u
onn=$1 step=$2
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 1
unset OPENBLAS_NUM_THREADS
tried=0 well=0 refused=0 ended=0 faults=0
for megabytes in $(seq 60 "$step" 420); do
  (ulimit -c 0 && ulimit -v $((megabytes * 1024)) && exec timeout -k 5 60 "$onn" train mlp --hidden 8 --epochs 1 --device c --quiet) \
    >out 2>err
  code=$?
  tried=$((tried + 1))
  if [ $code = 0 ]; then
    well=$((well + 1))
  elif [ $code = 1 ] && [ -s err ]; then
    refused=$((refused + 1))
  elif [ $megabytes -lt 130 ] && { [ $code = 127 ] || [ $code = 134 ] || [ $code = 139 ]; }; then
    ended=$((ended + 1))
  else
    echo "FAULT: $megabytes MB: exit code $code: $(head -2 err)" >&2
    faults=$((faults + 1))
  fi
done
echo "$tried sizes: $well ended well, $refused were refused, $ended ended by a library, $faults faults"
[ $faults = 0 ] && [ $well != 0 ]
