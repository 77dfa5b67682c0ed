#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "scan/scan.h"

namespace assay::tests {

/// All that a scan said.
struct ScanResult {
  std::vector<model::Finding> findings;  ///< of each object at most CollectingSink::most_findings_of_an_object
  std::vector<model::ColumnFinding> columns;
  std::vector<model::ObjectRecord> records;
  scan::ScanSummary summary;
  std::chrono::milliseconds elapsed{};

  /// Findings in the objects whose path ends with `name`.
  std::vector<model::Finding> in(std::string_view name) const;
  /// The only finding of this entity in that object; fails the test when there is none or several.
  model::Finding only(std::string_view name, std::string_view entity) const;
  /// The record of an object, or of a member in it; fails the test when there is not exactly one.
  model::ObjectRecord record(std::string_view name, std::string_view member = {}) const;
  /// "OK", "LIMIT max_depth": the verdict with its reason, as tests compare it.
  std::string verdict(std::string_view name, std::string_view member = {}) const;
  /// How often each verdict was given, as "CRASH 0, OK 12, ...": for a person.
  std::string histogram() const;
  uint64_t count(model::VerdictKind kind) const { return summary.verdicts[static_cast<size_t>(kind)]; }
};

/// "OK", "LIMIT max_depth".
std::string to_text(const model::Verdict& verdict);

/// Keeps what a scan says; of each object's findings only the first, since there may be millions.
class CollectingSink final : public scan::ScanSink {
 public:
  static constexpr size_t most_findings_of_an_object = 5000;

  explicit CollectingSink(ScanResult& result) : result_(result) {}
  void on_finding(const model::Finding& finding) override {
    if (++kept_[finding.object] <= most_findings_of_an_object) result_.findings.push_back(finding);
  }
  void on_column(const model::ColumnFinding& column) override { result_.columns.push_back(column); }
  void on_object(const model::ObjectRecord& record) override { result_.records.push_back(record); }

 private:
  ScanResult& result_;
  std::map<std::string, size_t> kept_;
};

/// Options of a scan of these paths with the built-in rules, two workers and a fixed key.
scan::ScanOptions scan_options(std::vector<std::string> paths);

/// Runs the scan in this process (its examiners are processes of their own, as always).
ScanResult run(const scan::ScanOptions& options, const std::function<bool()>& stop = [] { return false; });

inline ScanResult scan_path(const std::string& path) { return run(scan_options({path})); }

/// Rules that find these literal texts, each by the entity it maps to: to see that text was read at all.
std::vector<classify::RuleSource> literal_rules(const std::map<std::string, std::string>& entity_of_text);

/// Where the real sample files are; nullopt when they are absent.
std::optional<std::filesystem::path> corpora();

}  // namespace assay::tests
