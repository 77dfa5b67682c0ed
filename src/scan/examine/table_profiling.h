#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "classify/table_scanner.h"
#include "core/codec.h"
#include "extract/extractor.h"
#include "model/rule.h"
#include "model/table_profile.h"
#include "profile/table_profiler.h"
#include "scan/examine/safe_profile.h"

namespace assay::scan {

/// The profiles of an object's tables, beside their classification. A table that is interrupted (by a cell that is too
/// long for a row) and goes on has one. One that goes on behind another, as in a large script, has several: the first
/// is sent before anybody can know, and the others say that they are samples.
class TableProfiling {
 public:
  using Send = std::function<void(model::TableProfile&&)>;
  /// `looks_for_all`: findings of less confidence than usual are looked for too, so that a column without any is safe.
  TableProfiling(int64_t now_s, bool looks_for_all, Send send)
      : now_s_(now_s), looks_for_all_(looks_for_all), send_(std::move(send)) {}

  /// Sends what is left of another table.
  void begin(const std::string& member, const extract::TableInfo& table);
  void row(uint64_t number, std::span<const std::string_view> cells);
  void add_column(const extract::InnerColumn& column);
  void inner_value(uint32_t column, std::string_view value);
  void on_cell_match(uint32_t column, const model::Rule& rule);
  void on_column(const classify::ColumnVerdict& verdict, const model::Rule& rule, bool is_reported);
  /// Not all of the table at hand was read.
  void cut() { is_cut_ = true; }
  /// Classification was broken off: from now on, a column without any finding is not known to be harmless.
  void doubt() { looks_for_all_ = false; }
  /// The table at hand is a part of one: what is known of it, to go on where the parts come together. Raw values are in
  /// it. The table has no profile here.
  void save(core::WireWriter& out);
  /// Adds what was saved of a part of the table at hand, of which no row is given here. Throws core::Error(permanent)
  /// for what nobody saved.
  void absorb(core::WireReader& saved);
  /// The member has ended, or another begins. Sends the profile of its last table, if there is one.
  void end();

 private:
  struct Inner {
    std::string name;
    bool has_elements = false;
    ColumnKnowledge knowledge;
  };

  ColumnKnowledge& knowledge(uint32_t column);
  uint32_t place_of_inner(const std::string& name, bool has_elements);
  void forget_table();
  void add(profile::ColumnStatistics&& statistics, ColumnKnowledge& known, model::TableProfile& out) const;

  const int64_t now_s_;
  bool looks_for_all_;
  const Send send_;
  std::optional<profile::TableProfiler> profiler_;  // of the table at hand
  extract::TableInfo table_;
  std::string member_;
  std::unordered_set<uint64_t> profiled_;  // hashes of the names of the member's tables so far
  bool is_cut_ = false;
  size_t profiled_columns_ = 0;  // of the object
  std::vector<ColumnKnowledge> knowledge_;
  std::vector<Inner> inner_;           // columns of values inside cells
  std::vector<uint32_t> inner_place_;  // in inner_, by column since the table last went on
  std::map<std::string, uint32_t> inner_by_name_;
};

}  // namespace assay::scan
