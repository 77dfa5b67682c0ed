#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace assay::cli {

/// Rows of cells under a head, in columns as wide as what they hold. For results that the caller has bounded.
class TextTable {
 public:
  /// A head that begins with '>' aligns its column to the right.
  explicit TextTable(std::vector<std::string> heads);
  /// As many cells as there are heads; made printable.
  void add(std::vector<std::string> cells);
  size_t size() const noexcept { return rows_.size(); }
  std::string text() const;

 private:
  std::vector<std::string> heads_;
  std::vector<bool> is_right_;
  std::vector<std::vector<std::string>> rows_;
};

/// "2026-03-01 09:30:00" in UTC; "-" for 0.
std::string time_text(int64_t ms_since_1970);

}  // namespace assay::cli
