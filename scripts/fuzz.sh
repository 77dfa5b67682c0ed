#!/usr/bin/env bash
# Runs every fuzz target for SECONDS_EACH seconds (10 unless given), or those named: fuzz.sh [TARGET...]. Runs begin
# alike each time, so that a change is judged by what it changes; SEED=0 begins elsewhere each time.
# What made a target fail lies in build/asan/artifacts. The last line is the count.
set -uo pipefail
cd "$(dirname "$0")/.."
scripts/dependencies.sh test || exit 1
# shellcheck source=scripts/steps.sh
. scripts/steps.sh

folder=build/asan
corpora=${ASSAY_CORPORA:-../shared/corpora}
export folder seconds=${SECONDS_EACH:-10} seed=${SEED:-1}
export LSAN_OPTIONS=suppressions=$PWD/scripts/leaks.txt:print_suppressions=0:${LSAN_OPTIONS:-}
ASAN_SYMBOLIZER_PATH=$(command -v llvm-symbolizer-19)
export ASAN_SYMBOLIZER_PATH

build_step "configure asan" cmake --preset asan || { finish; exit 1; }
build_step "build fuzz" ninja -C "$folder" -j "$JOBS" fuzz/all || { finish; exit 1; }

targets=("$@")
[ ${#targets[@]} -gt 0 ] || mapfile -t targets < <(sed -n 's/^assay_fuzz_target(\([a-z_]*\) .*/fuzz_\1/p' fuzz/CMakeLists.txt | sort)
rm -rf "$folder/fuzz_runs"
mkdir -p "$folder/artifacts" "$folder/fuzz_runs"

# Real files make good seeds where they are at hand: the smallest hundred of a family.
link_seeds() {
  local into=$PWD/$folder/seeds/$1 family=$2 file
  rm -rf "$into"
  [ -d "$corpora/$family" ] || return 0
  mkdir -p "$into"
  find "$(realpath "$corpora/$family")" -type f -size -100k -printf '%s %p\n' | sort -n | head -n 100 | cut -d ' ' -f 2- |
    while IFS= read -r file; do ln -sf "$file" "$into/$(printf '%s' "$file" | md5sum | cut -c 1-16)"; done
}
for family in mail archive office pdf; do link_seeds "$family" "$family"; done

# fuzz TARGET: from the seeds that are kept in fuzz/corpus/NAME, and from what earlier runs found.
fuzz() {
  local target=$1 name=${1#fuzz_} options=() seeds=() from
  mkdir -p "$folder/corpus/$name"
  [ ! -f "fuzz/$name.dict" ] || options+=("-dict=fuzz/$name.dict")
  for from in "fuzz/corpus/$name" "$folder/seeds/$name"; do [ ! -d "$from" ] || seeds+=("$from"); done
  [ "$name" != legacy ] || seeds+=(tests/fixtures/legacy)
  "$folder/fuzz/$target" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 -max_len=100000 -seed="$seed" \
    -print_final_stats=1 -artifact_prefix="$folder/artifacts/$target-" "${options[@]}" "$folder/corpus/$name" "${seeds[@]}" \
    >"$folder/fuzz_runs/$target.log" 2>&1
  echo $? >"$folder/fuzz_runs/$target.status"
}
export -f fuzz
printf '%s\n' "${targets[@]}" | xargs -P "$JOBS" -I {} bash -c 'fuzz {}'

# outcome TARGET: how it ended; when it failed, what was seen first of the fault, and how to see it again.
fault='does not hold\|runtime error:\|ERROR: '
outcome() {
  local log=$folder/fuzz_runs/$1.log status
  status=$(cat "$folder/fuzz_runs/$1.status")
  if [ "$status" -ne 0 ]; then
    grep -q "$fault" "$log" && sed -n "/$fault/,\$p" "$log" | head -n 45 || tail -n 45 "$log"
    echo "to see it again: $folder/fuzz/$1 $(grep -o "$folder/artifacts/[^ ]*" "$log" | tail -n 1)"
  fi
  return "$status"
}
for target in "${targets[@]}"; do
  executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$folder/fuzz_runs/$target.log")
  case_is "fuzz $target ($executions inputs)" outcome "$target"
done
finish
