#!/bin/sh
# check-package.sh FOLDER: Debian's packages of what is under version control here, built in FOLDER, which is emptied; lintian
# finds nothing in them, and what is unpacked from them runs. Exit status 77 where there is no dpkg-buildpackage, debhelper
# or lintian.
set -eu
folder=$(realpath -m "$1")
cd "$(dirname "$0")/.."
for program in dpkg-buildpackage dh dh_python3 lintian; do
  command -v $program >/dev/null || {
    echo "check-package: no $program, nothing checked"
    exit 77
  }
done
rm -rf "$folder"
mkdir -p "$folder/onn" "$folder/root"
git ls-files -z | xargs -0 cp --parents -t "$folder/onn"
# Their form is what is looked at here, which needs neither optimisation nor debugging symbols nor their tests.
export DEB_BUILD_OPTIONS="${DEB_BUILD_OPTIONS-noopt noautodbgsym nocheck parallel=$(nproc)}"
(cd "$folder/onn" && dpkg-buildpackage --unsigned-source --unsigned-changes >"$folder/log" 2>&1) || {
  tail -40 "$folder/log"
  exit 1
}
lintian --fail-on error,warning "$folder"/*.changes
for package in "$folder"/*.deb; do
  dpkg --extract "$package" "$folder/root"
done
library=$(echo "$folder"/[r]oot/usr/lib/*-*/)
missing=$(LD_LIBRARY_PATH=$library ldd "$folder/root/usr/bin/onn" "$library/libonn.so.0" | grep 'not found' || true)
[ -z "$missing" ] || {
  echo "check-package: $missing"
  exit 1
}
# Not from the source tree, and with the digits of onn-data.
cd "$folder/root"
rm -rf "$folder/onn"
LD_LIBRARY_PATH=$library usr/bin/onn train mlp --hidden 16 --epochs 2 --device c --quiet
# Two processes, as root and on one core, too.
if command -v mpirun >/dev/null; then
  OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1 OMPI_MCA_plm=isolated \
    OMPI_MCA_hwloc_base_binding_policy=none PRTE_MCA_rmaps_default_mapping_policy=:oversubscribe LD_LIBRARY_PATH=$library \
    mpirun -n 2 usr/bin/onn train mlp --hidden 16 --epochs 1 --device c
fi
if python3 -c 'import numpy' 2>/dev/null; then
  LD_LIBRARY_PATH=$library PYTHONPATH=usr/lib/python3/dist-packages python3 -c 'import onn; print(onn.__file__)'
fi
ls -l "$folder"/*.deb | awk '{ print $5, $NF }'
