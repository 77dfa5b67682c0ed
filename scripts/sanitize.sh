#!/usr/bin/env bash
# Unit tests under a sanitizer: sanitize.sh asan|tsan. The last line is the count.
set -uo pipefail
cd "$(dirname "$0")/.."
kind=${1:-}
case $kind in
  asan | tsan) ;;
  *) echo "usage: sanitize.sh asan|tsan" >&2; exit 2 ;;
esac
scripts/dependencies.sh test || exit 1
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

only=()
if [ "$kind" = asan ]; then
  build_step "build $kind" ninja -C "$folder" -j "$JOBS" all || { finish; exit 1; }
else
  # The rooms that use threads. Their examiner is the release build's, which has none.
  targets=()
  for room in core sql connect store scan cli sandbox; do
    if ninja -C "$folder" -t query "test_$room" >/dev/null 2>&1; then targets+=("test_$room") only+=("$room"); fi
  done
  build_step "build $kind" ninja -C "$folder" -j "$JOBS" "${targets[@]}" || { finish; exit 1; }
  [ ! -x build/release/assay-examiner ] || export ASSAY_EXAMINER=$PWD/build/release/assay-examiner
  only=(-R "^($(IFS='|'; echo "${only[*]}"))\$")
fi
run_ctest "$kind" "$folder" "${only[@]}"
finish
