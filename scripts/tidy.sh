#!/usr/bin/env bash
# clang-tidy over all sources but tests (tidy.sh), over some files (tidy.sh FILE...), or over what differs from the branch
# this one will land on (tidy.sh --changed; ASSAY_BASE names it when it is not origin/main or main).
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/dependencies.sh test
jobs=${JOBS:-$(nproc)}

base() {
  local name
  for name in ${ASSAY_BASE:-} origin/main main; do
    git rev-parse -q --verify "$name^{commit}" >/dev/null || continue
    if [ "$(git rev-parse "$name")" != "$(git rev-parse HEAD)" ]; then git merge-base HEAD "$name"; return; fi
  done
  git rev-parse -q --verify HEAD~1 || git hash-object -t tree /dev/null
}

if [ "${1:-}" = --changed ]; then
  mapfile -t files < <(git diff --name-only --diff-filter=d "$(base)" -- 'src/*.cpp' ':!*_test.cpp')
else
  files=("$@")
  [ ${#files[@]} -gt 0 ] || mapfile -t files < <(git ls-files 'src/*.cpp' ':!*_test.cpp')
fi
[ ${#files[@]} -gt 0 ] || { echo "nothing to look at"; exit 0; }

# Generated headers and precompiled headers must be there before the compiler's front end can read the sources.
[ -f build/release/build.ninja ] || cmake --preset release >/dev/null
ninja -C build/release -j "$jobs" all >/dev/null
patterns=()
for file in "${files[@]}"; do patterns+=("^$PWD/$file\$"); done
run-clang-tidy-19 -clang-tidy-binary clang-tidy-19 -p build/release -j "$jobs" -quiet "${patterns[@]}"
