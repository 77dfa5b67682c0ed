# What the test scripts share; to be sourced from the repository's root after `set -uo pipefail`.
JOBS=${JOBS:-$(nproc)}
LOGS=build/logs
mkdir -p "$LOGS"
passed=0
failed=0

# Builds of several kinds compile much the same; a path that differs only in the build folder shall not hide that.
export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1

say() { printf '\n== %s (begun after %d s)\n' "$*" "$SECONDS"; }

# case_is NAME COMMAND...: one test case; its output goes to a file and is shown only when it fails.
case_is() {
  local name=$1 log
  shift
  log=$LOGS/$(printf '%s' "$name" | tr -c 'a-zA-Z0-9\n' '-').log
  if "$@" >"$log" 2>&1; then
    passed=$((passed + 1))
    printf 'ok      %s\n' "$name"
  else
    failed=$((failed + 1))
    printf 'FAILED  %s (%s)\n' "$name" "$log"
    tail -n 60 "$log"
    return 1
  fi
}

# run_ctest NAME BUILD_FOLDER [CTEST_OPTION...]: runs tests and counts their cases.
run_ctest() {
  local name=$1 folder=$2 counts
  shift 2
  local junit=$PWD/$LOGS/$name.xml failures=$LOGS/$name-failures.txt skipped=$LOGS/$name-skipped.txt
  rm -f "$junit" "$skipped"
  ctest --test-dir "$folder" --output-on-failure -j "$JOBS" --output-junit "$junit" --test-output-size-passed 50000000 \
    --test-output-size-failed 50000000 "$@" >"$LOGS/$name.log" 2>&1
  local status=$?
  if ! counts=$(scripts/tally.py "$junit" "$failures" "$skipped"); then
    counts="0 1 0"
    tail -n 60 "$LOGS/$name.log" >"$failures"
  fi
  # shellcheck disable=SC2086
  set -- $counts
  [ "$status" -eq 0 ] || [ "$2" -gt 0 ] || set -- "$1" 1 "$3"
  passed=$((passed + $1))
  failed=$((failed + $2))
  printf '%s: %s passed, %s failed, %s skipped (%s)\n' "$name" "$1" "$2" "$3" "$LOGS/$name.log"
  [ ! -f "$skipped" ] || cat "$skipped"
  if [ "$2" -gt 0 ]; then
    cat "$failures"
    return 1
  fi
}

# build_step NAME COMMAND...: counts only when it fails, since without it nothing after it means anything.
build_step() {
  local name=$1
  if case_is "$@"; then
    passed=$((passed - 1))
  else
    return 1
  fi
}

finish() {
  printf '\n%d passed, %d failed\n' "$passed" "$failed"
  [ "$failed" -eq 0 ]
}
