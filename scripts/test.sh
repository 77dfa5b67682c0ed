#!/usr/bin/env bash
# Everything that a change must pass. The last line is the count of test cases; long output goes to build/logs, the count
# to build/logs/count.txt too. ASSAY_SANITIZERS says how much is run in sanitizer builds, the fuzz targets among it:
# full (when it is not set), short, or none.
set -uo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/steps.sh
. scripts/steps.sh

# nested SCRIPT...: a script that counts by itself; its last line is "N passed, M failed".
nested() {
  local log last status p f
  log=$LOGS/$(basename "$1" .sh)${2:+-$2}.log
  "$@" 2>&1 | tee "$log" | grep -v '^$'
  status=${PIPESTATUS[0]}
  last=$(tail -n 1 "$log" | grep -xE '[0-9]+ passed, [0-9]+ failed') || last="0 passed, 1 failed"
  read -r p _ f _ <<<"$last"
  [ "$status" -eq 0 ] || [ "$f" -gt 0 ] || f=1
  passed=$((passed + p))
  failed=$((failed + f))
}

all_formatted() { git ls-files -z '*.cpp' '*.h' '*.inc' | xargs -0 clang-format-19 --dry-run --Werror; }

shell_scripts_parse() { local f; for f in scripts/*.sh completions/assay.bash; do bash -n "$f" || return 1; done; }

end() {
  finish | tee "$LOGS/count.txt"
  [ "$failed" -eq 0 ]
  exit
}

rm -f "$LOGS/count.txt"
say "build"
build_step "configure release" cmake --preset release || end
build_step "build release" ninja -C build/release -j "$JOBS" all || end

say "tests"
scripts/openbao.sh
run_ctest release build/release

say "style"
case_is "sources are formatted (make format)" all_formatted
case_is "floors, lengths, marks, paths" scripts/style_check.py
case_is "clang-tidy of what differs from main, or on main of the last commit" scripts/tidy.sh --changed
case_is "shell scripts parse" shell_scripts_parse
case_is "examples are the same on each run" scripts/examples_check.sh
case_is "man page and completions name every option" scripts/help_check.sh

case ${ASSAY_SANITIZERS:-full} in
  none) ;;
  full | short)
    short=()
    [ "${ASSAY_SANITIZERS:-full}" = full ] || { short=(short); export SECONDS_EACH=${SECONDS_EACH:-3}; }
    say "address and undefined-behaviour sanitizers"
    nested scripts/sanitize.sh asan "${short[@]}"
    say "fuzz targets"  # of the same build
    nested scripts/fuzz.sh
    say "thread sanitizer"
    nested scripts/sanitize.sh tsan "${short[@]}"
    ;;
  *) case_is "ASSAY_SANITIZERS is full, short or none" false ;;
esac
end
