#include "tests/support/scanning.h"

#include "scan/run_scan.h"
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>

namespace assay::tests {

std::string to_text(const model::Verdict& verdict) {
  std::string text(model::to_string(verdict.kind));
  if (!verdict.reason.empty()) text += " " + verdict.reason;
  return text;
}

std::vector<model::Finding> ScanResult::in(std::string_view name) const {
  std::vector<model::Finding> some;
  for (const auto& finding : findings)
    if (finding.object.ends_with(name)) some.push_back(finding);
  return some;
}

model::Finding ScanResult::only(std::string_view name, std::string_view entity) const {
  std::vector<model::Finding> some;
  for (const auto& finding : in(name))
    if (finding.entity == entity) some.push_back(finding);
  EXPECT_EQ(some.size(), 1U) << "findings of " << entity << " in " << name;
  return some.empty() ? model::Finding{} : some.front();
}

model::ObjectRecord ScanResult::record(std::string_view name, std::string_view member) const {
  std::vector<model::ObjectRecord> some;
  for (const auto& candidate : records)
    if (candidate.object.ends_with(name) && candidate.member == member) some.push_back(candidate);
  EXPECT_EQ(some.size(), 1U) << "records of " << name << "!/" << member;
  return some.empty() ? model::ObjectRecord{} : some.front();
}

std::string ScanResult::verdict(std::string_view name, std::string_view member) const {
  return to_text(record(name, member).verdict);
}

std::string ScanResult::histogram() const {
  std::vector<std::string> pieces;
  for (size_t i = 0; i < summary.verdicts.size(); ++i)
    pieces.push_back(fmt::format("{} {}", model::to_string(static_cast<model::VerdictKind>(i)), summary.verdicts[i]));
  return fmt::format("{}", fmt::join(pieces, ", "));
}

namespace {

// A build under the thread sanitizer makes none of its own: an examiner has one thread.
std::string examiner() {
  const char* other = std::getenv("ASSAY_EXAMINER");
  return other != nullptr && *other != '\0' ? other : ASSAY_BUILD_DIR "/assay-examiner";
}

}  // namespace

scan::ScanOptions scan_options(std::vector<std::string> paths) {
  scan::ScanOptions options;
  options.source.roots = std::move(paths);
  options.rules = classify::builtin_rule_sources();
  options.threads = 2;
  options.fingerprint_key = std::string(32, 'k');
  options.helper_path = examiner();
  return options;
}

ScanResult run(const scan::ScanOptions& options, const std::function<bool()>& stop) {
  ScanResult result;
  CollectingSink sink(result);
  scan::Progress progress;
  const auto begin = std::chrono::steady_clock::now();
  result.summary = scan::run_scan(options, scan::files_access(), sink, progress, stop);
  result.elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
  return result;
}

std::vector<classify::RuleSource> literal_rules(const std::map<std::string, std::string>& entity_of_text) {
  std::string yaml = "rules:\n";
  for (const auto& [text, entity] : entity_of_text) {
    std::string name = entity;
    for (char& c : name) c = c == '_' ? '-' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    yaml += fmt::format(
        "  - name: {}\n    entity: {}\n    title: A known text\n    category: secret\n    sensitivity: low\n"
        "    deny_list: ['{}']\n",
        name, entity, text);
  }
  return {{"known-texts.yaml", yaml}};
}

std::optional<std::filesystem::path> corpora() {
  const char* place = std::getenv("ASSAY_CORPORA");
  const std::filesystem::path path = place != nullptr ? place : ASSAY_SOURCE_DIR "/../shared/corpora";
  if (!std::filesystem::is_directory(path)) return std::nullopt;
  return path;
}

}  // namespace assay::tests
