#!/bin/sh
# Measures onn against PyTorch, JAX, Autograd, torchoptics, numba, mbsolver and clerq: makes a virtual environment with pinned versions, once, and runs
# compare.py in it. Options of this script come first, all others go to compare.py (--help lists them).
#
#   --venv DIR   the environment (default: peers-venv in the build folder; one that exists is used as it is)
#   --build DIR  a build of onn (default: build/release or build, beside apps)
#   --python P   the Python to make the environment with (default: python3)
set -e
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
build=$root/build/release
[ -d "$build" ] || build=$root/build
venv=
python=python3
while [ $# -gt 0 ]; do
	case $1 in
	--venv) venv=$2; shift 2 ;;
	--build) build=$2; shift 2 ;;
	--python) python=$2; shift 2 ;;
	*) break ;;
	esac
done
[ -x "$build/apps/bench/onn-epochs" ] || {
	echo "run.sh: $build/apps/bench/onn-epochs is not there; build onn first (cmake --build $build)" >&2
	exit 1
}
venv=${venv:-$build/peers-venv}
complete='import importlib.util as u, sys; sys.exit(not all(map(u.find_spec, ("torch", "autograd", "jax", "torchoptics", "numba", "mbsolver", "clerq"))))'
if ! "$venv/bin/python" -c "$complete" 2>/dev/null; then
	echo "run.sh: making $venv" >&2
	"$python" -m venv "$venv"
	# PyTorch for processors alone is a tenth of the size; where its index cannot be reached PyPI's does as well.
	"$venv/bin/pip" install --quiet --retries 0 --index-url https://download.pytorch.org/whl/cpu \
		"$(grep '^torch==' "$here/requirements.txt")" 2>/dev/null ||
		echo "run.sh: PyTorch comes from PyPI, with what it needs for GPUs" >&2
	"$venv/bin/pip" install --quiet --requirement "$here/requirements.txt"
fi
exec "$venv/bin/python" "$here/compare.py" --build "$build" "$@"
