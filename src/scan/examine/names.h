#pragma once

#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "classify/classifier.h"
#include "classify/table_scanner.h"
#include "extract/extractor.h"

/// Names that somebody gave to tables, sheets and columns, and that hold what rules look for: they stand in places of
/// findings, so they are masked there as findings are.
namespace assay::scan {

/// What was found in one of several names.
struct NameMatch {
  uint32_t name = 0;  ///< which, 0-based
  classify::Match match;
  size_t begin = 0, code_point = 0;  ///< in the name, in bytes and in code points
  std::string value;
};

/// Looks at each name by itself: none gives context to another. In order of names; at most max_names are looked at.
inline constexpr size_t max_names = classify::TableScanner::max_columns;
std::vector<NameMatch> matches_in_names(const classify::Classifier& classifier, classify::Scratch& scratch,
                                        float min_confidence, std::span<const std::string_view> names);

/// Names as they were and as they are shown, of one table.
class HiddenNames {
 public:
  /// `table` with its names as they are shown: each of their matches, all in order, is masked.
  void hide(extract::TableInfo& table, const classify::CompiledRules& rules, std::span<const NameMatch> matches);
  /// `text` that may be made of such names without them: a name of a value too large for a cell, a path inside cells, a
  /// reason. When more than max_hidden are hidden, nothing of it is shown.
  std::string hide(std::string_view text) const;

  static constexpr size_t max_hidden = 256;

 private:
  void hide(std::string& name, const classify::CompiledRules& rules, std::span<const NameMatch> matches);

  struct Hidden {
    std::string name, shown;
  };
  std::vector<Hidden> hidden_;  // the longest first: one may be a part of another
  bool too_many_ = false;
};

/// The names of the table in work, or of the last one, of one object or member.
struct KnownNames {
  std::string table;
  std::vector<std::string> columns;
  std::vector<NameMatch> matches;  ///< in the table's name, which is the first, and in those of columns
  HiddenNames hidden;
  std::set<size_t> reported;  ///< hashes of those that were reported with what is in them; at most max_reported

  static constexpr size_t max_reported = 10'000;
  /// They are to be reported now, and not again when the table goes on.
  bool takes();
};

/// `name` with its matches masked.
std::string masked_name(const classify::CompiledRules& rules, std::string_view name,
                        std::span<const NameMatch> matches);

}  // namespace assay::scan
