#!/bin/sh
# Prints every figure that docs/performance.md speaks of: onn-bench, then the comparison with PyTorch, JAX, Autograd and torchoptics.
#
#   apps/bench/figures.sh [--venv DIR] [--build DIR] [--python P] [--data-dir DIR] [--device LIST]
#                         [--repeat N]
#
# The first three are those of peers/run.sh. For figures worth keeping the machine has nothing else to do.
set -e
here=$(cd "$(dirname "$0")" && pwd)
build=$here/../../build/release
[ -d "$build" ] || build=$here/../../build
device=c,opencl
venv=
python=python3
data=
repeat=9
while [ $# -gt 0 ]; do
	case $1 in
	--venv) venv=$2 ;;
	--build) build=$2 ;;
	--python) python=$2 ;;
	--data-dir) data=$2 ;;
	--device) device=$2 ;;
	--repeat) repeat=$2 ;;
	*) echo "figures.sh: $1 is no option; see the head of this file" >&2; exit 2 ;;
	esac
	[ $# -ge 2 ] || { echo "figures.sh: $1 needs a value" >&2; exit 2; }
	shift 2
done
date -u '+%Y-%m-%d'
"$build/bin/onn" --version
"$build/bin/onn" devices
echo "Load of the machine before: $(uptime | sed 's/.*load average/load average/')"
"$build/apps/bench/onn-bench" --device "$device" --repeat "$repeat" ${data:+--data-dir "$data"}
"$here/peers/run.sh" --build "$build" --python "$python" ${venv:+--venv "$venv"} \
	--device "$device" --rounds "$repeat" ${data:+--data-dir "$data"}
