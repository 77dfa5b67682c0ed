#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace assay::sql {

/// One row, valid during the call that shows it. Columns count from 0. Numbers are converted as the database would;
/// asking for a type that the text does not hold, or for a null's value, throws sql::Error(bug).
class RowView {
 public:
  virtual ~RowView() = default;
  virtual size_t columns() const noexcept = 0;
  virtual bool is_null(size_t column) const = 0;
  virtual int64_t integer(size_t column) const = 0;
  virtual double real(size_t column) const = 0;
  virtual bool boolean(size_t column) const = 0;
  virtual std::string_view text(size_t column) const = 0;  ///< text or bytes
};

/// All rows of a result: cells in one buffer. Conversions as in RowView; a cell that is not there is a sql::Error(bug).
class Rows {
 public:
  size_t size() const noexcept;
  bool empty() const noexcept { return size() == 0; }
  size_t columns() const noexcept;
  bool is_null(size_t row, size_t column) const;
  int64_t integer(size_t row, size_t column) const;
  double real(size_t row, size_t column) const;
  bool boolean(size_t row, size_t column) const;
  std::string_view text(size_t row, size_t column) const;
  std::optional<int64_t> optional_integer(size_t row, size_t column) const;
  std::optional<std::string> optional_text(size_t row, size_t column) const;

  // What drivers fill in.
  explicit Rows(size_t columns = 0) : columns_(columns) {}
  void push_null();
  void push(std::string_view cell);

 private:
  struct Cell {
    size_t begin = 0, size = 0;
    bool is_null = false;
  };
  const Cell& cell(size_t row, size_t column) const;

  size_t columns_ = 0;
  std::string bytes_;
  std::vector<Cell> cells_;
};

}  // namespace assay::sql
