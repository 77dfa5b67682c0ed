#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "cli/report/report.h"
#include "cli/report/totals.h"

namespace assay::cli::html {

/// One row of the page's table of findings.
struct Row {
  model::Sensitivity sensitivity = model::Sensitivity::low;
  double confidence = 0;
  uint64_t order = 0;  ///< in which it came
  std::string object, where, entity, rule, shown, reasons;
};

/// Everything the page tells. Bounded: of the findings it keeps the most sensitive and most certain.
class Facts {
 public:
  static constexpr size_t max_rows = 20'000;
  static constexpr size_t max_objects_counted = 1'000'000;

  struct Regulation {
    uint64_t findings = 0;
    std::set<std::string> entities;
  };

  Facts(const ReportOptions& options, const std::vector<model::Rule>& rules);

  void add(const model::Finding& finding);
  void add(const model::ColumnFinding& column) { totals_.add(column); }
  void add(const model::ObjectRecord& record) { totals_.add(record); }

  const ReportOptions& options() const { return options_; }
  const Totals& totals() const { return totals_; }
  uint64_t findings() const { return findings_; }
  /// By model::Sensitivity.
  const std::array<uint64_t, 4>& by_sensitivity() const { return by_sensitivity_; }
  uint64_t objects_with_findings() const { return objects_.size(); }
  /// Laws and standards that the rules name, the one with most findings first.
  std::vector<std::pair<std::string, Regulation>> regulations() const;
  /// What an entity is called for a person; its name when no rule says more.
  std::string title_of(const std::string& entity) const;
  /// The rows kept, most sensitive and most certain first. Ends the collecting.
  std::vector<Row> take_rows();

 private:
  ReportOptions options_;
  Totals totals_;
  std::unordered_map<std::string, std::vector<std::string>> regulations_of_rule_;
  std::unordered_map<std::string, std::string> title_of_entity_;
  std::map<std::string, Regulation> regulations_;
  std::array<uint64_t, 4> by_sensitivity_{};
  uint64_t findings_ = 0;
  std::unordered_set<size_t> objects_;  ///< hashes of their paths
  std::vector<Row> rows_;               ///< a heap with the least important row on top
};

}  // namespace assay::cli::html
