# Completion of assay for fish.
function __assay_entities
    assay rules list --entities 2>/dev/null | string match -r '^[A-Z][A-Z0-9_]+'
end
function __assay_rules
    assay rules list 2>/dev/null | string match -r '^[a-z][a-z0-9-]+'
end

complete -c assay -f
complete -c assay -n __fish_use_subcommand -a scan -d 'Find sensitive data'
complete -c assay -n __fish_use_subcommand -a rules -d 'Show or test the rules'
complete -c assay -n __fish_use_subcommand -a explain -d 'Tell why something is reported or not'
complete -c assay -n __fish_use_subcommand -a doctor -d 'Show what this machine offers'
complete -c assay -n __fish_use_subcommand -l version -d 'Show the version'
complete -c assay -l help -d 'Show help'

set -l scan '__fish_seen_subcommand_from scan'
complete -c assay -n $scan -F
complete -c assay -n $scan -l include -x -d 'Scan only files that match this glob'
complete -c assay -n $scan -l exclude -x -d 'Leave out what matches this glob'
complete -c assay -n $scan -l cross-file-systems -d 'Follow mount points'
complete -c assay -n $scan -l entities -x -a '(__fish_append , (__assay_entities))' -d 'Report only these entities'
complete -c assay -n $scan -l min-confidence -x -d 'Report from this confidence on'
complete -c assay -n $scan -l rules -r -F -d 'Further rules'
complete -c assay -n $scan -l only-own-rules -d 'Leave out the built-in rules'
complete -c assay -n $scan -l ocr -d 'Read text in images'
complete -c assay -n $scan -l ocr-languages -x -d 'Languages of --ocr'
complete -c assay -n $scan -l binaries -d 'Read strings of binaries'
complete -c assay -n $scan -l format -x -a 'table json jsonl csv sarif html' -d 'Format of the report'
complete -c assay -n $scan -s o -l output -r -F -d 'Write the report to this file'
complete -c assay -n $scan -l ledger -r -F -d 'Write what became of every object'
complete -c assay -n $scan -l baseline -r -F -d 'Report only what is new'
complete -c assay -n $scan -l write-baseline -r -F -d 'Write all findings to this baseline'
complete -c assay -n $scan -l suppressions -r -F -d 'Do not report what this file covers'
complete -c assay -n $scan -l fingerprint-key -r -F -d 'Key of the fingerprints'
complete -c assay -n $scan -l fail-on -x -a '(__fish_append , (__assay_entities) any)' -d 'Exit with 1 when found'
complete -c assay -n $scan -l reveal -d 'Show the values themselves'
complete -c assay -n $scan -s q -l quiet -d 'No progress display'
complete -c assay -n $scan -l threads -x -d 'Examiner processes'
complete -c assay -n $scan -l max-object-bytes -x -d 'Bytes read of one file'
complete -c assay -n $scan -l max-expanded-bytes -x -d 'What members of one file may expand to'
complete -c assay -n $scan -l max-member-bytes -x -d 'What one member may expand to'
complete -c assay -n $scan -l max-expansion-ratio -x -d 'Expanded bytes for each byte read'
complete -c assay -n $scan -l max-depth -x -d 'Members inside members'
complete -c assay -n $scan -l max-members -x -d 'Members of one file'
complete -c assay -n $scan -l max-findings-per-object -x -d 'Findings of one file'
complete -c assay -n $scan -l max-object-ms -x -d 'Time for one file'
complete -c assay -n $scan -l max-worker-memory -x -d 'Memory of one examiner'
complete -c assay -n $scan -l strict-sandbox -d 'Refuse to run without the full sandbox'

set -l rules '__fish_seen_subcommand_from rules'
complete -c assay -n "$rules; and not __fish_seen_subcommand_from list show test" -a 'list show test'
complete -c assay -n $rules -l rules -r -F -d 'Further rules'
complete -c assay -n "$rules; and __fish_seen_subcommand_from list show" -l format -x -a 'table json' -d Format
complete -c assay -n "$rules; and __fish_seen_subcommand_from list" -l entity -x -a '(__fish_append , (__assay_entities))' -d 'Only rules of these entities'
complete -c assay -n "$rules; and __fish_seen_subcommand_from list" -l category -x -a 'government_id financial contact health network location vehicle temporal online secret personal' -d 'Only rules of this category'
complete -c assay -n "$rules; and __fish_seen_subcommand_from list" -l entities -d 'List the entities'
complete -c assay -n "$rules; and __fish_seen_subcommand_from list" -l validators -d 'List the validators'
complete -c assay -n "$rules; and __fish_seen_subcommand_from show" -a '(__assay_rules)'
complete -c assay -n "$rules; and __fish_seen_subcommand_from test" -F

complete -c assay -n '__fish_seen_subcommand_from explain' -F
complete -c assay -n '__fish_seen_subcommand_from explain' -l rules -r -F -d 'Further rules'
complete -c assay -n '__fish_seen_subcommand_from explain' -l min-confidence -x -d 'Confidence from which on a scan reports'
complete -c assay -n '__fish_seen_subcommand_from doctor' -l format -x -a 'table json' -d Format
