# Completion of assay for bash.
_assay() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]} options=
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    mapfile -t COMPREPLY < <(compgen -W "scan rules explain doctor --help --version" -- "$current")
    return
  fi
  case $previous in
    --format)
      local formats="table json"
      [[ $command != scan ]] || formats="table json jsonl csv sarif html"
      mapfile -t COMPREPLY < <(compgen -W "$formats" -- "$current")
      return ;;
    --entities | --fail-on | --entity)
      # After a comma the next name is completed.
      local before=
      [[ $current != *,* ]] || before=${current%,*},
      local names
      names=$("${COMP_WORDS[0]}" rules list --entities 2>/dev/null | awk '/^[A-Z]/ { print $1 }')
      [[ $previous != --fail-on ]] || names+=" any"
      mapfile -t COMPREPLY < <(compgen -P "$before" -W "$names" -- "${current##*,}")
      return ;;
    --category)
      mapfile -t COMPREPLY < <(compgen -W "government_id financial contact health network location vehicle temporal online secret personal" -- "$current")
      return ;;
    --include | --exclude | --min-confidence | --threads | --max-* | --ocr-languages) return ;;
    -o | --output | --ledger | --baseline | --write-baseline | --suppressions | --fingerprint-key | --rules)
      mapfile -t COMPREPLY < <(compgen -f -- "$current")
      return ;;
  esac
  case $command in
    scan)
      options="--include --exclude --cross-file-systems --entities --min-confidence --rules --only-own-rules --ocr --ocr-languages
        --binaries --format --output --ledger --baseline --write-baseline --suppressions --fingerprint-key --fail-on --reveal --quiet
        --threads --max-object-bytes --max-expanded-bytes --max-member-bytes --max-expansion-ratio --max-depth --max-members
        --max-findings-per-object --max-object-ms --max-worker-memory --strict-sandbox --help" ;;
    rules)
      if ((COMP_CWORD == 2)); then
        mapfile -t COMPREPLY < <(compgen -W "list show test --help" -- "$current")
        return
      fi
      case ${COMP_WORDS[2]} in
        list) options="--rules --format --entity --category --entities --validators --help" ;;
        show)
          options="--rules --format --help"
          if [[ $current != -* ]]; then
            mapfile -t COMPREPLY < <(compgen -W "$("${COMP_WORDS[0]}" rules list 2>/dev/null | awk 'NR > 1 && NF > 4 { print $1 }')" -- "$current")
            return
          fi ;;
        test) options="--rules --help" ;;
      esac ;;
    explain) options="--rules --min-confidence --help" ;;
    doctor) options="--format --help" ;;
  esac
  if [[ $current == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$current")
  else
    mapfile -t COMPREPLY < <(compgen -f -- "$current")
  fi
}
complete -o filenames -F _assay assay
