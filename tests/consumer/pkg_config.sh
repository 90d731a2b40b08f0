#!/bin/sh
# pkg_config.sh main.c prefix libdir folder compiler: builds and runs an outside program by pkg-config's flags.
set -eu
main=$1 prefix=$2 libdir=$3 folder=$4 cc=$5
command -v pkg-config >/dev/null || exit 77
PKG_CONFIG_PATH=$prefix/$libdir/pkgconfig
export PKG_CONFIG_PATH
rm -rf "$folder"
mkdir -p "$folder"

# Words are flags: they must split.
# shellcheck disable=SC2046
"$cc" -std=c11 "$main" $(pkg-config --cflags --libs onn) -o "$folder/with_shared"
LD_LIBRARY_PATH=$prefix/$libdir "$folder/with_shared"

# The same flags that --static gives for the libraries below, with the archive in the place of -lonn.
flags=$(pkg-config --static --libs onn | sed "s|-lonn\b|$prefix/$libdir/libonn.a|")
# shellcheck disable=SC2046,SC2086
"$cc" -std=c11 -DONN_STATIC "$main" $(pkg-config --static --cflags onn) $flags -o "$folder/with_static"
"$folder/with_static"
