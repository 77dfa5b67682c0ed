#!/bin/sh
# Runs the benchmarks on the release build; arguments choose sections (classifier, scan, sources, rules, ...).
set -eu
cd "$(dirname "$0")/.."
exec build/release/assay-bench "$@"
