#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "extract/extractor.h"
#include "extract/nested/cell_leaves.h"

namespace assay::extract {

/// Stands before another sink and takes apart cells that hold more than one value: JSON objects and arrays wherever
/// they are, XML in columns of that type or behind its declaration, and arrays of PostgreSQL. What is inside becomes
/// columns of the table, and a cell that cannot be taken apart stays the text that it is. All else passes through.
class UnfoldingSink final : public Sink {
 public:
  explicit UnfoldingSink(Sink& sink) : sink_(sink) {}

  void begin_text(const Part& part) override { sink_.begin_text(part); }
  void left_out(std::span<const LeftOut> places) override { sink_.left_out(places); }
  void text(std::string_view utf8) override { sink_.text(utf8); }
  void end_text() override { sink_.end_text(); }
  void begin_table(const TableInfo& table) override;
  void lines_below(uint64_t lines) override { sink_.lines_below(lines); }
  void row(uint64_t row_number, std::span<const std::string_view> cells) override;
  void add_column(const InnerColumn& column) override { sink_.add_column(column); }
  void inner_values(uint64_t row_number, std::span<const InnerValue> values) override {
    sink_.inner_values(row_number, values);
  }
  void end_table() override;
  bool is_enough(const SampleRound& round) override { return sink_.is_enough(round); }
  void member(std::string_view name, Input& content) override { sink_.member(name, content); }
  void unread_member(std::string_view name, model::Verdict verdict) override {
    sink_.unread_member(name, std::move(verdict));
  }
  void partial(std::string_view reason) override { sink_.partial(reason); }
  void may_lack_log() override { sink_.may_lack_log(); }
  void tick() override { sink_.tick(); }

 private:
  /// What a column's declared type says of its cells.
  enum class Nesting : uint8_t { any, json, xml, array, json_array };
  static Nesting nesting_of(std::string_view type);

  bool take(std::string_view cell, Nesting nesting);
  void unfold(uint64_t row_number, uint32_t column);

  Sink& sink_;
  uint64_t header_row_ = 0;
  std::vector<Nesting> nestings_;  // by column
  CellLeaves leaves_;
  std::vector<std::string_view> cells_;  // of the row in work, once one was taken apart
  std::deque<std::string> texts_;        // of cells that were a lone string
};

}  // namespace assay::extract
