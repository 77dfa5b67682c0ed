#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>

#include "classify/rule_loader.h"
#include "cli/commands.h"
#include "cli/fingerprint_key.h"
#include "cli/human.h"
#include "cli/interrupt.h"
#include "cli/number_range.h"
#include "cli/progress_display.h"
#include "cli/report/report.h"
#include "cli/rule_selection.h"
#include "cli/source_arguments.h"
#include "core/clock.h"
#include "core/error.h"
#include "core/nearest_name.h"
#include "scan/filtering_sink.h"
#include "scan/run_scan.h"
#include "scan/scan.h"
#include "scan/stored_scan.h"

namespace assay::cli {
namespace {

/// What the user asked of `assay scan`.
struct ScanArguments {
  scan::ScanOptions scan;
  std::string format = "table";
  std::string output;
  std::vector<std::string> rule_paths;
  bool only_own_rules = false;
  std::string baseline, write_baseline, suppressions, ledger, key_file, data_dir;
  bool resume = false;
  std::vector<std::string> fail_on;
  bool quiet = false;
  bool cross_file_systems = false;
  std::vector<std::string> settings;
};

void add_selection_options(CLI::App& command, ScanArguments& a) {
  command
      .add_option(
          "PATH", a.scan.source.roots,
          "Files and directories to scan, or URLs of one kind of source (assay source kinds); - is standard input")
      ->required();
  command.add_option("--setting", a.settings, "KEY=VALUE of such a source, as password=env:NAME (may be repeated)")
      ->allow_extra_args(false);
  command
      .add_option("--include", a.scan.source.include,
                  "Scan only files that match this glob (gitignore syntax; may be repeated)")
      ->allow_extra_args(false);
  command
      .add_option("--exclude", a.scan.source.exclude,
                  "Leave out what matches this glob (may be repeated); .assayignore files count too")
      ->allow_extra_args(false);
  command.add_flag("--cross-file-systems", a.cross_file_systems, "Follow mount points to other file systems");
  command.add_option("--entities", a.scan.entities, "Report only these entities, as US_SSN,IBAN_CODE")
      ->allow_extra_args(false)
      ->delimiter(',');
  command.add_option("--min-confidence", a.scan.min_confidence, "Report from this confidence on")
      ->check(share())
      ->capture_default_str();
  command
      .add_option("--rules", a.rule_paths,
                  "Further rules: a directory or file of YAML (docs/rules.md; Presidio's YAML loads too)")
      ->allow_extra_args(false);
  command.add_flag("--only-own-rules", a.only_own_rules, "With --rules: leave out the built-in rules");
  command.add_flag("--ocr", a.scan.ocr, "Read text in images (slow)");
  command.add_option("--ocr-languages", a.scan.ocr_languages, "Languages of --ocr, as tesseract names them")
      ->allow_extra_args(false)
      ->delimiter(',')
      ->capture_default_str();
  command.add_flag_callback(
      "--quality", [&a] { a.scan.profile = model::ProfileScope::all; },
      "Tell what the columns of tables are like, too: nulls, different values, types, a score (docs/data-quality.md)");
  command.add_flag("--binaries", a.scan.binaries, "Read the printable strings of unknown binaries and executables");
}

void add_output_options(CLI::App& command, ScanArguments& a) {
  command.add_option("--format", a.format, "Format of the report")
      ->check(CLI::IsMember(report_formats()))
      ->capture_default_str();
  command.add_option("-o,--output", a.output, "Write the report to this file");
  command.add_option("--ledger", a.ledger, "Write what became of every object and member to this file, as JSON lines");
  command.add_option("--baseline", a.baseline, "Report only what this baseline does not have");
  command.add_option("--write-baseline", a.write_baseline, "Write all findings to this baseline");
  command.add_option("--suppressions", a.suppressions, "Do not report what this file covers (docs/suppression.md)");
  command.add_option("--fingerprint-key", a.key_file, "Key of the fingerprints: a file with 64 hex digits");
  command.add_option("--fail-on", a.fail_on, "Exit with 1 when this entity is found; 'any' is every entity")
      ->allow_extra_args(false)
      ->delimiter(',');
  command.add_flag("--reveal", a.scan.reveal, "Show the values themselves; only on a terminal or with --output");
  auto* data_dir = command.add_option("--data-dir", a.data_dir,
                                      "Keep the scan in this directory while it runs, so that --resume can take it up");
  command.add_flag("--resume", a.resume, "Take up the scan in --data-dir that was killed or interrupted")
      ->needs(data_dir);
  command.add_flag("-q,--quiet", a.quiet, "No progress display");
}

void add_limit_options(CLI::App& command, ScanArguments& a) {
  auto& limits = a.scan.limits;
  // A sign would be taken for the largest numbers there are.
  const CLI::Validator bytes =
      CLI::Validator(
          [](std::string& text) {
            return text.starts_with('-') ? std::string("a number of bytes has no sign") : std::string();
          },
          "") &
      CLI::AsSizeValue(false);
  command.add_option("--threads", a.scan.threads, "Examiner processes; 0 is one a processor")
      ->check(whole_number(0, 1024))
      ->group("Limits");
  command.add_option("--max-object-bytes", limits.max_object_bytes, "Read at most so much of one file (0: all of it)")
      ->transform(bytes)
      ->group("Limits");
  command.add_option("--max-expanded-bytes", limits.max_expanded_bytes, "What one file's members may expand to")
      ->transform(bytes)
      ->group("Limits");
  command.add_option("--max-member-bytes", limits.max_member_bytes, "What one member may expand to")
      ->transform(bytes)
      ->group("Limits");
  command.add_option("--max-expansion-ratio", limits.max_expansion_ratio, "Expanded bytes for each byte read")
      ->check(whole_number(1, UINT32_MAX))
      ->group("Limits");
  command.add_option("--max-depth", limits.max_depth, "Members inside members")
      ->check(whole_number(0, 1000))
      ->group("Limits");
  command.add_option("--max-members", limits.max_members, "Members of one file")
      ->check(whole_number(0))
      ->group("Limits");
  command.add_option("--max-findings-per-object", limits.max_findings_per_object, "Findings of one file")
      ->check(whole_number(1))
      ->group("Limits");
  command.add_option("--max-object-ms", limits.max_object_wall_ms, "Time for one file, in milliseconds")
      ->check(whole_number(1))
      ->group("Limits");
  command.add_option("--max-worker-memory", limits.max_worker_memory_bytes, "Memory of one examiner process")
      ->transform(bytes)
      ->group("Limits");
  command
      .add_flag("--strict-sandbox", a.scan.strict_sandbox,
                "Refuse to run where the kernel lacks a layer of the sandbox")
      ->group("Limits");
}

scan::KnownNames known_names(const std::vector<model::Rule>& rules) {
  scan::KnownNames known;
  for (const auto& rule : rules) {
    known.entities.push_back(rule.entity);
    known.rules.push_back(rule.name);
  }
  return known;
}

void check_entities(const std::vector<std::string>& names, const std::vector<model::Rule>& rules,
                    std::string_view option) {
  const auto known = known_names(rules).entities;
  for (const auto& name : names)
    if (std::ranges::find(known, name) == known.end() && !(option == "--fail-on" && name == "any"))
      throw core::Error(core::ErrorKind::bad_input,
                        fmt::format("{}: there is no entity '{}'{} `assay rules list` shows them", option, name,
                                    core::nearest_name(name, known) ? core::did_you_mean(name, known) : ";"));
}

void check(const ScanArguments& a) {
  const auto& paths = a.scan.source.roots;
  if (std::ranges::count(paths, "-") > 1)
    throw core::Error(core::ErrorKind::bad_input, "standard input (-) can be scanned only once");
  if (a.scan.reveal && a.output.empty() && ::isatty(STDOUT_FILENO) == 0)
    throw core::Error(core::ErrorKind::bad_input,
                      "--reveal writes values only to a terminal or to a file named with --output");
  if (a.only_own_rules && a.rule_paths.empty())
    throw core::Error(core::ErrorKind::bad_input, "--only-own-rules needs --rules");
}

// Whether both name one file, which need not exist.
bool is_same_file(const std::string& one, const std::string& other) {
  std::error_code error;
  if (std::filesystem::equivalent(one, other, error)) return true;
  const auto place = std::filesystem::weakly_canonical(one, error);
  return !error && place == std::filesystem::weakly_canonical(other, error) && !error;
}

bool is_regular_file(const std::string& path) {
  std::error_code error;
  return std::filesystem::is_regular_file(path, error);
}

bool is_file_or_new(const std::string& path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  return !std::filesystem::exists(status) || std::filesystem::is_regular_file(status);
}

// What is written must not take the place of what is scanned, or of another thing that is written.
void check_outputs(const ScanArguments& a) {
  const std::vector<std::pair<std::string_view, std::string>> outputs = {
      {"--output", a.output}, {"--ledger", a.ledger}, {"--write-baseline", a.write_baseline}};
  for (size_t i = 0; i < outputs.size(); ++i) {
    const auto& [option, path] = outputs[i];
    if (path.empty() || !is_file_or_new(path)) continue;
    for (size_t j = 0; j < i; ++j)
      if (!outputs[j].second.empty() && is_same_file(path, outputs[j].second))
        throw core::Error(core::ErrorKind::bad_input,
                          fmt::format("{} and {} name the same file, {}", outputs[j].first, option, path));
    for (const auto& root : a.scan.source.roots)
      if (root != "-" && is_regular_file(root) && is_same_file(path, root))
        throw core::Error(
            core::ErrorKind::bad_input,
            fmt::format("{} would overwrite {}, which is to be scanned; name another file", option, path));
  }
}

// What the scan writes or keeps, or goes by: in the tree that is scanned it would be a find, or change while it is
// read.
std::vector<connect::FileIdentity> own_files(const ScanArguments& a, const Output& output) {
  std::vector<connect::FileIdentity> files;
  struct stat info{};
  const auto add = [&](bool is_there) {
    if (is_there && (S_ISREG(info.st_mode) || S_ISDIR(info.st_mode))) files.push_back({info.st_dev, info.st_ino});
  };
  for (const int descriptor : {output.descriptor(), STDERR_FILENO}) add(::fstat(descriptor, &info) == 0);
  for (const auto* path : {&a.output, &a.ledger, &a.baseline, &a.write_baseline, &a.suppressions, &a.key_file})
    add(!path->empty() && ::stat(path->c_str(), &info) == 0);
  return files;
}

void say_what_is_done(const model::ProgressDelta& done) {
  fmt::print(stderr, "assay: takes up the scan; {} of the {} objects found so far are done\n",
             human_count(done.objects_done), human_count(done.objects_discovered));
}

ExitCode run_scan_command(ScanArguments& a, scan::SourceAccess access, const std::string& version) {
  check(a);
  check_outputs(a);
  catch_interrupts();
  a.scan.kind = kind_of_roots(access.kinds, a.scan.source.roots);
  add_settings(a.scan.source, a.settings);
  if (a.cross_file_systems) a.scan.source.settings["one_file_system"] = "false";
  a.scan.rules = rule_sources(a.rule_paths, a.only_own_rules);
  const auto rules = classify::load_rules(a.scan.rules);
  check_entities(a.scan.entities, rules, "--entities");
  check_entities(a.fail_on, rules, "--fail-on");
  a.scan.fingerprint_key = load_fingerprint_key(a.key_file);

  const std::string key_id = fingerprint_key_id(a.scan.fingerprint_key);
  std::optional<scan::StoredScan> stored;
  if (!a.data_dir.empty())
    stored.emplace(a.scan, access,
                   scan::StoredScan::Options{.directory = a.data_dir, .key_id = key_id, .resume = a.resume});
  if (stored && a.resume && !a.quiet) say_what_is_done(stored->done_before());

  Output output(a.output);
  const ReportOptions report_options{.format = a.format,
                                     .color = output.is_terminal(),
                                     .reveal = a.scan.reveal,
                                     .roots = a.scan.source.roots,
                                     .version = version,
                                     .now_s = core::system_clock().now_ms() / 1000};
  const auto report = make_report(report_options, rules, output);
  scan::FilteringSink filter(
      *report, {.baseline = a.baseline,
                .write_baseline = a.write_baseline,
                .suppressions = a.suppressions,
                .known_names = known_names(rules),
                .ledger = a.ledger,
                .key_id = key_id,
                .roots_of_files = a.scan.kind == "files" ? a.scan.source.roots : std::vector<std::string>(),
                .fail_on = a.fail_on});
  access.own_files = own_files(a, output);
  scan::Progress progress;
  scan::ScanSummary summary;
  {
    const ProgressDisplay display(progress, !a.quiet && ::isatty(STDERR_FILENO) != 0);
    summary = stored ? stored->run(filter, progress, was_interrupted)
                     : scan::run_scan(a.scan, access, filter, progress, was_interrupted);
  }
  filter.finish(summary);
  report->finish(summary);
  output.commit();
  if (stored && !summary.interrupted) stored->finish();
  if (summary.interrupted)
    fmt::print(stderr, "assay: interrupted; the report holds what was found until then{}\n",
               stored ? ", and --resume goes on" : "");
  if (filter.has_failing_finding()) return ExitCode::findings;
  return summary.complete() ? ExitCode::clean : ExitCode::incomplete;
}

}  // namespace

void add_scan_command(CLI::App& app, const scan::SourceAccess& access, ExitCode& result) {
  auto* command = app.add_subcommand("scan", "Find sensitive data in files, directories or standard input");
  const auto arguments = std::make_shared<ScanArguments>();
  add_selection_options(*command, *arguments);
  add_output_options(*command, *arguments);
  add_limit_options(*command, *arguments);
  command->footer(
      "Examples:\n"
      "  assay scan ~/Documents\n"
      "  assay scan --format html -o report.html /srv/share\n"
      "  tail -n 10000 app.log | assay scan --format jsonl -\n"
      "  assay scan --fail-on any --baseline .assay-baseline.json .\n"
      "  assay scan postgresql://reader@db.example.org/crm --setting password=env:CRM_PASSWORD\n\n"
      "Exit codes: 0 clean, 1 findings under --fail-on, 2 usage, 3 something could not be read, 4 failed");
  command->callback(
      [arguments, &access, &app, &result] { result = run_scan_command(*arguments, access, app.version()); });
}

}  // namespace assay::cli
