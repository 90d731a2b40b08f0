#!/bin/sh
# install-dependencies.sh [test|ci]: installs with apt what is missing of what the build, the demo and, with "test", the
# tests need; with "ci" also what the other checks of .ci/run need. Debian 12, Ubuntu 22.04 and newer. Where all is there already it does nothing and needs no network.
set -eu

needed="gcc libc6-dev make cmake pkg-config zlib1g-dev libpng-dev libzip-dev libcjson-dev"
# The build does without these where a distribution has none of that name.
wanted="ninja-build ocl-icd-opencl-dev opencl-headers pocl-opencl-icd libclblast-dev libvkfft-dev
  libclfft-dev libdnnl-dev libopenblas-serial-dev libfftw3-dev libtiff-dev libjpeg-dev libhdf5-dev gnuplot-nox"
case ${1:-} in
test | ci)
  needed="$needed check"
  wanted="$wanted g++ mesa-opencl-icd python3-numpy python3-pytest libopenmpi-dev openmpi-bin"
  ;;
esac
if [ "${1:-}" = ci ]; then
  needed="$needed git clang clang-format clang-tidy doxygen"
  wanted="$wanted debhelper dh-python dpkg-dev fakeroot lintian zsh fish
    python3-sphinx python3-myst-parser"
fi

installed() {
  [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ] && return
  # A package that others provide: pkg-config by pkgconf, libpng-dev by a newer one.
  case $1 in
  libopenblas-serial-dev) # another one will do
    [ "$(dpkg-query -W -f='${db:Status-Status}' libopenblas-dev 2>/dev/null)" = installed ]
    ;;
  pkg-config | gcc | make | cmake | git | g++ | clang | clang-format | clang-tidy | doxygen | ninja-build | gnuplot-nox)
    program=$1
    [ "$1" != ninja-build ] || program=ninja
    [ "$1" != gnuplot-nox ] || program=gnuplot
    command -v "$program" >/dev/null
    ;;
  *) return 1 ;;
  esac
}

missing() {
  for package in "$@"; do
    installed "$package" || printf ' %s' "$package"
  done
}

# Of the packages given, those that apt can install from the lists it has.
available() {
  for package in "$@"; do
    if apt-cache show "$package" >/dev/null 2>&1; then
      printf ' %s' "$package"
    fi
  done
}

if ! command -v apt-get >/dev/null; then
  echo "There is no apt-get here. Under Debian's names the build needs $needed" >&2
  echo "and makes use of $wanted" >&2
  exit 0
fi

install() {
  [ $# = 0 ] || $as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install --yes --no-install-recommends "$@"
}

# shellcheck disable=SC2046,SC2086 # package lists must split into words
{
  must=$(missing $needed)
  may=$(missing $wanted)
  if [ -z "$must" ] && [ -z "$may" ]; then
    exit 0
  fi
  # What the lists do not have now was not there at the first start either.
  if [ -z "$must" ] && [ -z "$(available $may)" ] && [ -n "$(available gcc)" ]; then
    exit 0
  fi

  as_root=
  if [ "$(id -u)" != 0 ]; then
    if command -v sudo >/dev/null; then
      as_root=sudo
    elif [ -n "$must" ]; then
      echo "Run this as root, or install sudo. Missing:$must$may" >&2
      exit 1
    else
      echo "Going on without:$may (neither root nor sudo)" >&2
      exit 0
    fi
  fi
  echo "Installing with apt:$must$may"
  if [ -n "$must" ]; then
    $as_root apt-get update
    install $must $(available $may)
  elif ! { $as_root apt-get update && install $(available $may); }; then
    echo "Going on without:$may" >&2
  fi
}
