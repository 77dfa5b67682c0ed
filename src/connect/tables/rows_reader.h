#pragma once

#include <span>
#include <string>
#include <string_view>

#include "connect/connector.h"
#include "model/row_stream.h"

namespace assay::connect {

/// A table's rows as bytes (model/row_stream.h). What knows the database says rows; this says bytes.
class RowsReader : public ObjectReader {
 public:
  size_t read(std::span<char> out) final;

 protected:
  /// Appends whole rows, about so many bytes; false at the end of the table.
  static constexpr size_t batch_bytes = size_t{256} << 10;
  virtual bool append_rows(std::string& out) = 0;
  /// At the end: which limit ended it before the table did; "" none.
  virtual std::string cut_by() const { return {}; }
  /// At the end of all rows: what of their values could not be read, in words; "" all could.
  virtual std::string left_unread() const { return {}; }

  RowsReader(std::string_view table, std::span<const model::StreamColumn> columns) {
    model::RowStreamWriter(waiting_).header(table, columns);
  }

 private:
  std::string waiting_;
  size_t given_ = 0;
  bool is_at_end_ = false;
};

}  // namespace assay::connect
