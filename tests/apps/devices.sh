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
expect 1 devices --device opencl:no-such-device
expect 0 --version --device c
says 'c: '

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
ONN_DEVICE=bogus
expect 1 selftest
errs bogus
finish
