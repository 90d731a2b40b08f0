#!/bin/sh
# spills.sh CLANG CL: compiles kernels that hold much in registers for AMD's processors, in the shapes that the host asks
# for, and fails where one of them puts registers into memory. CL is the folder of the kernels. Clang needs no library for
# these, as they call nothing but positions and barriers. Prints a table: registers of an item, local memory of a group.
set -eu
clang=$1 cl=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if ! "$clang" --print-targets 2>/dev/null | grep -q amdgcn; then
  echo "skipped: $clang compiles nothing for amdgcn"
  exit 77
fi
failed=0

cat >"$work/words.h" <<'END'
#define get_local_id(x)                                                                            \
	((x) == 0 ? __builtin_amdgcn_workitem_id_x() : __builtin_amdgcn_workitem_id_y())
#define get_group_id(x)                                                                            \
	((x) == 0 ? __builtin_amdgcn_workgroup_id_x() : __builtin_amdgcn_workgroup_id_y())
#define barrier(x)                                                                                 \
	do {                                                                                       \
		__builtin_amdgcn_fence(__ATOMIC_ACQ_REL, "workgroup");                             \
		__builtin_amdgcn_s_barrier();                                                      \
	} while (0)
END

# compile NAME FILE TEXT MOST: the kernel of a file of CL, with definitions before it, and its registers at most
compile() {
  { printf '#include "shared/all.h"\n#include "%s/words.h"\n' "$work"
    printf '%b\n#include "%s"\n' "$3" "$2"; } >"$work/kernel.cl"
  for target in gfx906 gfx90a gfx1030; do
    "$clang" -x cl -cl-std=CL1.2 -Xclang -finclude-default-header -D__OPENCL_VERSION__=120 -O3 -w -I "$cl" \
      -target amdgcn-amd-amdhsa -mcpu=$target -nogpulib -S "$work/kernel.cl" -o "$work/kernel.s"
    number() { sed -n "s/^ *\.$1: *\([0-9]*\)$/\1/p" "$work/kernel.s" | sort -n | tail -1; }
    spilled=$(number vgpr_spill_count) memory=$(number private_segment_fixed_size)
    printf '%-28s %-8s %4s registers %6s bytes local' "$1" $target "$(number vgpr_count)" \
      "$(number group_segment_fixed_size)"
    if [ "$spilled" != 0 ] || [ "$memory" != 0 ]; then
      echo "  SPILLS $spilled registers, $memory bytes"
      failed=1
    elif [ "$(number vgpr_count)" -gt "$4" ]; then
      echo "  TOO MANY: at most $4"
      failed=1
    else
      echo
    fi
  done
}

# lines POINTS PER LINES TYPE REAL PASSES: rows there, times the filter, and back
lines() {
  compile "lines of $1 $4" fourier/lines.cl "#define NAME lines\n#define ITEMS ($2 * $3)\n#define PER $2\n#define LINES $3
#define LANES 1\n#define T pw_$4\n#define S pw_$5\n#define V pw_$5\n#define I uint\n#define N $1\n#define PASSES $6
#define COLUMNS 0\n#define PITCH N\n#define ROWS N\n#define WIDTH 1\n#define PADDED 1\n#define SPREAD 0
#define IN_FROM 0\n#define IN_COUNT N\n#define OUT_FROM 0\n#define OUT_COUNT N\n#define JOINT_FROM 0\n#define JOINT_COUNT 0
#define FIRST 1\n#define MIDDLE 1\n#define LAST -1\n#define STORED 0\n#define PROGRAM 0\n#define STORE 0\n#define ALSO(i)
#define FILTER(o) (o) * N * N\n#define PARAMETERS" 128
}

# product TYPE COMPLEX WORK DEPTH MOST: as thresholds.h has them
product() {
  compile "product $1" product/matmul.cl "#define NAME matmul\n#define T pw_$1\n#define COMPLEX $2\n#define A_T 0\n#define A_C 0
#define B_T 1\n#define B_C 0\n#define A_BATCH(i) (i)\n#define B_BATCH(i) (i)\n#define EDGE 16\n#define WORK $3\n#define DEPTH $4
#define PARTS 1\n#define BATCHES 1" "$5"
}

lines 128 16 4 c64 f32 'PASS(8, 1) PASS(4, 8) PASS(4, 32)'
lines 400 50 4 c64 f32 'PASS(8, 1) PASS(2, 8) PASS(5, 16) PASS(5, 80)'
lines 512 64 4 c64 f32 'PASS(8, 1) PASS(8, 8) PASS(8, 64)'
lines 4096 256 1 c64 f32 'PASS(8, 1) PASS(8, 8) PASS(8, 64) PASS(8, 512)'
lines 3721 256 1 c64 f32 'DIRECT(61, 1) DIRECT(61, 61)'
lines 512 64 4 c128 f64 'PASS(8, 1) PASS(8, 8) PASS(8, 64)'
lines 2048 256 1 c128 f64 'PASS(8, 1) PASS(8, 8) PASS(8, 64) PASS(4, 512)'
product f32 0 4 16 64
product c64 1 4 16 128
product f64 0 4 16 96
product c128 1 2 8 96
exit $failed
