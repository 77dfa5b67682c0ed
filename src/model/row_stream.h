#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// How a table travels as bytes from its source to an examiner. Both are the same release on the same machine, so
/// numbers lie as in memory (little-endian on what Assay supports).
///
///     magic (8 bytes), header, row or round, row or round, ..., end
///
///     header:  u32 number of columns; text name of the table; for each column: text name, text type, text comment
///
///     row:     u8 1, then for each column a cell
///
///     cell:    u8 CellKind; unless null: u32 bytes, bytes
///
///     round:   u8 3, u8 1 rows are chosen at random, 0 they come in the server's order, f64 certainty, u64 rows of the
///              whole table, 0 unknown: the rows so far are a sample, and enough when all that is asked of the table is
///              known with that certainty (percent)
///
///     end:     u8 0; or u8 2, text: the limit that ended it; or u8 4, text: what of its values was left unread, though
///              all rows are there. A stream without an end was cut
///
///     text:    u32 bytes, UTF-8
namespace assay::model {

inline constexpr std::string_view row_stream_magic{"\xA5rows\0\1\n", 8};
static_assert(std::endian::native == std::endian::little);

/// What a cell's bytes are.
enum class CellKind : uint8_t {
  null = 0,
  text = 1,    ///< UTF-8; numbers, dates and all else as the database prints it
  binary = 2,  ///< any bytes: examined as a document
  json = 3,    ///< UTF-8, of a column whose type says so: its values become columns (extract/nested)
  xml = 4,     ///< the same
};

inline constexpr size_t max_row_stream_columns = 16'384;
inline constexpr size_t max_cell_bytes = size_t{16} << 20;  ///< longer values are cut there
inline constexpr uint8_t cut_cell = 0x80;                   ///< added to the kind of such a cell

inline constexpr char row_mark = '\1';  ///< begins a row

/// A column of a row stream.
struct StreamColumn {
  std::string name, native_type, comment;
};

/// Appends the pieces of a row stream to a byte string.
class RowStreamWriter {
 public:
  explicit RowStreamWriter(std::string& out) : out_(out) {}

  void header(std::string_view table, std::span<const StreamColumn> columns) {
    out_ += row_stream_magic;
    u32(static_cast<uint32_t>(columns.size()));
    text(table);
    for (const StreamColumn& column : columns) {
      text(column.name);
      text(column.native_type);
      text(column.comment);
    }
  }
  void begin_row() { out_ += row_mark; }
  void null() { out_ += '\0'; }
  /// What is beyond `most_bytes`, at most max_cell_bytes, is left out, and the cell says so.
  void cell(CellKind kind, std::string_view bytes, size_t most_bytes = max_cell_bytes) {
    const bool is_cut = bytes.size() > most_bytes;
    out_ += static_cast<char>(static_cast<uint8_t>(kind) | (is_cut ? cut_cell : 0));
    text(bytes.substr(0, most_bytes));
  }
  /// The sample so far may be enough, with `certainty` in percent; `of_rows` there are in all, 0 unknown.
  void end_round(bool is_random, double certainty, uint64_t of_rows) {
    out_ += '\3';
    out_ += is_random ? '\1' : '\0';
    out_.append(reinterpret_cast<const char*>(&certainty), sizeof certainty);
    out_.append(reinterpret_cast<const char*>(&of_rows), sizeof of_rows);
  }
  void end() { out_ += '\0'; }
  /// All rows were given, but not all that is in them.
  void end_without(std::string_view what) {
    out_ += '\4';
    text(what);
  }
  /// There are more rows, which a limit of the settings leaves unread.
  void end_by_limit(std::string_view which) {
    out_ += '\2';
    text(which);
  }

 private:
  void u32(uint32_t v) { out_.append(reinterpret_cast<const char*>(&v), sizeof v); }
  void text(std::string_view bytes) {
    u32(static_cast<uint32_t>(bytes.size()));
    out_ += bytes;
  }

  std::string& out_;
};

}  // namespace assay::model
