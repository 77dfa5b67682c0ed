#pragma once

#include <string>
#include <vector>

#include "extract/extractor.h"
#include "model/cell.h"

namespace assay::extract {

/// A Sink for tests: keeps all that it is given. Members are recorded by name with their bytes and not examined.
class SinkRecorder final : public Sink {
 public:
  struct Text {
    Part part;
    std::string text;
  };
  struct Table {
    TableInfo info;
    std::vector<std::pair<uint64_t, std::vector<std::string>>> rows;
    std::vector<InnerColumn> inner_columns = {};
    std::vector<uint64_t> lines = {};            ///< in which the rows begin, where rows are lines
    std::vector<std::string> inner_values = {};  ///< "ROW COLUMN=TEXT"
  };
  struct Member {
    std::string name;
    std::string content;
    model::Verdict verdict;
  };

  void begin_text(const Part& part) override { texts.push_back({part, {}}); }
  void text(std::string_view utf8) override { texts.back().text += utf8; }
  void end_text() override {}
  void begin_table(const TableInfo& table) override {
    tables.push_back({table, {}});
    lines_below_rows = 0;
  }
  void lines_below(uint64_t lines) override { lines_below_rows = lines; }
  void row(uint64_t row_number, std::span<const std::string_view> cells) override {
    tables.back().lines.push_back(row_number + lines_below_rows);
    tables.back().rows.emplace_back(row_number, std::vector<std::string>(cells.begin(), cells.end()));
    for (const auto cell : cells) {
      null_cells += model::is_null(cell) ? 1 : 0;
      cells_elsewhere += model::is_elsewhere(cell) ? 1 : 0;
    }
  }
  void add_column(const InnerColumn& column) override { tables.back().inner_columns.push_back(column); }
  void inner_values(uint64_t row_number, std::span<const InnerValue> values) override {
    Table& table = tables.back();
    for (const auto& [column, text] : values) {
      const std::string& name = column < model::first_inner_column
                                    ? table.info.columns.at(column)
                                    : table.inner_columns.at(column - model::first_inner_column).name;
      table.inner_values.push_back(std::to_string(row_number) + " " + name + "=" + std::string(text));
    }
  }
  void end_table() override {}
  bool is_enough(const SampleRound& round) override {
    rounds.push_back(round);
    return rounds.size() == enough_rounds;
  }
  void member(std::string_view name, Input& content) override {
    members.push_back({std::string(name), content.read_all(size_t{64} << 20).value_or(""), {}});
  }
  void unread_member(std::string_view name, model::Verdict verdict) override {
    members.push_back({std::string(name), {}, std::move(verdict)});
  }
  void partial(std::string_view reason) override { partials.emplace_back(reason); }
  void may_lack_log() override { lacks_log = true; }
  void tick() override { ++ticks; }

  /// All text, cells and member names in one string, for "is this somewhere in there" checks.
  std::string everything() const {
    std::string all;
    for (const auto& text : texts) all += text.text + "\n";
    for (const auto& table : tables)
      for (const auto& [number, cells] : table.rows) {
        for (const auto& cell : cells) all += cell + "\t";
        all += "\n";
      }
    return all;
  }

  size_t enough_rounds = 0;  ///< how many are enough; 0: no number is
  std::vector<SampleRound> rounds;
  std::vector<Text> texts;
  std::vector<Table> tables;
  std::vector<Member> members;
  std::vector<std::string> partials;
  bool lacks_log = false;
  uint64_t lines_below_rows = 0;
  size_t ticks = 0, null_cells = 0, cells_elsewhere = 0;
};

}  // namespace assay::extract
