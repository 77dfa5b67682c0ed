#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace assay::extract {

/// A table that a script fills.
struct SqlTable {
  std::string name;  ///< as the script writes it, without quotes: "public.customers"
  std::vector<std::string> columns;
  std::vector<std::string> types;  ///< parallel to columns, or empty

  bool operator==(const SqlTable&) const = default;
};

/// Takes what is found in a script. Views are valid during the call.
class SqlHandler {
 public:
  virtual ~SqlHandler() = default;
  /// What is no value: keywords, names, comments, other statements. With on_values, all of the script in order.
  virtual void on_text(std::string_view) {}
  /// The text of values and of what parts them. They come as rows, too.
  virtual void on_values(std::string_view) {}
  /// The table of the rows that follow.
  virtual void on_table(const SqlTable&) {}
  /// `line` is where the row begins, 1-based. Null is an empty cell. A row of very many cells or bytes comes in several
  /// calls with the same line; cells that were given before are empty then.
  virtual void on_row(uint64_t, std::span<const std::string_view>) {}
  /// A value longer than 1 MiB comes in pieces, and as an empty cell.
  virtual void on_long_value_begin(uint64_t, size_t) {}
  virtual void on_long_value_text(std::string_view) {}
  virtual void on_long_value_end() {}
};

/// Puts a row together, piece by piece. A value that holds one string is the string, whatever is around it (a prefix, a
/// cast); any other is what is written; NULL is empty.
class SqlRow {
 public:
  explicit SqlRow(SqlHandler& handler) : handler_(handler) {}

  void begin(uint64_t line);
  bool is_empty() const { return cells_.empty() && written_.empty(); }  ///< nothing came since begin()
  void written(std::string_view text);                                  ///< of the value, outside of strings
  void space();
  void begin_string();
  void string(std::string_view text);
  void end_string();
  void end_value();
  /// Gives the row.
  void end();

 private:
  void bound_value();
  void give();

  SqlHandler& handler_;
  uint64_t line_ = 0;
  std::string values_;                            // one behind the other
  std::vector<std::pair<size_t, size_t>> cells_;  // begin and end in values_
  std::vector<std::string_view> views_;
  std::string written_, string_;  // the value in work
  size_t strings_ = 0;
  bool is_long_ = false;
};

}  // namespace assay::extract
