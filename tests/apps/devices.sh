#!/bin/sh
# onn devices, onn selftest, and choosing a device.
. "$(dirname "$0")/expect.sh"

expect 0 devices
for word in NAME MEMORY UNITS FP64 LIBRARIES DESCRIPTION; do
	head -1 out | grep -q "$word" || fail "the table of devices has no column $word"
done
grep -Eq '^c +[0-9.]+ GiB +[1-9][0-9]* +yes ' out || fail "no row of device c: $(cat out)"
grep -Eq '^reference +[0-9.]+ GiB +1 +yes ' out || fail "no row of device reference: $(cat out)"
expect 0 devices --device reference
[ "$(wc -l <out)" = 2 ] || fail "one device has more than its row: $(cat out)"
# A device with onn's own kernels alone has the row of the usual one, but no native kernels.
if "$onn" --version --device opencl-pure:0 >/dev/null 2>&1; then
	expect 0 devices --device opencl-pure:0
	grep -Eq '^opencl-pure:0 +[0-9.]+ GiB +[1-9]' out || fail "no numbers of opencl-pure:0: $(cat out)"
	grep -q 'native kernels' out && fail "native kernels of opencl-pure:0: $(cat out)"
	expect 0 devices --device opencl-pure:0 --json
	says '"name":	"opencl-pure:0"'
fi
expect 1 devices --device opencl:no-such-device
expect 0 --version --device c
says 'c: '

# PoCL without a folder that it can write has no device: the platform and the cause are named, and auto says so.
if "$onn" --version --device opencl:portable >/dev/null 2>&1; then
	: >file
	(unset POCL_CACHE_DIR; XDG_CACHE_HOME=$folder/file "$onn" --version --device opencl:portable) >out 2>err
	if [ $? = 1 ]; then
		what='onn --version --device opencl:portable without a cache'
		errs 'Portable Computing Language'
		errs 'POCL_CACHE_DIR'
		grep -q onn_ err && fail "$what: a C function is named: $(cat err)"
		for arguments in devices '--version --device auto'; do
			what="onn $arguments without a cache"
			(unset POCL_CACHE_DIR; XDG_CACHE_HOME=$folder/file "$onn" $arguments) >out 2>err || fail "$what: $?"
			errs 'Portable Computing Language'
		done
		grep -q '^c: ' out && errs 'auto takes c'
		XDG_CACHE_HOME=$folder/file expect 0 --version --device c
		silent
	fi
fi

# ONN_DEVICE is the default, --device goes before it.
ONN_DEVICE=reference
export ONN_DEVICE
expect 0 selftest
says 'device reference'
says ' passed, 0 failed'
expect 0 selftest --device c
says 'device c'
head -3 out | grep -q 'OPERATION *TYPE *RESULT *ERROR *TOLERANCE' || fail "the table's head: $(head -3 out)"
grep -Eq '^matmul +f32 +ok ' out || fail 'no row of matmul in f32'
grep -q FAILED out && fail "$(grep FAILED out)"
# The report: a table of works behind the operations, and nothing where it cannot be written.
expect 0 selftest --device c --report device.md
says 'written into device.md'
grep -q '^# onn [0-9.]* on ' device.md || fail "the report's head: $(head -1 device.md)"
grep -q '^| product 640 x 640 x 640 | f32 | ok | ' device.md || fail 'no product in the report'
grep -q '^[0-9]* passed, 0 failed' device.md || fail 'no operations in the report'
grep -q 'No library and no kernel was found wrong' device.md || fail 'nothing of libraries in the report'
for row in memory units 'double precision' libraries; do
	grep -q "^| $row | ..* |" device.md || fail "the report has no row '$row': $(head -12 device.md)"
done
expect 1 selftest --device c --report missing/device.md
errs missing
ONN_DEVICE=bogus
expect 1 selftest
errs bogus
finish
