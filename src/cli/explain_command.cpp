#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <memory>

#include "cli/commands.h"
#include "cli/fingerprint_key.h"
#include "cli/line_place.h"
#include "cli/number_range.h"
#include "cli/rule_selection.h"
#include "core/error.h"
#include "core/printable.h"
#include "scan/explain.h"

namespace assay::cli {
namespace {

struct ExplainArguments {
  std::string place;
  std::vector<std::string> rule_paths;
  double min_confidence = 0.5;
};

std::string where(const scan::LineExplanation::Candidate& candidate) {
  const auto& trace = candidate.trace;
  std::string text = candidate.member.empty() ? "" : core::printable(candidate.member, 1024) + ", ";
  if (!trace.column.empty())
    text += fmt::format("column \"{}\", character {}", core::printable(trace.column, 256), trace.line_column);
  else text += fmt::format("column {}", trace.line_column);
  return text;
}

void print_candidate(const scan::LineExplanation::Candidate& candidate, double min_confidence) {
  const auto& trace = candidate.trace;
  fmt::print("\n{}: {}\n", where(candidate), core::printable(trace.masked, 256));
  fmt::print("  rule        {} ({})\n", core::printable(trace.rule, 256), core::printable(trace.entity, 256));
  fmt::print("  confidence  {:.2f}, {} the {:.2f} asked for\n", trace.confidence,
             static_cast<float>(trace.confidence) < static_cast<float>(min_confidence) ? "below" : "reaches",
             min_confidence);
  fmt::print("  fate        {}\n", core::printable(trace.fate, 256));
  for (size_t i = 0; i < trace.reasons.size(); ++i)
    fmt::print("  {:<11} {}\n", i == 0 ? "steps" : "", core::printable(trace.reasons[i], 512));
}

void print_verdict(const std::string& path, const scan::LineExplanation& explanation) {
  const auto& verdict = explanation.verdict;
  if (model::is_complete(verdict.kind) && verdict.reason.empty()) return;
  fmt::print("{} was {}: {}{}{}\n", core::printable(path, 4096),
             model::is_complete(verdict.kind) ? "left out" : "not read in full", model::to_string(verdict.kind),
             verdict.reason.empty() ? "" : ", ", core::printable(verdict.reason, 512));
}

ExitCode print_missing_line(const LinePlace& place, const scan::LineExplanation& explanation) {
  if (explanation.verdict.kind != model::VerdictKind::ok) {
    print_verdict(place.path, explanation);
    return ExitCode::incomplete;
  }
  const std::string format =
      explanation.format.empty() ? "" : fmt::format(" ({})", core::printable(explanation.format, 64));
  throw core::Error(
      core::ErrorKind::bad_input,
      fmt::format("{}{} has no line {} that a scan looks into: it is shorter, the line only names the columns of a "
                  "table, or its format has no lines or rows",
                  core::printable(place.path, 4096), format, place.line));
}

ExitCode run_explain(const ExplainArguments& a) {
  const LinePlace place =
      parse_line_place(a.place, [](const std::string& path) { return ::access(path.c_str(), F_OK) == 0; });
  scan::ScanOptions options;
  options.rules = rule_sources(a.rule_paths, false);
  classify::load_rules(options.rules);  // what is wrong in a rule is said here, with its file and line
  options.min_confidence = a.min_confidence;
  options.fingerprint_key = load_fingerprint_key("");
  auto explanation = scan::explain_line(options, place.path, place.line);
  if (!explanation.has_line) return print_missing_line(place, explanation);

  auto& candidates = explanation.candidates;
  if (place.column)
    std::erase_if(candidates, [&place](const auto& c) {
      return *place.column < c.trace.line_column ||
             *place.column >= c.trace.line_column + std::max<uint64_t>(1, c.trace.length);
    });
  const auto reported = std::ranges::count_if(candidates, [](const auto& c) { return c.trace.fate == "reported"; });
  fmt::print(
      "{}, {}: ", core::printable(place.path, 4096),
      place.column ? fmt::format("line {}, column {}", place.line, *place.column) : fmt::format("line {}", place.line));
  if (candidates.empty())
    fmt::print(
        "no candidates.\nNo rule's pattern matched anything here, so no validator and no context word was asked. If "
        "something should be found, its rule lacks a "
        "pattern of this shape:\n`assay rules show ENTITY` shows the patterns, and docs/rules.md how to add one.\n");
  else
    fmt::print("{} {}, {} reported.\n", candidates.size(), candidates.size() == 1 ? "candidate" : "candidates",
               reported);
  for (const auto& candidate : candidates) print_candidate(candidate, a.min_confidence);
  if (!model::is_complete(explanation.verdict.kind)) fmt::print("\n");
  print_verdict(place.path, explanation);
  return model::is_complete(explanation.verdict.kind) ? ExitCode::clean : ExitCode::incomplete;
}

}  // namespace

void add_explain_command(CLI::App& app, ExitCode& result) {
  auto* command = app.add_subcommand("explain", "Tell why something in a line is reported, or is not");
  const auto arguments = std::make_shared<ExplainArguments>();
  command->add_option("PLACE", arguments->place, "FILE:LINE, or FILE:LINE:COLUMN for what covers that column")
      ->required();
  command->add_option("--rules", arguments->rule_paths, "Further rules: a directory or file of YAML")
      ->allow_extra_args(false);
  command->add_option("--min-confidence", arguments->min_confidence, "Confidence from which on a scan reports")
      ->check(share())
      ->capture_default_str();
  command->footer(
      "Values are shown masked. Lines of tables are their rows.\n\nExit codes: 0 explained, 2 there is no such line, 3 "
      "the file could not be read in full, 4 failed");
  command->callback([arguments, &result] { result = run_explain(*arguments); });
}

}  // namespace assay::cli
