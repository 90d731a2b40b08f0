#!/bin/sh
# Trainings on several devices of one process, and by several processes where there is an MPI: $3 is 1 then.
. "$(dirname "$0")/expect.sh"
mpi=${3:-0}
small='train mlp --dataset digits --epochs 4 --threads 1'

# loss FILE: of the last epoch.
loss() { sed -n "s/^epoch 4\/4  loss \([0-9.]*\) .*/\1/p" "$1"; }

expect 0 $small --device c --out one
cp out one.out
expect 0 $small --device c,c,c --out three
silent
[ "$(loss out)" = "$(loss one.out)" ] || fail "$what: loss $(loss out), alone $(loss one.out)"
[ "$(grep -c '^device c: ' out)" = 3 ] || fail "$what: devices: $(cat out)"
grep -q '"ranks":.*3' three/config.json || fail "$what: config.json has no ranks"
expect 0 $small --device c,c,c --out again
same three/last.npz again/last.npz
same three/best.npz again/best.npz
# two kinds of devices do one work
expect 0 train mlp --dataset digits --epochs 1 --threads 1 --device c,reference
first=$(sed -n 's/^epoch 1\/4  \(loss [0-9.]*\) .*/\1/p' one.out)
says "epoch 1/1  ${first:?}"

# stopped, and gone on with
stop INT .5 train mlp --dataset digits --epochs 200 --threads 1 --device c,c
# another number of ranks goes on, and says that the bits are others
expect 0 train mlp --epochs 5 --out three --resume --device c,c
says 'the run began with 3 ranks: it goes on with 2, but not to the same bits'

# A list's runs and a result's trainings are shared out, and come to the same.
list='train mlp --dataset digits --epochs 1 --threads 1 --lr 1e-3,1e-2,1e-1'
expect 0 $list --device c --jobs 1 --out list1
expect 0 $list --device c,c --out list2
same list1/sweep.csv list2/sweep.csv
same list1/lr=0.01/last.npz list2/lr=0.01/last.npz
expect 1 $list --device c,opencl:999 --out list3
errs 'opencl:999'
cat >study.json <<'END'
{"name": "study", "data": {"dataset": "digits", "train": 400}, "network": {"model": "mlp", "hidden": [8]},
 "training": {"seeds": 2}, "x": {"set": "training.epochs", "values": [1, 2]},
 "series": [{"name": "report"}, {"name": "cosine", "set": {"measure": "cosine", "training.lr": 0.01}}]}
END
study='reproduce --from study.json --threads 1 --jobs 1'
expect 0 $study --device c --out study1
expect 0 $study --device c,c --out study2
silent
same study1/study/runs.csv study2/study/runs.csv
same study1/study/table.md study2/study/table.md

# So are the points of a curve, the values of a scan, and distances.
cp "$here/../../apps/examples/systems/lens.json" .
eval='eval one --weight-noise 0,.1,.3 --copies 2 --threads 1'
scan='simulate lens.json --set grid=64 --set pitch=20um --scan space.distance=50mm:70mm:5 --threads 1'
way='beam.npy --wavelength 532nm --pitch 8um --distance 1cm,2cm,4cm --threads 1'
expect 0 source beam.npy --wavelength 532nm --pitch 8um --size 32
expect 0 $eval --device c --jobs 1 --out eval1
expect 0 $scan --device c --jobs 1 --out scan1
expect 0 propagate $way way1 --device c --jobs 1
expect 0 $eval --device c,c --out eval2
expect 0 $scan --device c,reference --json --out scan2
# whoever comes first has the first job, and one may do them all
grep -Eq '"device":	"(c|reference|c,reference|reference,c)"' out || fail "$what: devices $(grep '"device"' out)"
expect 0 $scan --device c,c --out scan3
expect 0 propagate $way way2 --device c,c
same eval1/curves.csv eval2/curves.csv
same scan1/camera.npy scan3/camera.npy
same scan1/scan.csv scan3/scan.csv
same way1/fields.npy way2/fields.npy
plates='design --size 16 --plates 2 --steps 3 --distance 1m,2m --quiet --threads 1'
expect 0 $plates --device c --jobs 1 --out plates1
expect 0 $plates --device c,c --out plates2
same plates1/sweep.csv plates2/sweep.csv
same plates1/distance=2m/plates.npz plates2/distance=2m/plates.npz
expect 2 design --size 16 --plates 2 --steps 3 --device c,c --out plates3
errs "--device is 'c,c', and there is one run"
expect 2 eval one --device c,c
errs "--device is 'c,c', and there is one run; expected one device, or a list of runs"
expect 2 simulate lens.json --device c,c
errs "--device is 'c,c', and there is one run"

expect 2 $small --device c,,c
errs "--device is 'c,,c'; expected one of auto, c, reference"
expect 2 $small --device c,gpu
expect 2 $small --device c,
expect 1 $small --device c,opencl:999
errs 'opencl:999'

