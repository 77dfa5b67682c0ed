#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "extract/extractor.h"

namespace assay::extract {

/// The column of documents for what has no column of its own (connect/documents): its names are whole paths.
inline constexpr std::string_view rest_column = "…";

/// Takes what lies inside one cell after another, value by value, and finds columns for the paths that lead there:
///
/// - a name below another: "payload.customer.email"; attributes of XML "payload.customer.@id"
/// - elements of an array: "payload.phones[]", "payload.orders[].number"
/// - names that are values themselves, as a number or an address is: "payload.users{}" are the names, and what stands
///   under them is "payload.users.*". No such name may become a column's, which reports show.
///
/// A cell is taken as a whole or not at all: one that is nested too deep, has a path that is too long or would need
/// more columns than the table may have is refused.
class CellLeaves {
 public:
  static constexpr size_t max_depth = 32;
  static constexpr size_t max_path_bytes = 1024;
  static constexpr size_t max_paths_bytes = size_t{4} << 20;  ///< of a table, together

  void begin_table(const TableInfo& table);
  void begin_cell(uint32_t column);

  void open_object() { open(false); }
  void open_array() { open(true); }
  void close();
  /// Of what comes next in the object that is open.
  void name(std::string_view name);
  /// What comes next is of the object itself that is open, under no name.
  void no_name();
  void value(std::string_view text);

  bool is_refused() const { return is_refused_; }
  /// Refused cells of the table that would have needed too many columns.
  uint64_t refused_for_room() const { return refused_for_room_; }
  bool is_empty() const { return leaves_.empty(); }
  /// The cell's text, when it is a single one that no path leads to; else nullptr.
  const std::string* lone_text() const;

  /// Gives the cell's values, and the columns that are new with them.
  void give(uint64_t row_number, Sink& sink);
  /// What came since begin_cell() is not to be.
  void drop();

 private:
  struct Frame {
    size_t path_bytes = 0;
    bool has_elements = false;
  };
  struct Leaf {
    uint32_t column = 0;
    size_t begin = 0, size = 0;
  };

  void open(bool is_array);
  void add_to_path(std::string_view dot, std::string_view name);
  std::string_view name_of(uint32_t column) const;
  uint32_t column_of_path();

  std::vector<std::string> names_;                          // of the table's own columns
  std::map<std::string, uint32_t, std::less<>> column_of_;  // not hashed: who writes the paths could choose them
  std::vector<InnerColumn> added_;                          // by the cell in work
  uint32_t given_ = 0;                                      // inner columns of the table before it
  size_t paths_bytes_ = 0, added_bytes_ = 0, own_columns_ = 0;
  uint64_t refused_for_room_ = 0;

  uint32_t cell_column_ = 0;
  std::string path_;  // of what comes next
  size_t base_bytes_ = 0;
  bool has_elements_ = false, is_refused_ = false;
  std::vector<Frame> frames_;
  std::string text_;  // of the leaves, one behind the other
  std::vector<Leaf> leaves_;
  std::vector<InnerValue> values_;
};

}  // namespace assay::extract
