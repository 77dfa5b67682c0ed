#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "classify/rule_loader.h"
#include "connect/connector_kind.h"
#include "model/finding.h"
#include "model/limits.h"
#include "model/table_profile.h"

namespace assay::scan {

/// What is to be scanned, and how.
struct ScanOptions {
  std::string kind = "files";               ///< of the source (connect::ConnectorKinds)
  connect::SourceAddress source;            ///< what to read; of files, "-" is standard input
  std::vector<classify::RuleSource> rules;  ///< all that is looked for, built-in ones included
  std::vector<std::string> entities;        ///< only these are reported; empty: all
  double min_confidence = 0.5;
  model::Limits limits;
  unsigned threads = 0;  ///< workers; 0: one a processor
  bool ocr = false;
  bool binaries = false;
  bool reveal = false;          ///< findings carry their values
  bool strict_sandbox = false;  ///< refuse to run where the kernel lacks a layer
  std::string fingerprint_key;  ///< 32 bytes
  std::string helper_path;      ///< the examiner; empty: beside this program, or in ../libexec/assay
  std::vector<std::string> ocr_languages = {"eng"};
  model::ProfileScope profile = model::ProfileScope::none;
};

/// Counters of a running scan; read by a progress display from another thread.
struct Progress {
  std::atomic<uint64_t> objects_found{0}, bytes_found{0};
  std::atomic<uint64_t> objects_done{0}, bytes_done{0};
  std::atomic<uint64_t> bytes_done_before{0};  ///< of bytes_done: by the scan that this one takes up
  std::atomic<uint64_t> findings{0};
  std::atomic<bool> walk_done{false};  ///< objects_found and bytes_found are final
};

/// Takes results as they come; calls are serialised. Objects come in any order; findings of one object come in order
/// of their place and before its record.
class ScanSink {
 public:
  virtual ~ScanSink() = default;
  virtual void on_finding(const model::Finding& finding) = 0;
  virtual void on_column(const model::ColumnFinding& column) = 0;
  virtual void on_profile(const model::TableProfile&) {}  ///< only when profiles were asked for
  virtual void on_object(const model::ObjectRecord& record) = 0;
};

/// Totals of the coverage ledger and of the findings.
struct ScanSummary {
  uint64_t objects = 0;   ///< files and streams, whatever their verdict
  uint64_t members = 0;   ///< inside of them
  uint64_t bytes = 0;     ///< of the objects
  uint64_t findings = 0;  ///< reported
  uint64_t suppressed = 0;
  uint64_t known = 0;                                          ///< left out because the baseline has them
  std::array<uint64_t, model::verdict_kind_count> verdicts{};  ///< objects and members by verdict
  uint64_t elapsed_ms = 0;
  bool interrupted = false;
  bool complete() const;  ///< every verdict is complete and nothing interrupted
};

}  // namespace assay::scan
