# Completion of assay for bash.
_assay_configuration="--config --database --data-dir --node-group --name --listen --fingerprint-key-file --sandbox-require
  --worker-concurrency --worker-batch --worker-heartbeat-ms --worker-task-deadline-ms --worker-grace-ms
  --worker-max-attempts --orchestrator-lease-ms --orchestrator-most-jobs --scan-threads
  --retention-tasks-keep-days --budgets-process-concurrent-tasks --budgets-process-connections
  --budgets-process-bytes-per-s --budgets-process-memory-bytes --budgets-node-group-concurrent-tasks
  --budgets-node-group-connections --budgets-node-group-bytes-per-s --budgets-node-group-memory-bytes
  --log-level --log-file"

_assay() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]} options=
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    mapfile -t COMPREPLY < <(compgen -W "scan rules explain doctor config --help --version" -- "$current")
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
    --sandbox-require)
      mapfile -t COMPREPLY < <(compgen -W "available strict" -- "$current")
      return ;;
    --log-level)
      mapfile -t COMPREPLY < <(compgen -W "debug info warning error" -- "$current")
      return ;;
    --database | --node-group | --name | --listen | --scan-* | --worker-* | --orchestrator-* | --retention-* | --budgets-*) return ;;
    --config | --data-dir | --fingerprint-key-file | --log-file | -o | --output | --ledger | --baseline | --write-baseline | --suppressions | --fingerprint-key | --rules)
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
    config)
      if ((COMP_CWORD == 2)); then
        mapfile -t COMPREPLY < <(compgen -W "show --help" -- "$current")
        return
      fi
      options="--format $_assay_configuration --help" ;;
  esac
  if [[ $current == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$current")
  else
    mapfile -t COMPREPLY < <(compgen -f -- "$current")
  fi
}
complete -o filenames -F _assay assay
