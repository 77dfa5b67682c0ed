#pragma once

#include <memory>
#include <string>

#include "cli/report/report.h"
#include "store/store.h"

namespace assay::cli {

/// Writes what columns of tables hold as a whole, in one format, one after the other.
class ColumnsWriter {
 public:
  virtual ~ColumnsWriter() = default;
  /// `source`: the datasource's name.
  virtual void add(const store::StoredColumn& column, const std::string& source) = 0;
  virtual void finish() {}
};

/// "table", "json", "jsonl" or "csv". A table keeps its rows until finish(): for results that the caller has bounded.
std::unique_ptr<ColumnsWriter> make_columns_writer(const std::string& format, Output& output);

}  // namespace assay::cli
