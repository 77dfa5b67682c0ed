# Completion of assay for bash.
_assay_configuration="--config --database --data-dir --node-group --name --listen --fingerprint-key-file --key-file --sandbox-require
  --worker-concurrency --worker-batch --worker-heartbeat-ms --worker-task-deadline-ms --worker-grace-ms
  --orchestrator-lease-ms --orchestrator-most-jobs --scan-threads --scan-split-from --scan-range-bytes
  --retention-tasks-keep-days --retention-catalog-runs --budgets-process-concurrent-tasks --budgets-process-connections
  --budgets-process-bytes-per-s --budgets-process-memory-bytes --budgets-node-group-concurrent-tasks
  --budgets-node-group-connections --budgets-node-group-bytes-per-s --budgets-node-group-memory-bytes
  --vault-address --vault-ca-file --vault-namespace --vault-token --vault-role-id --vault-secret-id --vault-approle-mount
  --vault-timeout-ms --log-level --log-file"
_assay_database="--config --database --data-dir"

# What of one kind there is in the database: _assay_names PROGRAM source|template|job
_assay_names() {
  "$1" "$2" list 2>/dev/null | awk 'NR > 1 { print $1 }'
}

# The options after a command that has commands of its own, and what its argument may be: sets options and words.
_assay_of_database() {
  local program=$1 command=$2 sub=$3
  options="$_assay_database --help"
  case $command/$sub in
    source/add)
      options+=" --path --url --setting --include --exclude --cross-file-systems --node-group --disabled --concurrent-tasks
        --connections --bytes-per-s --memory-bytes" ;;
    source/list | template/list | db/status) options+=" --format" ;;
    source/show | template/show) options+=" --format" words=$(_assay_names "$program" "$command") ;;
    source/* | template/remove) words=$(_assay_names "$program" "$command") ;;
    template/add) options+=" --replace" ;;
    job/start) options+=" --wait --full --idempotency-key --format" words=$(_assay_names "$program" template) ;;
    job/list) options+=" --status --limit --format" ;;
    job/show) options+=" --format" words=$(_assay_names "$program" job) ;;
    job/tasks) options+=" --status --limit --format" words=$(_assay_names "$program" job) ;;
    job/retry) options+=" --dead --task" words=$(_assay_names "$program" job) ;;
    job/*) words=$(_assay_names "$program" job) ;;
    key/*)
      options+=" --key-file"
      [[ $sub == status ]] || options+=" --password-stdin"
      case $sub in
        init) options+=" --kdf --write-key-file --fingerprint-key" ;;
        unlock) options+=" --write-key-file" ;;
        change-password) options+=" --kdf --write-key-file" ;;
        status) options+=" --format" ;;
      esac ;;
    credential/set) options+=" --key-file --password-stdin --value-stdin" words=$(_assay_names "$program" credential) ;;
    credential/list) options+=" --format" ;;
    credential/show) options+=" --format" words=$(_assay_names "$program" credential) ;;
    credential/remove) words=$(_assay_names "$program" credential) ;;
    credential/check)
      options+=" --key-file --password-stdin --vault-address --vault-ca-file --vault-namespace --vault-token --vault-role-id
        --vault-secret-id --vault-approle-mount --vault-timeout-ms" words="store: file: env: vault:" ;;
    catalog/list) options+=" --source --schema --sensitive --vanished --limit --format" ;;
    catalog/export) options+=" --source --schema --sensitive --vanished --format --output" ;;
    catalog/*)
      case $sub in
        runs) options+=" --limit --format" ;;
        diff) options+=" --from --to --format" ;;
        show) options+=" --format" ;;
      esac
      words=$(_assay_names "$program" source) ;;
    findings/*)
      options+=" --job --new-only --source --entity --path --min-confidence --format --output"
      [[ $sub == export ]] || options+=" --limit" ;;
  esac
}

_assay() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]} options= words=
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    mapfile -t COMPREPLY < <(compgen -W "scan source template job findings catalog serve orchestrator worker key credential db rules explain doctor config --help --version" -- "$current")
    return
  fi
  case $previous in
    --format)
      local formats="table json"
      [[ $command != scan ]] || formats="table json jsonl csv sarif html"
      [[ $command != findings ]] || formats="table json jsonl csv"
      [[ $command != catalog ]] || formats="table json jsonl csv"
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
    --status)
      local statuses="QUEUED RUNNING PAUSING PAUSED CANCELLING CANCELLED COMPLETED FAILED"
      [[ ${COMP_WORDS[2]} != tasks ]] || statuses="PENDING READY RUNNING COMPLETED FAILED DEAD"
      mapfile -t COMPREPLY < <(compgen -W "$statuses" -- "$current")
      return ;;
    --job)
      mapfile -t COMPREPLY < <(compgen -W "$(_assay_names "${COMP_WORDS[0]}" job)" -- "$current")
      return ;;
    --source)
      mapfile -t COMPREPLY < <(compgen -W "$(_assay_names "${COMP_WORDS[0]}" source)" -- "$current")
      return ;;
    --kind)
      mapfile -t COMPREPLY < <(compgen -W files -- "$current")
      return ;;
    --limit | --task | --idempotency-key | --concurrent-tasks | --connections | --bytes-per-s | --memory-bytes) return ;;
    --sandbox-require)
      mapfile -t COMPREPLY < <(compgen -W "available strict" -- "$current")
      return ;;
    --kdf)
      mapfile -t COMPREPLY < <(compgen -W "argon2id argon2id-interactive pbkdf2-hmac-sha256" -- "$current")
      return ;;
    --log-level)
      mapfile -t COMPREPLY < <(compgen -W "debug info warning error" -- "$current")
      return ;;
    --database | --node-group | --name | --listen | --scan-* | --worker-* | --orchestrator-* | --retention-* | --budgets-* | --vault-address | --vault-namespace | --vault-token | --vault-role-id | --vault-secret-id | --vault-approle-mount | --vault-timeout-ms) return ;;
    --config | --data-dir | --fingerprint-key-file | --key-file | --write-key-file | --vault-ca-file | --log-file | --path | -o | --output | --ledger | --baseline | --write-baseline | --suppressions | --fingerprint-key | --rules)
      mapfile -t COMPREPLY < <(compgen -f -- "$current")
      return ;;
  esac
  case $command in
    scan)
      options="--setting --include --exclude --cross-file-systems --entities --min-confidence --rules --only-own-rules --ocr --ocr-languages
        --binaries --quality --format --output --ledger --baseline --write-baseline --suppressions --fingerprint-key --fail-on --reveal --quiet
        --data-dir --resume
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
    serve | orchestrator | worker) options="$_assay_configuration --help" ;;
    source | template | job | findings | catalog | key | credential | db)
      if ((COMP_CWORD == 2)); then
        local -A commands=([source]="add list show test enable disable remove kinds" [template]="add list show remove"
          [job]="start list show tasks watch pause resume cancel retry" [findings]="list columns export"
          [catalog]="list show runs diff export" [key]="init unlock rotate change-password status"
          [credential]="set list show remove check" [db]="migrate status")
        mapfile -t COMPREPLY < <(compgen -W "${commands[$command]} --help" -- "$current")
        return
      fi
      _assay_of_database "${COMP_WORDS[0]}" "$command" "${COMP_WORDS[2]}"
      if [[ -n $words && $current != -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
        return
      fi ;;
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
