#pragma once

#include <memory>
#include <string>

#include "cli/report/report.h"
#include "store/store.h"

namespace assay::cli {

/// Writes stored findings in one format, one after the other. Values are not in the store, so none can be written.
class FindingsWriter {
 public:
  virtual ~FindingsWriter() = default;
  /// `source`: the datasource's name.
  virtual void add(const store::StoredFinding& finding, const std::string& source) = 0;
  virtual void finish() {}
};

/// "table", "json", "jsonl" or "csv". A table keeps its rows until finish(): for results that the caller has bounded.
std::unique_ptr<FindingsWriter> make_findings_writer(const std::string& format, Output& output);

}  // namespace assay::cli
