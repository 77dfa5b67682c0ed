#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "scan/baseline.h"
#include "scan/scan.h"
#include "scan/suppressions.h"

namespace assay::scan {

struct FilterOptions {
  std::string baseline{};        ///< path; "": none. What it has is counted, not passed on.
  std::string write_baseline{};  ///< path; "": none. Gets every finding, known ones included.
  std::string suppressions{};    ///< path; "": none
  KnownNames known_names{};      ///< that suppressions may speak of
  std::string ledger{};          ///< path; "": none. Gets every record as a JSON line.
  std::string key_id{};
  /// The roots as the user spelled them, when objects are files: in those files they are called by other names, too.
  std::vector<std::string> roots_of_files{};
  std::vector<std::string> fail_on{};  ///< entities; "any"
};

/// Stands before a report: leaves out what is known or suppressed, keeps the ledger, and remembers whether something
/// was found that the user wants to fail on.
class FilteringSink final : public ScanSink {
 public:
  /// Reads the baseline and the suppressions; throws core::Error when they cannot be.
  FilteringSink(ScanSink& inner, FilterOptions options);
  ~FilteringSink() override;

  void on_finding(const model::Finding& finding) override;
  void on_column(const model::ColumnFinding& column) override;
  void on_profile(const model::TableProfile& profile) override { inner_.on_profile(profile); }
  void on_object(const model::ObjectRecord& record) override;

  /// Corrects the summary's counts, writes the baseline, closes the ledger.
  void finish(ScanSummary& summary);
  bool has_failing_finding() const { return has_failing_finding_; }

 private:
  ScanSink& inner_;
  FilterOptions options_;
  Baseline known_, seen_;
  Suppressions suppressions_;
  std::set<std::string> fail_on_;
  std::FILE* ledger_ = nullptr;
  uint64_t known_count_ = 0, suppressed_count_ = 0;
  bool has_failing_finding_ = false;
};

}  // namespace assay::scan