if [ "$mpi" = 1 ] && command -v mpirun >/dev/null; then
	# as root, on fewer cores than ranks, on this machine alone
	export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1
	export OMPI_MCA_plm=isolated OMPI_MCA_hwloc_base_binding_policy=none
	export PRTE_MCA_rmaps_default_mapping_policy=:oversubscribe
	alone=$onn
	onn=$(command -v mpirun)

	for n in 2 4; do
		expect 0 -n $n "$alone" $small --device c --out mpi$n
		[ "$(loss out)" = "$(loss one.out)" ] || fail "$what: loss $(loss out), alone $(loss one.out)"
		[ "$(grep -c '^epoch ' out)" = 4 ] || fail "$what: not the first rank alone speaks: $(cat out)"
		expect 0 -n $n "$alone" $small --device c --out mpi$n.again --quiet
		same mpi$n/last.npz mpi$n.again/last.npz
	done
	# threads and processes add alike
	"$alone" $small --device c,c --out threads2 >/dev/null || fail 'two devices'
	same mpi2/best.npz threads2/best.npz
	grep -q '"ranks":.*4' mpi4/config.json || fail "$what: config.json has no ranks"

	for n in 2 4; do
		expect 0 -n $n "$alone" $list --device c --out list.mpi$n
		same list1/sweep.csv list.mpi$n/sweep.csv
		same list1/lr=0.01/last.npz list.mpi$n/lr=0.01/last.npz
		[ "$(grep -c '^lr=' out)" = $((4 / n)) ] || fail "$what: not its own runs: $(cat out)"
		expect 0 -n $n "$alone" $study --device c --out study.mpi$n
		same study1/study/runs.csv study.mpi$n/study/runs.csv
	done
	for n in 2 4; do
		expect 0 -n $n "$alone" $eval --device c --out eval.mpi$n
		same eval1/curves.csv eval.mpi$n/curves.csv
		[ "$(grep -c '^accuracy' out)" = 1 ] || fail "$what: not the first process alone speaks: $(cat out)"
		expect 0 -n $n "$alone" $scan --device c --out scan.mpi$n
		same scan1/camera.npy scan.mpi$n/camera.npy
		same scan1/scan.csv scan.mpi$n/scan.csv
		expect 0 -n $n "$alone" propagate $way way.mpi$n/ --device c
		same way1/fields.npy way.mpi$n/fields.npy
		same way1/measures.csv way.mpi$n/measures.csv
	done
	# what is there is not done again, and other settings are refused before anything is written
	touch -d '2001-01-01' scan.mpi2/jobs/00001.npy
	rm scan.mpi2/jobs/00000.npy
	expect 0 -n 2 "$alone" $scan --device c --out scan.mpi2
	same scan1/camera.npy scan.mpi2/camera.npy
	[ -z "$(find scan.mpi2/jobs/00001.npy -newermt 2002-01-01)" ] || fail "$what: what was there is done again"
	cp -r scan.mpi2/jobs before
	run -n 2 "$alone" $scan --set lens.f=61mm --device c --out scan.mpi2
	[ "$code" != 0 ] || fail "$what: other runs in one folder"
	[ "$(grep -c 'made with another system' err)" = 1 ] || fail "$what: $(cat err)"
	diff -r before scan.mpi2/jobs >/dev/null || fail "$what: it has written there"
	# one run is the first process's
	expect 0 -n 2 "$alone" simulate lens.json --device c --csv -
	[ "$(grep -c '^camera,' out)" = 2 ] || fail "$what: $(cat out)"
	run -n 2 "$alone" $list --device c --jobs 2 --out list.mpi
	[ "$code" != 0 ] || fail "$what: --jobs in several processes"
	[ "$(grep -c 'expected the one or the others' err)" = 1 ] || fail "$what: $(cat err)"

	# what is wrong is said once
	run -n 2 "$alone" $small --device c --out mpi2
	[ "$code" != 0 ] || fail "$what: a run that is there was overwritten"
	[ "$(grep -c 'holds a run' err)" = 1 ] || fail "$what: $(cat err)"
	run -n 2 "$alone" $small --devise c
	[ "$(grep -c 'unknown option' err)" = 1 ] || fail "$what: $(cat err)"

	# one that dies ends the run; what was done is kept, and goes on
	run -n 2 sh -c 'if [ "${OMPI_COMM_WORLD_RANK:-${PMI_RANK:-0}}" = 1 ]; then (sleep 3; kill -9 $$) & fi; exec "$0" "$@"' \
		"$alone" train mlp --dataset digits --epochs 100000 --threads 1 --device c --out lost
	[ "$code" != 0 ] || fail "$what: exit code 0"
	[ -s lost/last.npz ] || fail "$what: no checkpoint"
	done_=$(($(wc -l <lost/metrics.csv) - 1))
	[ "$done_" -gt 0 ] || fail "$what: no epoch was kept"
	expect 0 -n 2 "$alone" train mlp --dataset digits --epochs $((done_ + 2)) --threads 1 --device c --out lost --resume
	says 'goes on at epoch'
	[ $(($(wc -l <lost/metrics.csv) - 1)) = $((done_ + 2)) ] || fail "$what: metrics.csv"
else
	echo 'processes: skipped, no MPI'
fi
finish
