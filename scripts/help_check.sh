#!/usr/bin/env bash
# The man page and the completions name every option of every command: help_check.sh [PROGRAM].
set -euo pipefail
cd "$(dirname "$0")/.."
assay=${1:-build/release/assay}
manual=$(sed 's/\\-/-/g' docs/assay.1)
missing=0
need() {
  if ! grep -qE -- "$3" <<<"$2"; then
    echo "$1 does not name $4"
    missing=1
  fi
}
for command in scan "rules list" "rules show" "rules test" explain doctor serve orchestrator worker \
  "source add" "source list" "source show" "source test" "source enable" "source disable" "source remove" \
  "template add" "template list" "template show" "template remove" \
  "job start" "job list" "job show" "job tasks" "job watch" "job pause" "job resume" "job cancel" "job retry" \
  "key init" "key unlock" "key rotate" "key change-password" "key status" \
  "credential set" "credential list" "credential show" "credential remove" "credential check" \
  "findings list" "findings export" "db migrate" "db status" "config show"; do
  # shellcheck disable=SC2086
  options=$("$assay" $command --help | grep -oE '^ +(-[a-z], *)?--[a-z-]+' | grep -oE -- '--[a-z-]+')
  [ -n "$options" ] || { echo "$command has no options"; exit 1; }
  for option in $options; do
    [ "$option" != --help ] || continue
    need docs/assay.1 "$manual" "$option\b" "$command $option"
    need completions/assay.bash "$(cat completions/assay.bash)" "$option\b" "$command $option"
    need completions/_assay "$(cat completions/_assay)" "$option\b" "$command $option"
    need completions/assay.fish "$(cat completions/assay.fish)" "-l ${option#--}\b" "$command $option"
  done
done
exit $missing
