#!/usr/bin/env bash
# Tests under a sanitizer: sanitize.sh asan (all of them) or tsan (of what uses threads). With the word short behind it,
# those of the rooms where such faults are likeliest: what takes untrusted bytes apart, and loops and locks themselves,
# without servers and processes. The last line is the count.
# ASSAY_MUTANTS says how many spoilt files asan scans; 4000, since each takes many times as long as without.
set -uo pipefail
cd "$(dirname "$0")/.."
kind=${1:-}
case $kind in
  asan | tsan) ;;
  *) echo "usage: sanitize.sh asan|tsan [short]" >&2; exit 2 ;;
esac
case ${2:-} in
  "" | short) ;;
  *) echo "usage: sanitize.sh asan|tsan [short]" >&2; exit 2 ;;
esac
is_short=${2:+yes}
scripts/dependencies.sh test || exit 1
scripts/test_servers.sh || exit 1
# shellcheck source=scripts/steps.sh
. scripts/steps.sh

# No strict_string_checks: libraries compare names that do not end in NUL with a text that stops strcmp before their end.
export ASAN_OPTIONS=detect_stack_use_after_return=1:allocator_may_return_null=1:${ASAN_OPTIONS:-}
export LSAN_OPTIONS=suppressions=$PWD/scripts/leaks.txt:print_suppressions=0:${LSAN_OPTIONS:-}
export UBSAN_OPTIONS=print_stacktrace=1:${UBSAN_OPTIONS:-}
export TSAN_OPTIONS=second_deadlock_stack=1:${TSAN_OPTIONS:-}
ASAN_SYMBOLIZER_PATH=$(command -v llvm-symbolizer-19)
export ASAN_SYMBOLIZER_PATH TSAN_SYMBOLIZER_PATH=$ASAN_SYMBOLIZER_PATH

folder=build/$kind
build_step "configure $kind" cmake --preset "$kind" || { finish; exit 1; }

# tests_of NAME...: builds and runs them.
tests_of() {
  build_step "build $kind" ninja -C "$folder" -j "$JOBS" "${@/#/test_}" || { finish; exit 1; }
  run_ctest "$kind" "$folder" -R "^($(IFS='|'; echo "$*"))\$"
}

if [ -n "$is_short" ]; then
  echo "left out: most rooms, and all tests of processes; make $kind runs them"
  if [ "$kind" = asan ]; then
    tests_of core model validators classify profile extract_base extract_text extract_mail extract_office extract_archive \
      extract_pdf extract_image extract_ole_base extract_legacy extract_sqlite extract_rows extract_nested extract_binary \
      scan_wire examine
  else
    tests_of core resources coordinate server
  fi
elif [ "$kind" = asan ]; then
  build_step "build $kind" ninja -C "$folder" -j "$JOBS" all || { finish; exit 1; }
  export ASSAY_MUTANTS=${ASSAY_MUTANTS:-4000}
  echo "left out: faults, storm (their leases are too short for processes that a sanitizer slows down)"
  echo "smaller: mutation has $ASSAY_MUTANTS files (10000), simulation ${ASSAY_SIMULATION_SEEDS:-150} seeds (1000)"
  run_ctest "$kind" "$folder"
else
  # What uses threads: walks, the pool of workers, the store, loops, the health pages, whole scans, the program and jobs
  # of many processes. An examiner has one thread, so the release build's serves, and no parser is built here.
  tests=(core http sql secure store resources coordinate connect sandbox server end_to_end command_line jobs)
  build_step "configure release" cmake --preset release || { finish; exit 1; }
  build_step "build the examiner" ninja -C build/release -j "$JOBS" assay-examiner || { finish; exit 1; }
  export ASSAY_EXAMINER=$PWD/build/release/assay-examiner
  echo "left out: rooms without threads of their own, and hostile, corpora, mutation: they are the examiner's (asan runs all)"
  tests_of "${tests[@]}"
fi
finish
