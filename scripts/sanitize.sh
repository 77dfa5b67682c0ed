#!/usr/bin/env bash
# Tests under a sanitizer: sanitize.sh asan (all of them) or tsan (of what uses threads). The last line is the count.
# ASSAY_MUTANTS says how many spoilt files asan scans; 4000, since each takes many times as long as without.
set -uo pipefail
cd "$(dirname "$0")/.."
kind=${1:-}
case $kind in
  asan | tsan) ;;
  *) echo "usage: sanitize.sh asan|tsan" >&2; exit 2 ;;
esac
scripts/dependencies.sh test || exit 1
scripts/test_servers.sh || exit 1
# shellcheck source=scripts/steps.sh
. scripts/steps.sh

export ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1:allocator_may_return_null=1:${ASAN_OPTIONS:-}
export LSAN_OPTIONS=suppressions=$PWD/scripts/leaks.txt:print_suppressions=0:${LSAN_OPTIONS:-}
export UBSAN_OPTIONS=print_stacktrace=1:${UBSAN_OPTIONS:-}
export TSAN_OPTIONS=second_deadlock_stack=1:${TSAN_OPTIONS:-}
ASAN_SYMBOLIZER_PATH=$(command -v llvm-symbolizer-19)
export ASAN_SYMBOLIZER_PATH TSAN_SYMBOLIZER_PATH=$ASAN_SYMBOLIZER_PATH

folder=build/$kind
build_step "configure $kind" cmake --preset "$kind" || { finish; exit 1; }

if [ "$kind" = asan ]; then
  build_step "build $kind" ninja -C "$folder" -j "$JOBS" all || { finish; exit 1; }
  export ASSAY_MUTANTS=${ASSAY_MUTANTS:-4000}
  run_ctest "$kind" "$folder"
else
  # What uses threads: walks, the pool of workers, whole scans and the program. An examiner has one thread, so the release
  # build's serves, and no parser is built here.
  tests=(core http sql store resources coordinate connect sandbox end_to_end command_line)
  build_step "configure release" cmake --preset release || { finish; exit 1; }
  build_step "build the examiner" ninja -C build/release -j "$JOBS" assay-examiner || { finish; exit 1; }
  build_step "build $kind" ninja -C "$folder" -j "$JOBS" "${tests[@]/#/test_}" || { finish; exit 1; }
  export ASSAY_EXAMINER=$PWD/build/release/assay-examiner
  run_ctest "$kind" "$folder" -R "^($(IFS='|'; echo "${tests[*]}"))\$"
fi
finish
