#!/bin/sh
# The example files are the same on each run, so that what documents show of them stays true.
set -eu
cd "$(dirname "$0")/.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 examples/generate.py "$folder/a" >/dev/null
python3 examples/generate.py "$folder/b" >/dev/null
diff -r "$folder/a" "$folder/b"
test "$(find "$folder/a" -type f | wc -l)" -ge 20
