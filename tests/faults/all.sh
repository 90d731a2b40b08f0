#!/bin/sh
# all.sh BUILD [SANITIZED [FUZZ]]: the whole of what tests/faults has, of which the suite runs a part. BUILD, SANITIZED and FUZZ are
# folders of builds of the presets release, asan-ubsan and fuzz; what there is no build for is left out. It takes hours on
# one core, writes what each step says into the folder `faults` beside, and ends with 1 where one has found a fault.
#
# ONN_FAULTS_KILLS: signals of each kind for each use (200); ONN_FAULTS_RUNS: executions of each target of the fuzzer (1000000).
set -u
if [ $# -lt 1 ]; then
  sed -n '2,6s/^# //p' "$0" >&2
  exit 2
fi
here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "$1" && pwd) || exit 2
sanitized=${2:+$(cd "$2" && pwd)}
fuzz=${3:+$(cd "$3" && pwd)}
mkdir -p faults && cd faults || exit 2
# Threads of a library do not survive the forks of these tests.
export OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1
export LSAN_OPTIONS="suppressions=$here/../sanitizers/leaks.txt:print_suppressions=0"
export ASAN_OPTIONS=allocator_may_return_null=1
failed=0

# step NAME COMMAND...
step() {
  name=$1
  shift
  begun=$(date +%s)
  "$@" >"$name.txt" 2>&1
  code=$?
  case $code in
  0) result= ;;
  77) result=' (skipped)' ;;
  *) result=" FAILED, $code" failed=1 ;;
  esac
  echo "$name: $(tail -n 1 "$name.txt") [$(($(date +%s) - begun)) s]$result"
}

tests=$build/tests/faults
uses="api mlp mlp-more mlp-seeds d2nn d2nn-more net design design-more design-stl eval eval-copies predict predict-light
  source propagate propagate-png plot show show-run response reproduce devices"
step memory "$tests/sweep" memory --depth 4 $uses
step memory-calls "$tests/sweep" memory --all api
for kind in files disk; do
  step $kind "$tests/sweep" $kind --all
done
for device in opencl opencl-pure; do
  [ -x "$tests/lies" ] || break
  step "calls-$device" env ONN_DEVICE=$device:portable "$tests/sweep" opencl --all api api-run
  step "uses-$device" env ONN_DEVICE=$device:portable "$tests/sweep" opencl --depth 3 mlp d2nn design eval predict propagate devices
done
[ ! -x "$tests/lies" ] || step lies "$tests/lies" --all
step kills "$tests/kills" "${ONN_FAULTS_KILLS:-200}"
step surroundings "$tests/surroundings" --all
step tamper "$tests/tamper" --all
for device in c reference opencl:portable; do
  step "threads-$device" env CK_FORK=no ONN_TEST_ROUNDS=1000 ONN_TEST_DEVICE=$device "$tests/test_faults_threads"
done
step reload "$tests/reload" "$build/libonn.so" 100
step address-space sh "$here/address_space.sh" "$build/bin/onn" 2
step replay "$tests/replay" 100000

if [ -n "$sanitized" ]; then
  tests=$sanitized/tests/faults
  step sanitized-memory "$tests/sweep" memory --depth 4 $uses
  step sanitized-files "$tests/sweep" files --depth 4
  step sanitized-tamper "$tests/tamper"
  step sanitized-replay "$tests/replay" 20000
fi
if [ -n "$fuzz" ]; then
  mkdir -p corpus
  "$fuzz/tests/faults/replay" --seeds corpus
  for program in "$fuzz"/tests/faults/fuzz_*; do
    [ -f "$program" ] && [ -x "$program" ] || continue
    target=${program##*/fuzz_}
    step "fuzz-$target" "$program" -runs="${ONN_FAULTS_RUNS:-1000000}" -max_len=4096 -rss_limit_mb=4096 \
      -timeout=20 -close_fd_mask=1 -dict="$here/fuzz.dict" "corpus/$target"
  done
fi
exit $failed
