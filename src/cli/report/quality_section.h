#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "model/table_profile.h"

namespace assay::cli {

/// What the table report says of the quality of tables: the worst first, each with its score and the columns that
/// something is said of. Keeps little of each, and only of the worst.
class QualitySection {
 public:
  /// `now_s`, since 1970: what freshness is told from.
  explicit QualitySection(int64_t now_s) : now_s_(now_s) {}

  void add(const model::TableProfile& profile);
  /// Lines without a title; none when nothing was added.
  std::vector<std::string> lines() const;

 private:
  struct Table {
    double score = 0;
    std::string line;
    std::vector<std::string> columns;
  };

  int64_t now_s_;
  uint64_t tables_ = 0;
  std::vector<Table> worst_;  // by score
};

}  // namespace assay::cli
