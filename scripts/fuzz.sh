#!/usr/bin/env bash
# Runs every fuzz target for SECONDS_EACH seconds (10 unless given), or those named: fuzz.sh [TARGET...].
# What made a target fail lies in build/fuzz/artifacts. The last line is the count.
set -uo pipefail
cd "$(dirname "$0")/.."
scripts/dependencies.sh test || exit 1
# shellcheck source=scripts/steps.sh
. scripts/steps.sh

seconds=${SECONDS_EACH:-10}
folder=build/fuzz
export ASAN_OPTIONS=allocator_may_return_null=1:${ASAN_OPTIONS:-} UBSAN_OPTIONS=print_stacktrace=1:${UBSAN_OPTIONS:-}
ASAN_SYMBOLIZER_PATH=$(command -v llvm-symbolizer-19)
export ASAN_SYMBOLIZER_PATH

build_step "configure fuzz" cmake --preset fuzz -DCMAKE_CXX_FLAGS_RELWITHDEBINFO="-O1 -gline-tables-only" || { finish; exit 1; }
build_step "build fuzz" ninja -C "$folder" -j "$JOBS" fuzz/all || { finish; exit 1; }

targets=("$@")
[ ${#targets[@]} -gt 0 ] || mapfile -t targets < <(find "$folder/fuzz" -maxdepth 1 -type f -executable -name 'fuzz_*' -printf '%f\n' | sort)

# fuzz TARGET: from the seeds that are kept in fuzz/corpus/NAME, and from what earlier runs found.
fuzz() {
  local target=$1 name=${1#fuzz_}
  local found=$folder/corpus/$name options=()
  mkdir -p "$found" "$folder/artifacts"
  [ ! -f "fuzz/$name.dict" ] || options+=("-dict=fuzz/$name.dict")
  local seeds=()
  [ ! -d "fuzz/corpus/$name" ] || seeds+=("fuzz/corpus/$name")
  "$folder/fuzz/$target" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 -print_final_stats=1 \
    -artifact_prefix="$folder/artifacts/$target-" "${options[@]}" "$found" "${seeds[@]}"
}
for target in "${targets[@]}"; do case_is "fuzz $target" fuzz "$target"; done
finish
